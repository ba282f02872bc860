import { concat, memory, reshape, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { gradientCheck } from './gradient-check.js';
import { checkTrains } from './check-trains.js';
import { outputsOf } from './outputs-of.js';

type Shape = readonly (number | null)[];

/** A layer as this check sees it: shapes in, weights' descriptions out, and a call. `Context` is whatever the layer is called with. */
export interface CheckedLayer<Context> {
  build(
    inputShapes: readonly Shape[],
    path: string,
  ): {
    readonly outputShape: Shape;
    readonly outputShapes?: readonly Shape[];
    readonly weights: readonly {
      readonly name: string;
      readonly shape: readonly number[];
      readonly trainable?: boolean;
    }[];
  };
  call(
    weights: Readonly<Record<string, Tensor>>,
    inputs: readonly Tensor[],
    context: Context,
  ): Tensor | readonly Tensor[];
  toConfig(): unknown;
}

/** What a layer is checked on. */
export interface LayerCheck<Context> {
  readonly inputs: readonly Tensor[];
  /** Numbers for the weights, by shape. */
  readonly weight: (shape: readonly number[], name: string) => Tensor;
  readonly context: Context;
  /** Whether gradients are compared with finite differences. Default true; keep inputs away from kinks. */
  readonly gradients?: boolean;
  /** Makes a layer of a config: then the round trip is checked, config and outputs. */
  readonly restore?: (config: never) => CheckedLayer<Context>;
  /** Whether a step of gradient descent on the weights has to lower a loss. Default: where there are trainable weights and `gradients` is true. */
  readonly trains?: boolean;
}

/**
 * Throws unless a layer keeps what it says: the inferred shapes are the real ones, with the batch unknown too; its config is plain JSON and makes the same layer
 * again; ten calls leave no tensor behind; the gradients for every weight and input agree with finite differences; and a step of training lowers a loss.
 */
export function checkLayer<Context>(layer: CheckedLayer<Context>, check: LayerCheck<Context>): void {
  const { inputs, weight, context, gradients = true, restore } = check;
  const built = checkShapes(layer, inputs);
  const config = layer.toConfig();
  if (JSON.stringify(JSON.parse(JSON.stringify(config))) !== JSON.stringify(config))
    throw new Error('The config is no plain JSON');

  const names = built.weights.map(({ name }) => name);
  const weights = built.weights.map(({ shape, name }) => weight(shape, name));
  const outputs = (of: CheckedLayer<Context>, ...tensors: Tensor[]): readonly Tensor[] => {
    const own = Object.fromEntries(names.map((name, index) => [name, tensors[inputs.length + index]!]));
    return outputsOf(of.call(own, tensors.slice(0, inputs.length), context));
  };
  const run = (...tensors: Tensor[]): Tensor => joined(outputs(layer, ...tensors), tensors);
  const inferred = built.outputShapes ?? [built.outputShape];
  const real = tidy(() => outputs(layer, ...inputs, ...weights).map(({ shape }) => shape));
  if (JSON.stringify(real) !== JSON.stringify(inferred))
    throw new Error(`The outputs are ${JSON.stringify(real)} where ${JSON.stringify(inferred)} was inferred`);
  const before = memory().numTensors;
  for (let call = 0; call < 10; call++) tidy(() => run(...inputs, ...weights)).dispose();
  const left = memory().numTensors - before;
  if (left !== 0) throw new Error(`Ten calls left ${left} tensors behind`);
  if (restore !== undefined) {
    const again = restore(JSON.parse(JSON.stringify(config)) as never);
    if (JSON.stringify(again.toConfig()) !== JSON.stringify(config))
      throw new Error(`The config ${JSON.stringify(config)} came back as ${JSON.stringify(again.toConfig())}`);
    const [one, other] = tidy(() =>
      [layer, again].map((of) =>
        joined(outputs(of, ...inputs, ...weights), [])
          .dataSync()
          .slice(),
      ),
    );
    if (one!.some((value, index) => !Object.is(value, other![index])))
      throw new Error('The layer of the config gives other numbers');
  }
  if (gradients) gradientCheck(run, [...inputs, ...weights]);
  const trained = built.weights.flatMap(({ trainable = true }, index) => (trainable ? [inputs.length + index] : []));
  if (check.trains ?? (gradients && trained.length > 0)) checkTrains(run, [...inputs, ...weights], trained);
}

function checkShapes<Context>(
  layer: CheckedLayer<Context>,
  inputs: readonly Tensor[],
): ReturnType<CheckedLayer<Context>['build']> {
  const inputShapes = inputs.map(({ shape }) => shape);
  const built = layer.build(inputShapes, 'layer');
  const anyBatch = layer.build(
    inputShapes.map((shape) => [null, ...shape.slice(1)]),
    'layer',
  );
  for (const shape of anyBatch.outputShapes ?? [anyBatch.outputShape])
    if (shape[0] !== null) throw new Error(`The batch is ${shape[0]} where it is not known`);
  const shapes = (of: typeof built): string => JSON.stringify(of.weights.map(({ shape }) => shape));
  if (shapes(anyBatch) !== shapes(built)) throw new Error('The weights depend on the batch');
  return built;
}

/** One tensor of all outputs, never one of the given tensors itself. */
function joined(outputs: readonly Tensor[], given: readonly Tensor[]): Tensor {
  const [first] = outputs;
  if (outputs.length === 1) return given.includes(first!) ? first!.clone() : first!;
  return concat(outputs.map((output) => reshape(output, [-1])));
}

import { memory, tidy, type Tensor } from '@tensorflow/tfjs-core';
import { gradientCheck } from './gradient-check.js';

/** A layer as this check sees it: shapes in, weights' descriptions out, and a call. `Context` is whatever the layer is called with. */
export interface CheckedLayer<Context> {
  build(
    inputShapes: readonly (readonly (number | null)[])[],
    path: string,
  ): {
    readonly outputShape: readonly (number | null)[];
    readonly weights: readonly { readonly name: string; readonly shape: readonly number[] }[];
  };
  call(weights: Readonly<Record<string, Tensor>>, inputs: readonly Tensor[], context: Context): Tensor;
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
}

/**
 * Throws unless a layer keeps what it says: the inferred shape is the real one, with the batch unknown too; its config is plain JSON; ten calls leave no
 * tensor behind; and the gradients for every weight and input agree with finite differences.
 */
export function checkLayer<Context>(layer: CheckedLayer<Context>, check: LayerCheck<Context>): void {
  const { inputs, weight, context, gradients = true } = check;
  const inputShapes = inputs.map(({ shape }) => shape);
  const built = layer.build(inputShapes, 'layer');
  const anyBatch = layer.build(
    inputShapes.map((shape) => [null, ...shape.slice(1)]),
    'layer',
  );
  if (anyBatch.outputShape[0] !== null)
    throw new Error(`The batch is ${anyBatch.outputShape[0]} where it is not known`);
  if (
    JSON.stringify(anyBatch.weights.map(({ shape }) => shape)) !==
    JSON.stringify(built.weights.map(({ shape }) => shape))
  )
    throw new Error('The weights depend on the batch');
  const config = layer.toConfig();
  if (JSON.stringify(JSON.parse(JSON.stringify(config))) !== JSON.stringify(config))
    throw new Error('The config is no plain JSON');

  const names = built.weights.map(({ name }) => name);
  const weights = built.weights.map(({ shape, name }) => weight(shape, name));
  const run = (...tensors: Tensor[]): Tensor => {
    const own = Object.fromEntries(names.map((name, index) => [name, tensors[inputs.length + index]!]));
    const output = layer.call(own, tensors.slice(0, inputs.length), context);
    return tensors.includes(output) ? output.clone() : output;
  };
  const real = tidy(() => run(...inputs, ...weights).shape);
  if (real.join() !== built.outputShape.join())
    throw new Error(`The output is [${real}] where [${built.outputShape}] was inferred`);
  const before = memory().numTensors;
  for (let call = 0; call < 10; call++) tidy(() => run(...inputs, ...weights)).dispose();
  const left = memory().numTensors - before;
  if (left !== 0) throw new Error(`Ten calls left ${left} tensors behind`);
  if (gradients) gradientCheck(run, [...inputs, ...weights]);
}

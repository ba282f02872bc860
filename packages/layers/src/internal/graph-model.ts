import { foldIn, GradstreamError, randomKey, sizeOf, type HostArray, type RandomKey } from '@gradstream/core';
import { StepCounter } from '@gradstream/autodiff';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext } from '../layer.js';
import type { Model, ModelInput, ModelNode } from '../model.js';
import { summary } from '../summary.js';
import { assignWeights } from './assign-weights.js';
import { checkInput } from './check-input.js';
import { unnamedModels } from './name-layers.js';
import { WeightStore, type PathSpec } from './weight-store.js';

/** What a model is made of. */
export interface GraphParts {
  readonly type: string;
  readonly name: string;
  /** Whether the user chose the name. */
  readonly named: boolean;
  readonly seed: number;
  readonly trainable: boolean;
  readonly inputs: readonly ModelInput[];
  readonly nodes: readonly ModelNode[];
}

/** Makes a model of a graph whose last node is its output. */
export function graphModel(parts: GraphParts): Model {
  const { type, name, named, seed, trainable, inputs, nodes } = parts;
  const where = `layers/${type === 'Sequential' ? 'sequential' : 'model'} "${name}"`;
  const slots = nodes.map((node) =>
    node.layer.build(node.inputShapes, node.name).weights.map((spec) => ({ spec, node })),
  );
  const specs: PathSpec[] = slots.flat().map(({ spec, node }) => ({
    ...spec,
    path: `${node.name}/${spec.name}`,
    trainable: trainable && node.layer.trainable && (spec.trainable ?? true),
  }));
  const store = new WeightStore(specs, seed);
  const names = nodes.map((node, index) =>
    slots[index]!.map(({ spec }) => [spec.name, `${node.name}/${spec.name}`] as const),
  );
  const outputShape = nodes.at(-1)!.outputShape;
  const keys = new WeakMap<RandomKey, readonly RandomKey[]>();

  const layerKeys = (key: RandomKey): readonly RandomKey[] => {
    const known = keys.get(key);
    if (known !== undefined) return known;
    const derived = nodes.map((node) => foldIn(key, node.name));
    keys.set(key, derived);
    return derived;
  };

  const call = (weights: Readonly<Record<string, Tensor>>, given: readonly Tensor[], context: CallContext): Tensor => {
    const outputs: Tensor[] = [];
    const childKeys = layerKeys(context.key);
    nodes.forEach((node, index) => {
      const own: Record<string, Tensor> = {};
      for (const [local, path] of names[index]!) own[local] = weights[path]!;
      const ins = node.inputs.map((from) => (from < 0 ? given[-1 - from]! : outputs[from]!));
      const output = node.layer.call(own, ins, childContext(context, node, childKeys[index]!));
      context.observe?.(node.name, output);
      outputs.push(output);
    });
    return outputs.at(-1)!;
  };

  const setTrainable = (pattern: string | RegExp | undefined, value: boolean): void => {
    if (store.setTrainable(matcher(pattern), value) > 0 || pattern === undefined) return;
    throw new GradstreamError('GS_MODEL_WEIGHTS', {
      where,
      what: 'No weight has such a path',
      expected: `a part of ${specs.map(({ path }) => path).join(', ')}`,
      received: String(pattern),
      next: "Use a layer's name, or a RegExp that matches the paths.",
    });
  };

  const model: Model = {
    type,
    name,
    seed,
    inputs,
    nodes,
    outputShape,
    trainable,
    inputShape: inputs[0]!.shape.slice(1),
    build(inputShapes) {
      inputShapes.forEach((shape, index) => checkInput(where, shape, inputs[index]!.shape));
      return { outputShape, weights: specs.map((spec) => ({ ...spec, name: spec.path })) };
    },
    call,
    apply(x, options = {}) {
      checkInput(where, x.shape, inputs[0]!.shape);
      const weights = Object.fromEntries(store.weights.map((weight) => [weight.path, weight.variable]));
      const step = new StepCounter(options.step ?? 0);
      const key = foldIn(randomKey(seed), 'layers');
      const output = tidy(() => {
        const result = call(weights, [x], { training: options.training ?? false, key, step });
        return result === x ? x.clone() : result;
      });
      step.dispose();
      return output;
    },
    get weights() {
      return store.weights;
    },
    get parameterCount() {
      const count = (chosen: readonly PathSpec[]): number => chosen.reduce((sum, { shape }) => sum + sizeOf(shape), 0);
      const total = count(specs);
      const trained = count(specs.filter(({ path }) => store.isTrainable(path)));
      return { total, trainable: trained, frozen: total - trained };
    },
    freeze: (pattern) => setTrainable(pattern, false),
    unfreeze: (pattern) => setTrainable(pattern, true),
    async getWeights() {
      const entries = store.weights.map(async ({ path, shape, variable }): Promise<[string, HostArray<'float32'>]> => {
        const values = Float32Array.from((await variable.data()) as Float32Array);
        return [path, { dtype: 'float32', shape, values }];
      });
      return Object.fromEntries(await Promise.all(entries));
    },
    setWeights: (weights) => assignWeights(where, store.weights, weights),
    summary: () => summary(model),
    toConfig: () => ({
      type,
      config: {
        name: named ? name : null,
        trainable,
        inputs: inputs.map((input) => ({ name: input.name, shape: input.shape, dtype: input.dtype })),
        layers: nodes.map((node) => ({ name: node.name, inputs: node.inputs, layer: { ...node.layer.toConfig() } })),
      },
    }),
    dispose: () => store.dispose(),
  };
  if (!named) unnamedModels.add(model);
  return model;
}

/** The context of a layer inside a model: its own key, its path in front of what is observed below it. */
function childContext(context: CallContext, node: ModelNode, key: RandomKey): CallContext {
  const { training, step, observe } = context;
  if (observe === undefined) return { training, key, step };
  return { training, key, step, observe: (path, output) => observe(`${node.name}/${path}`, output) };
}

/** A test for paths: a RegExp, a path or the beginning of one, or everything. */
function matcher(pattern: string | RegExp | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  if (typeof pattern !== 'string')
    return (path) => new RegExp(pattern.source, pattern.flags.replace('g', '')).test(path);
  return (path) => path === pattern || path.startsWith(`${pattern}/`);
}

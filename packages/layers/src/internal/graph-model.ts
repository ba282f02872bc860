import { foldIn, GradstreamError, randomKey, type Config, type HostArray } from '@gradstream/core';
import { StepCounter } from '@gradstream/autodiff';
import { tidy, type Tensor } from '@tensorflow/tfjs-core';
import type { ApplyOptions, Model, ModelBatch, ModelOutput, RunOptions } from '../model.js';
import { summary } from '../summary.js';
import { assignWeights } from './assign-weights.js';
import { checkInput } from './check-input.js';
import { graphConfig } from './graph-config.js';
import type { GraphParts } from './graph-parts.js';
import { graphRunner, setRunner } from './graph-run.js';
import { unnamedModels } from './name-layers.js';
import { batchTensors } from './batch-tensors.js';
import { pathMatcher } from './path-matcher.js';
import { sharedWeightsFit } from './shared-weights.js';
import { WeightStore, type PathSpec } from './weight-store.js';

const stores = new WeakMap<Model, WeightStore>();

/** Makes a model of a graph. */
export function graphModel(parts: GraphParts): Model {
  const { type, name, named, seed, trainable, inputs, nodes, outputs } = parts;
  const where = `layers/${type === 'Sequential' ? 'sequential' : 'model'} "${name}"`;
  const { specs, names } = describeWeights(where, parts);
  const store = new WeightStore(specs, seed);
  const runGraph = graphRunner(
    nodes,
    outputs.map(({ from }) => from),
    names,
  );
  const outputShape = outputs[0]!.shape;

  const setTrainable = (pattern: string | RegExp | undefined, value: boolean): void => {
    const fits = pathMatcher(pattern);
    const paths = specs.map(({ path }) => path).filter(fits);
    for (const path of paths) store.setTrainable(path, value);
    if (paths.length > 0 || pattern === undefined) return;
    throw new GradstreamError('GS_MODEL_WEIGHTS', {
      where,
      what: 'No weight has such a path',
      expected: `a part of ${specs.map(({ path }) => path).join(', ')}`,
      received: String(pattern),
      next: "Use a layer's name, or a RegExp that matches the paths.",
    });
  };

  const run = (given: readonly Tensor[], options: RunOptions): ReturnType<Model['run']> => {
    const { weights, ...context } = options;
    const frozen = store.frozen;
    return runGraph(weights ?? store.tensors, given, {
      ...context,
      ...(frozen.size === 0 ? {} : { frozen: (path: string) => frozen.has(path) }),
    });
  };

  const applyAll = (x: ModelBatch, options: ApplyOptions = {}): Tensor[] => {
    const tensors = batchTensors(where, inputs, x);
    const step = new StepCounter(options.step ?? 0);
    const updates = new Map<string, Tensor>();
    try {
      return tidy(() => {
        const result = run(tensors, {
          training: options.training ?? false,
          key: foldIn(randomKey(seed), 'layers'),
          step,
          update: (path, value) => updates.set(path, value),
        });
        for (const [path, value] of updates) store.tensors[path]!.assign(value);
        // The caller frees what comes out: no tensor of the caller's own, and none twice.
        return result.outputs.map((output, index) =>
          tensors.includes(output) || result.outputs.indexOf(output) < index ? output.clone() : output,
        );
      });
    } finally {
      step.dispose();
    }
  };

  const model: Model = {
    type,
    name,
    seed,
    inputs,
    outputs,
    nodes,
    outputShape,
    trainable,
    inputDtype: 'any',
    inputCount: [inputs.length, inputs.length],
    inputShape: inputs[0]!.shape.slice(1),
    build(inputShapes) {
      inputShapes.forEach((shape, index) => checkInput(where, shape, inputs[index]!.shape));
      return {
        outputShape,
        outputShapes: outputs.map(({ shape }) => shape),
        outputDtype: outputs.map(({ dtype }) => dtype),
        weights: specs.map((spec) => ({ ...spec, name: spec.path })),
      };
    },
    call: (weights, given, context) => onlyOrAll(runGraph(weights, given, context).outputs),
    run,
    applyAll,
    apply(x, options) {
      if (outputs.length !== 1) throw severalOutputs(where, outputs);
      return applyAll(x, options)[0]!;
    },
    layer(wanted) {
      const node = nodes.find((candidate) => candidate.name === wanted);
      if (node !== undefined) return node.layer;
      throw new GradstreamError('GS_MODEL_LAYER', {
        where,
        what: 'The model has no layer of this name',
        expected: `one of ${[...new Set(nodes.map((candidate) => candidate.name))].join(', ')}`,
        received: String(wanted),
        next: 'summary() lists the names.',
      });
    },
    get weights() {
      return store.weights;
    },
    get tensors() {
      return store.tensors;
    },
    get parameterCount() {
      return store.parameterCount;
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
    resetStates: () => store.resetStates(),
    summary: (options) => summary(model, options),
    toConfig: (): Config => graphConfig({ ...parts, name: named ? name : null }),
    dispose: () => store.dispose(),
  };
  stores.set(model, store);
  setRunner(model, runGraph);
  if (!named) unnamedModels.add(model);
  return model;
}

/** The weights of all layers with their paths, and each node's names of them. */
function describeWeights(
  where: string,
  { nodes, trainable, weightsOf }: GraphParts,
): { readonly specs: readonly PathSpec[]; readonly names: readonly (readonly string[])[] } {
  const shared = weightsOf === undefined ? undefined : stores.get(weightsOf);
  const specs = new Map<string, PathSpec>();
  const names = nodes.map((node) => {
    const inner = stores.get(node.layer as Model);
    const { weights } = node.layer.build(node.inputShapes, node.name);
    for (const spec of weights) {
      const path = `${node.name}/${spec.name}`;
      const before = specs.get(path);
      if (before !== undefined) sharedWeightsFit(where, path, before.shape, spec.shape);
      const byLayer = spec.trainable ?? true;
      const owner = shared !== undefined ? { store: shared, path } : inner && { store: inner, path: spec.name };
      specs.set(path, {
        ...spec,
        path,
        trainableByLayer: (spec as Partial<PathSpec>).trainableByLayer ?? byLayer,
        trainable: trainable && node.layer.trainable && byLayer,
        owner,
      });
    }
    return weights.map((spec) => spec.name);
  });
  return { specs: [...specs.values()], names };
}

function onlyOrAll(outputs: readonly Tensor[]): Tensor | readonly Tensor[] {
  return outputs.length === 1 ? outputs[0]! : outputs;
}

function severalOutputs(where: string, outputs: readonly ModelOutput[]): GradstreamError {
  return new GradstreamError('GS_MODEL_OUTPUTS', {
    where,
    what: 'The model has several outputs',
    expected: 'a model with one output',
    received: outputs.map(({ name }) => name).join(', '),
    next: 'Use applyAll(x), which gives all of them.',
  });
}

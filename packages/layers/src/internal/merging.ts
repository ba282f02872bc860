import { describeShape, type Shape } from '@gradstream/core';
import { reshape, type Tensor } from '@tensorflow/tfjs-core';
import { apply } from '../apply.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { Layer, LayerBuild, Mask } from '../layer.js';
import type { SymbolicTensor } from '../symbolic-tensor.js';
import { anyMask } from './masked-merge.js';
import { shapeError } from './shape-error.js';

/** A factory that gives a layer, or applies one at once where it is given tensors. */
export interface Merging<Options extends LayerOptions> {
  /** The layer. */
  (options?: Options): Layer;
  /** The layer's output for these tensors. */
  (inputs: readonly SymbolicTensor[], options?: Options): SymbolicTensor;
}

/** Makes a layer's factory one that can be applied at once. */
export function mergingOf<Options extends LayerOptions>(factory: (options: Options) => Layer): Merging<Options> {
  return ((given?: readonly SymbolicTensor[] | Options, options?: Options) =>
    Array.isArray(given)
      ? apply(factory(options ?? ({} as Options)), given as readonly SymbolicTensor[])
      : factory((given ?? {}) as Options)) as Merging<Options>;
}

/** A layer that joins inputs element by element; smaller ones are spread, as in Keras. */
export function elementwiseMerge(
  name: string,
  type: string,
  options: LayerOptions,
  merge: (inputs: readonly Tensor[], masks: readonly Mask[]) => Tensor,
  most: number = Number.POSITIVE_INFINITY,
): Layer {
  const common = checkLayerOptions(`layers/${name}`, options);
  return {
    type,
    ...common,
    inputCount: [2, most],
    build: (inputShapes, path): LayerBuild => ({
      outputShape: inputShapes.slice(1).reduce((joined, shape) => spread(name, path, joined, shape), inputShapes[0]!),
      weights: [],
    }),
    call: (_, inputs, { masks }): Tensor => merge(aligned(inputs), masks ?? []),
    computeMask: (inputs, masks): Mask => anyMask(inputs.map((_, index) => masks[index])),
    toConfig: () => layerConfig(type, common),
  };
}

/** The shape of two inputs joined: from the first dimension after the batch where ranks differ, as in Keras. */
function spread(name: string, path: string, a: Shape, b: Shape): Shape {
  const refused = shapeError(
    name,
    path,
    'The inputs do not fit each other',
    'inputs of one shape, or sizes of 1 where they differ',
    `${describeShape(a)} and ${describeShape(b)}`,
    'Bring them to one shape, for example with dense or reshape.',
  );
  if (a.length === 0 || b.length === 0) throw refused;
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const offset = long.length - short.length;
  const rest = long.slice(1).map((size, index) => {
    const other = index < offset ? 1 : short[1 + index - offset]!;
    if (size === 1) return other;
    if (other === 1 || size === other) return size;
    if (size === null) return other;
    if (other === null) return size;
    throw refused;
  });
  return [a[0] ?? b[0] ?? null, ...rest];
}

/** Inputs of one rank: sizes of 1 are put after the batch. */
function aligned(inputs: readonly Tensor[]): readonly Tensor[] {
  const rank = Math.max(...inputs.map((input) => input.rank));
  return inputs.map((input) =>
    input.rank === rank
      ? input
      : reshape(input, [
          input.shape[0]!,
          ...Array.from({ length: rank - input.rank }, () => 1),
          ...input.shape.slice(1),
        ]),
  );
}

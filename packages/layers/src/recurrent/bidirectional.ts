import { checkChoice, describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { add, concat, div, mul, reverse, type Tensor } from '@tensorflow/tfjs-core';
import { addPenalty } from '../internal/add-penalty.js';
import { innerConfig, innerContext, innerSpecs, innerWeights } from '../internal/inner-layer.js';
import { snakeCase } from '../internal/name-layers.js';
import { shapesOf } from '../internal/symbolic.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { CallContext, Layer, LayerBuild, Mask } from '../layer.js';
import type { RecurrentLayer } from './recurrent-layer.js';

/** How the outputs of both directions become one; null leaves them apart. */
export type MergeMode = 'concat' | 'sum' | 'mul' | 'ave' | null;

/** Options of `bidirectional`. */
export interface BidirectionalOptions extends LayerOptions {
  /** `concat` (default), `sum`, `mul`, `ave`, or null for two outputs. */
  readonly mergeMode?: MergeMode;
  /** The layer for the other direction. Default: the same as the first, with weights of its own. */
  readonly backwardLayer?: RecurrentLayer;
}

const MERGES: Readonly<Record<string, (a: Tensor, b: Tensor) => Tensor>> = {
  concat: (a, b) => concat([a, b], -1),
  sum: (a, b) => add(a, b),
  mul: (a, b) => mul(a, b),
  ave: (a, b) => div(add(a, b), 2),
};

/**
 * Runs a recurrent layer along time and a second one against it, and merges what they give, step by step.
 *
 * Inputs `[x, ...states of the forward layer, ...states of the backward layer]`, the states optional; outputs the merged one, or both with `mergeMode: null`, then the states of both
 * where they return them. The weights are `forward_NAME/...` and `backward_NAME/...`. As in Keras' Bidirectional, where sequences are returned the outputs of masked steps are zero.
 * Throws `GS_LAYER_DIRECTION` for a backward layer that does not run the other way or returns something else, `GS_MODEL_LAYERS` for what is no recurrent layer.
 */
export function bidirectional(layer: RecurrentLayer, options: BidirectionalOptions = {}): Layer {
  const where = 'layers/bidirectional';
  const common = checkLayerOptions(where, options, ['mergeMode', 'backwardLayer']);
  const { mergeMode = 'concat', backwardLayer } = options;
  if (mergeMode !== null) checkChoice(where, 'mergeMode', mergeMode, ['concat', 'sum', 'mul', 'ave']);
  checkIsRecurrent(where, layer);
  if (backwardLayer !== undefined) checkIsRecurrent(where, backwardLayer);
  const { goBackwards, returnSequences, returnState, stateful } = layer.sequence;
  const second = backwardLayer ?? layer.variant({ goBackwards: !goBackwards });
  checkDirections(where, layer, second);
  const sides = [
    { name: `forward_${nameOf(layer, 'forward_')}`, layer: zeroing(layer) },
    { name: `backward_${nameOf(second, 'backward_')}`, layer: zeroing(second) },
  ] as const;
  const states = layer.stateCount;
  const total = states + second.stateCount;
  const partsOf = <T>([x, ...given]: readonly T[]): readonly [T[], T[]] => [
    [x!, ...given.slice(0, states)],
    [x!, ...given.slice(states)],
  ];
  const merge = (one: Shape, other: Shape): Shape =>
    mergeMode === 'concat' ? [...one.slice(0, -1), one.at(-1)! + other.at(-1)!] : one;

  return {
    type: 'Bidirectional',
    ...common,
    inputCount: [1, 1 + total],
    build(shapes, path): LayerBuild {
      checkStateCount(`${where} "${path}"`, shapes.length - 1, total);
      const given = partsOf(shapes);
      const built = sides.map(({ layer: side, name }, index) => side.build(given[index]!, `${path}/${name}`));
      const [[one, ...ones], [other, ...others]] = built.map(shapesOf) as [Shape[], Shape[]];
      const outputs = mergeMode === null ? [one!, other!] : [merge(one!, other!)];
      const all = [...outputs, ...ones, ...others];
      return {
        outputShape: all[0]!,
        ...(all.length > 1 ? { outputShapes: all } : {}),
        weights: built.flatMap(({ weights }, index) => innerSpecs(sides[index]!.layer, weights, sides[index]!.name)),
      };
    },
    call(weights, inputs, context): Tensor | readonly Tensor[] {
      const given = partsOf(inputs);
      const results = sides.map((side, index) => runSide(side, weights, given[index]!, context));
      const [[one, ...ones], [last, ...others]] = results as [Tensor[], Tensor[]];
      const other = returnSequences ? reverse(last!, 1) : last!;
      const outputs = mergeMode === null ? [one!, other] : [MERGES[mergeMode]!(one!, other)];
      const all = [...outputs, ...ones, ...others];
      return all.length > 1 ? all : all[0]!;
    },
    computeMask(_inputs, masks): Mask | readonly Mask[] {
      const mask = returnSequences ? masks[0] : undefined;
      const outputs = mergeMode === null ? [mask, mask] : [mask];
      return returnState ? [...outputs, ...Array.from<Mask>({ length: total })] : outputs;
    },
    toConfig: () =>
      layerConfig('Bidirectional', common, {
        layer: innerConfig(layer),
        mergeMode,
        ...(backwardLayer === undefined ? {} : { backwardLayer: innerConfig(backwardLayer) }),
      }),
  };

  function checkStateCount(at: string, received: number, expected: number): void {
    if (received === 0 || received === expected) return;
    throw new GradstreamError('GS_LAYER_INPUTS', {
      where: at,
      what: 'There are states for a part of the directions',
      expected: `${expected} states, or none`,
      received: String(received),
      next: `Pass the states of the forward layer, then those of the backward layer${stateful ? ', or none to go on from the last batch' : ''}.`,
    });
  }
}

interface Side {
  readonly name: string;
  readonly layer: RecurrentLayer;
}

function runSide(
  { name, layer }: Side,
  weights: Readonly<Record<string, Tensor>>,
  inputs: readonly Tensor[],
  context: CallContext,
): readonly Tensor[] {
  const inner = innerContext(context, name);
  const result = layer.call(innerWeights(weights, name), inputs, inner);
  const outputs = Array.isArray(result) ? (result as readonly Tensor[]) : [result as Tensor];
  addPenalty(layer, outputs, inner);
  return outputs;
}

/** The name of a layer without what is put in front of it. */
function nameOf(layer: Layer, start: string): string {
  const name = layer.name ?? snakeCase(layer.type);
  return name.startsWith(start) ? name.slice(start.length) : name;
}

/** Outputs of masked steps are zero where sequences are returned: repeated ones would come from the wrong side of the gap. */
const zeroing = (layer: RecurrentLayer): RecurrentLayer =>
  layer.variant({ zeroOutputForMask: layer.sequence.returnSequences });

function checkIsRecurrent(where: string, layer: unknown): asserts layer is RecurrentLayer {
  const { sequence, variant, type } = (layer ?? {}) as Partial<RecurrentLayer>;
  if (typeof sequence === 'object' && typeof variant === 'function') return;
  throw new GradstreamError('GS_MODEL_LAYERS', {
    where,
    what: 'This is no recurrent layer',
    expected: 'a recurrent layer',
    received: type ?? describeValue(layer),
    next: 'Pass one, for example lstm(8), or rnn(cell) for a cell of your own.',
  });
}

function checkDirections(where: string, one: RecurrentLayer, other: RecurrentLayer): void {
  const wrong =
    one.sequence.goBackwards === other.sequence.goBackwards
      ? 'goBackwards'
      : (['stateful', 'returnSequences', 'returnState'] as const).find(
          (name) => one.sequence[name] !== other.sequence[name],
        );
  if (wrong === undefined) return;
  throw new GradstreamError('GS_LAYER_DIRECTION', {
    where,
    what:
      wrong === 'goBackwards' ? 'Both layers run the same way' : `The layers do not have the same value of "${wrong}"`,
    expected: 'layers that differ in goBackwards and agree in stateful, returnSequences and returnState',
    received: `${wrong}: ${one.sequence[wrong]} and ${other.sequence[wrong]}`,
    next: `Change ${wrong} of the backward layer.`,
  });
}

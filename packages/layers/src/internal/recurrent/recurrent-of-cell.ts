import { stopGradient } from '@gradstream/autodiff';
import { describeShape, GradstreamError, type Config, type Shape } from '@gradstream/core';
import { zeros } from '@gradstream/initializers';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerCommon } from '../../layer-options.js';
import type { CallContext, LayerBuild, Mask } from '../../layer.js';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';
import type { RecurrentChanges, RecurrentLayer } from '../../recurrent/recurrent-layer.js';
import type { SequenceOptions } from '../../recurrent/sequence-options.js';
import { innerContext, innerSpecs, innerWeights } from '../inner-layer.js';
import { checkStates } from './check-step.js';
import { runSequence, type SequenceResult, type SequenceRun } from './run-sequence.js';

/** What a recurrent layer is made of. */
export interface RecurrentParts {
  readonly type: string;
  readonly where: string;
  readonly common: LayerCommon;
  readonly cell: RecurrentCell;
  /** The name of the cell in front of its weights' names; '' for layers that are known by the cell's own weights. */
  readonly cellName: string;
  readonly sequence: Required<SequenceOptions>;
  /** What the input has to look like, for the error: `[batch, steps, features]`. */
  readonly dimensions: string;
  /** How many dimensions the input has, at least 3 where it is left out. */
  readonly rank?: number;
  /** A faster way for the cells that have one; undefined where this run is not covered. */
  readonly fused?: (run: SequenceRun) => SequenceResult | undefined;
  readonly config: () => Config;
  readonly variant: (changes: RecurrentChanges) => RecurrentLayer;
}

/** A layer that runs a cell along time. */
export function recurrentOfCell(parts: RecurrentParts): RecurrentLayer {
  const { type, common, cell, cellName, sequence, fused } = parts;
  const { returnSequences, returnState, stateful } = sequence;
  const path = (name: string): string => `${parts.where}${name === '' ? '' : ` "${name}"`}`;
  return {
    type,
    ...common,
    sequence,
    stateCount: cell.stateCount,
    inputCount: [1, 1 + cell.stateCount],
    variant: parts.variant,
    build([x, ...given], name): LayerBuild {
      const where = path(name);
      checkSequence(where, x!, parts);
      const [batch, steps, ...rest] = x!;
      const step = [batch!, ...rest];
      const stateShapes = cell.stateShapes(step);
      if (given.length > 0) checkStates(where, given, batch!, stateShapes);
      if (stateful && typeof batch !== 'number') throw withoutBatch(where, x!);
      const states = stateShapes.map((shape) => [batch!, ...shape]);
      const built = cell.build([step, ...states], cellName === '' ? name : `${name}/${cellName}`);
      const output = returnSequences ? [batch!, steps!, ...built.outputShape.slice(1)] : built.outputShape;
      return {
        outputShape: output,
        ...(returnState ? { outputShapes: [output, ...states] } : {}),
        weights: [
          ...innerSpecs(cell, built.weights, cellName),
          ...(stateful
            ? states.map((shape, index) => ({
                name: `state${index}`,
                shape: shape as number[],
                initializer: zeros(),
                trainable: false,
                state: true,
              }))
            : []),
        ],
      };
    },
    call(weights, [x, ...given], context): Tensor | readonly Tensor[] {
      checkSteps(path(''), x!);
      const kept = stateful ? stateNames(cell).map((name) => weights[name]!) : undefined;
      const run: SequenceRun = {
        ...sequence,
        cell,
        weights: innerWeights(weights, cellName),
        x: x!,
        mask: context.masks?.[0],
        initial: given.length > 0 ? given : kept,
        context: cellContext(context, cellName),
      };
      const { output, states } = fused?.(run) ?? runSequence(run);
      // The next batch takes them as they are: gradients end where a batch does.
      if (stateful) stateNames(cell).forEach((name, index) => context.update?.(name, stopGradient(states[index]!)));
      return returnState ? [output, ...states] : output;
    },
    computeMask(_inputs, masks): Mask | readonly Mask[] {
      const mask = returnSequences ? masks[0] : undefined;
      return returnState ? [mask, ...stateNames(cell).map(() => undefined)] : mask;
    },
    toConfig: parts.config,
  };
}

const stateNames = ({ stateCount }: RecurrentCell): string[] =>
  Array.from({ length: stateCount }, (_, index) => `state${index}`);

/** The cell's context: the masks are those of the layer, and are applied here. */
function cellContext(context: CallContext, cellName: string): CallContext {
  const { masks: _, ...rest } = cellName === '' ? context : innerContext(context, cellName);
  return rest;
}

function checkSequence(where: string, shape: Shape, { rank, dimensions }: RecurrentParts): void {
  const fitting = rank === undefined ? shape.length >= 3 : shape.length === rank;
  if (fitting) return;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: `The input has ${shape.length} dimension${shape.length === 1 ? '' : 's'}`,
    expected: dimensions,
    received: describeShape(shape),
    next:
      shape.length < 3
        ? 'Give each example a sequence of steps; a recurrent layer before this one needs returnSequences: true.'
        : 'Flatten what belongs to one step, for example with timeDistributed(flatten()).',
  });
}

function withoutBatch(where: string, shape: Shape): GradstreamError {
  return new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: 'The layer keeps a state for each example of the batch, and the size of the batch is not known',
    expected: 'a batch of a fixed size',
    received: describeShape(shape),
    next: 'Start the model with input({ shape, batchSize: 32 }), or leave stateful out.',
  });
}

function checkSteps(where: string, x: Tensor): void {
  if (x.shape[1]! > 0) return;
  throw new GradstreamError('GS_LAYER_SHAPE', {
    where,
    what: 'The sequence has no steps',
    expected: 'at least one step',
    received: describeShape(x.shape),
    next: 'Leave empty sequences out of the batch, or pad them and mask the padding.',
  });
}

/** The config of a cell's own options. */
export function cellConfig(cell: RecurrentCell): Config['config'] {
  const { name: _, trainable: __, ...own } = cell.toConfig().config;
  return own;
}

import {
  checkBoolean,
  checkChoice,
  checkNumber,
  checkOptions,
  defineCallback,
  GradstreamError,
  type Callback,
  type EpochBegin,
  type TrainBegin,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap } from 'rxjs';
import { TrainingMemory } from './internal/training-memory.js';

/** Options of `stochasticWeightAveraging`. */
export interface StochasticWeightAveragingOptions {
  /** The first epoch (0-based) whose weights count: a whole number, or a share of all epochs below 1. Default 0.8. */
  readonly startEpoch?: number;
  /** The learning rate that is approached from then on. Default: it is left alone. */
  readonly learningRate?: number;
  /** Epochs in which it is approached; 0: at once. Default 10. */
  readonly annealingEpochs?: number;
  /** Along half a cosine or a line. Default `cos`. */
  readonly annealing?: 'cos' | 'linear';
  /** Sets the moving statistics of batch normalization to those under the mean weights, in a pass over the training data. Default true. */
  readonly refreshStatistics?: boolean;
}

const WHERE = 'callbacks/stochasticWeightAveraging';
const SLOT = 'mean';
const KNOWN = ['startEpoch', 'learningRate', 'annealingEpochs', 'annealing', 'refreshStatistics'];

interface State extends Readonly<Record<string, number | null>> {
  /** Epochs whose weights are in the mean. */
  readonly count: number;
  /** The learning rate when averaging began. */
  readonly from: number | null;
}

/**
 * Gives the model, when training ends, the plain mean of the weights after each of the last epochs: a flatter minimum for one more copy of the weights.
 *
 * The learning rate goes to a constant one as PyTorch's `SWALR` does, `a * rate + (1 - a) * before`, where a is the share of the annealing that is over, or
 * `(1 - cos(pi * share)) / 2`. Throws `GS_OPTION_*` for options that cannot be used; in training, where a share is asked for and the number of epochs is not
 * known. Source: Izmailov et al., "Averaging weights leads to wider optima and better
 * generalization", 2018.
 */
export function stochasticWeightAveraging(options: StochasticWeightAveragingOptions = {}): Callback {
  checkOptions(WHERE, options, KNOWN);
  const wanted = checkNumber(WHERE, 'startEpoch', options.startEpoch ?? 0.8, { min: 0 });
  if (wanted >= 1) checkNumber(WHERE, 'startEpoch', wanted, { integer: true });
  const rate =
    options.learningRate === undefined ? null : checkNumber(WHERE, 'learningRate', options.learningRate, { min: 0 });
  const annealingEpochs = checkNumber(WHERE, 'annealingEpochs', options.annealingEpochs ?? 10, {
    min: 0,
    integer: true,
  });
  const annealing = checkChoice(WHERE, 'annealing', options.annealing ?? 'cos', ['cos', 'linear']);
  const refresh = checkBoolean(WHERE, 'refreshStatistics', options.refreshStatistics ?? true);
  const memory = new TrainingMemory<State>(WHERE, { count: 0, from: null });
  let start = 0;

  const begin = ({ epochs, resumed }: TrainBegin): TrainingCommand[] => {
    if (wanted > 0 && wanted < 1 && !Number.isFinite(epochs)) throw noShare();
    start = wanted < 1 ? Math.floor(wanted * epochs) : wanted;
    if (Number.isNaN(start)) start = 0;
    const { count } = memory.begin() ? memory.value : { count: 0 };
    // A checkpoint that fit goes on from has the mean too.
    if (resumed !== undefined) return [];
    memory.set({ count: 0 });
    return count === 0 ? [] : [averageIsGone(count)];
  };
  const epochBegin = ({ epoch, learningRate }: EpochBegin): TrainingCommand[] => {
    if (rate === null || epoch < start || learningRate === null) return [];
    if (memory.value.from === null) memory.set({ from: learningRate });
    const share = annealingEpochs === 0 ? 1 : Math.min(1, (epoch - start) / annealingEpochs);
    const a = annealing === 'linear' ? share : (1 - Math.cos(Math.PI * share)) / 2;
    return [{ type: 'setLearningRate', value: a * rate + (1 - a) * memory.value.from! }];
  };
  const epochEnd = (epoch: number): TrainingCommand[] => {
    if (epoch < start) return [];
    const count = memory.value.count + 1;
    memory.set({ count });
    return [{ type: 'keepWeights', slot: SLOT, share: 1 / count }];
  };
  const answer = (event: TrainingEvent): TrainingCommand[] => {
    switch (event.type) {
      case 'trainBegin':
        return begin(event);
      case 'epochBegin':
        return epochBegin(event);
      case 'epochEnd':
        return epochEnd(event.epoch);
      case 'trainEnd':
        if (memory.value.count === 0 || event.reason === 'failed') return [];
        return [{ type: 'restoreWeights', slot: SLOT }, ...(refresh ? [{ type: 'refreshStatistics' } as const] : [])];
      default:
        return [];
    }
  };
  return defineCallback('stochasticWeightAveraging', (events$) => events$.pipe(concatMap(answer)), memory.traits);
}

function noShare(): GradstreamError {
  return new GradstreamError('GS_OPTION_VALUE', {
    where: WHERE,
    what: 'The option "startEpoch" is a share of the epochs, and nobody knows how many there will be',
    expected: 'a training with a number of epochs',
    received: 'one without',
    next: 'Give startEpoch as a whole number, or fit a number of epochs.',
  });
}

/** Where the count was put back by somebody else than `fit`, the mean is not there. */
function averageIsGone(count: number): TrainingCommand {
  return {
    type: 'report',
    diagnosis: {
      name: 'averageNotKept',
      severity: 'warning',
      message: `The mean of the weights of ${count === 1 ? '1 epoch' : `${count} epochs`} before training was resumed is not at hand: averaging starts anew`,
      evidence: { count },
      remedy: 'Nothing is to be done where enough epochs follow.',
    },
  };
}

import {
  checkBoolean,
  checkOptions,
  defineCallback,
  type Callback,
  type TrainingCommand,
  type TrainingEvent,
} from '@gradstream/core';
import { concatMap, defer } from 'rxjs';

/** Options of `swapEma`. */
export interface SwapEmaOptions {
  /** Leaves the means in the model from the end of each epoch to the beginning of the next, so that a checkpoint holds them. Default false. */
  readonly swapOnEpoch?: boolean;
}

const WHERE = 'callbacks/swapEma';
/** Where the weights that train wait, and the means. */
const [own, means] = ['own', 'means'];

/**
 * Validates with the running means of the weights that the optimizer keeps (`useEma: true`), and leaves them in the model when training ends: Keras'
 * `SwapEMAWeights`.
 *
 * The weights that train come back after each validation. With `swapOnEpoch` give it before callbacks that save the model, and after those that save
 * a training to resume. Fails in training with `GS_OPTIMIZER_STATE` where the optimizer keeps no means. A run that fails keeps the weights that trained.
 *
 * Differs from Keras: `evaluate` and `predict` see no callbacks, so they use what the model has: the means, after `fit`.
 */
export function swapEma(options: SwapEmaOptions = {}): Callback {
  checkOptions(WHERE, options, ['swapOnEpoch']);
  const swapOnEpoch = checkBoolean(WHERE, 'swapOnEpoch', options.swapOnEpoch ?? false);
  const useMeans: readonly TrainingCommand[] = [
    { type: 'keepWeights', slot: means, from: 'averages' },
    { type: 'restoreWeights', slot: means },
  ];
  return defineCallback('swapEma', (events$) =>
    defer(() => {
      let [stepped, swapped] = [false, false];
      const swap = (wanted: boolean): readonly TrainingCommand[] => {
        if (wanted === swapped || !stepped) return [];
        swapped = wanted;
        return wanted ? [{ type: 'keepWeights', slot: own }, ...useMeans] : [{ type: 'restoreWeights', slot: own }];
      };
      const answer = (event: TrainingEvent): readonly TrainingCommand[] => {
        switch (event.type) {
          case 'stepEnd':
            stepped = true;
            return [];
          case 'validationBegin':
            return swap(true);
          case 'validationEnd':
          case 'epochBegin':
            return swap(false);
          case 'epochEnd':
            // A validation that was broken off has no end of its own.
            return swap(swapOnEpoch);
          case 'trainEnd':
            return swap(event.reason !== 'failed');
          default:
            return [];
        }
      };
      return events$.pipe(concatMap(answer));
    }),
  );
}

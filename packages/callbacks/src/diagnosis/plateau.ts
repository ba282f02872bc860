import { checkNumber, checkOptions, type Callback, type Logs } from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { shareText } from '../internal/share-text.js';
import { watching, type Finding, type Watcher } from './watcher.js';

/** Options of `plateau`. */
export interface PlateauOptions {
  /** Epochs over which the loss has to come down. Default 5. */
  readonly patience?: number;
  /** Share of itself by which it has to come down over them. Default 0.01. */
  readonly minDelta?: number;
}

const WHERE = 'callbacks/plateau';
/** A loss above this share of where it began has not learned much yet. */
const MUCH = 0.5;
/** A plateau is over when the loss is below this share of what it was there. */
const OVER = 0.9;

/**
 * Finds a training loss that does not come down any more: its best value has improved by less than a share of itself over the last epochs.
 *
 * Where the loss is still above half of where it began, the network is stuck: a warning; else it may have learned what it can: an information. A loss that is 0 or
 * below is not judged. Reports the diagnosis `plateau` once, and again when the loss came down by a tenth and stopped again; evidence: `loss`, `best`, `first`, `epochs` without
 * improvement. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function plateau(options: PlateauOptions = {}): Callback {
  const begin = plateauWatcher(options);
  return watching('plateau', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function plateauWatcher(options: PlateauOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['patience', 'minDelta']);
  const patience = checkNumber(WHERE, 'patience', options.patience ?? 5, { min: 1, integer: true });
  const minDelta = checkNumber(WHERE, 'minDelta', options.minDelta ?? 0.01, { min: 0, max: 1 });
  return () => {
    let first: number | undefined;
    let best = Number.POSITIVE_INFINITY;
    let epochs = 0;
    let level: number | undefined;
    return {
      requests: [],
      examine(event) {
        const loss = event.type === 'epochEnd' ? event.logs['loss'] : undefined;
        if (loss === undefined || !Number.isFinite(loss)) return [];
        first ??= loss;
        const improved = loss < best * (1 - minDelta);
        if (improved) best = loss;
        epochs = improved ? 0 : epochs + 1;
        if (level !== undefined && best < OVER * level) level = undefined;
        if (level !== undefined || !(loss > 0 && first > 0 && epochs >= patience)) return [];
        level = best;
        return [finding({ loss, best, first, epochs }, minDelta)];
      },
    };
  };
}

function finding(
  evidence: Logs & { readonly best: number; readonly first: number; readonly epochs: number },
  minDelta: number,
): Finding {
  const { best, first, epochs } = evidence;
  const stuck = best > MUCH * first;
  return {
    name: 'plateau',
    severity: stuck ? 'warning' : 'info',
    message:
      `The loss has not come down by ${shareText(minDelta)} for ${epochs} epochs: it is at ${numberText(best)}` +
      (stuck ? `, and it began at ${numberText(first)}: the network is stuck` : ''),
    evidence,
    remedy: stuck
      ? 'Try a learning rate three times higher and one ten times lower; see whether vanishing gradients or dead units are reported; bring inputs to a size of about 1; ' +
        'see whether it can learn ten examples by heart: if not, the network or the labels are wrong.'
      : 'Lower the learning rate (a schedule, or reduceLearningRateOnPlateau), or stop here (earlyStopping); for a lower loss take a larger network.',
  };
}

import { checkNumber, checkOptions, type Callback } from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { Episodes } from './episodes.js';
import { watching, type Finding, type Watcher } from './watcher.js';

/** Options of `overfitting`. */
export interface OverfittingOptions {
  /** Epochs after the best one that a finding needs. Default 3. */
  readonly patience?: number;
  /** Share of its best value by which the validation loss has to have risen. Default 0.1. */
  readonly rise?: number;
}

const WHERE = 'callbacks/overfitting';

/**
 * Finds a network that learns its examples by heart: the loss on the validation data has risen from its best value for some epochs, while the loss on the
 * training data went on falling.
 *
 * Needs validation in `fit`, else it says nothing. Reports the diagnosis `overfitting` once, and again after the validation loss had a new best value; evidence: `bestEpoch`
 * (0-based), `best`, `val_loss`, `loss`, and `gap`, the difference of the two. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function overfitting(options: OverfittingOptions = {}): Callback {
  const begin = overfittingWatcher(options);
  return watching('overfitting', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function overfittingWatcher(options: OverfittingOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['patience', 'rise']);
  const patience = checkNumber(WHERE, 'patience', options.patience ?? 3, { min: 1, integer: true });
  const rise = checkNumber(WHERE, 'rise', options.rise ?? 0.1, { min: 0 });
  return () => {
    let best: { readonly epoch: number; readonly value: number; readonly loss: number } | undefined;
    const episodes = new Episodes();
    return {
      requests: [],
      examine(event) {
        if (event.type !== 'epochEnd') return [];
        const { epoch, logs } = event;
        const [loss, value] = [logs['loss'], logs['val_loss']];
        if (loss === undefined || value === undefined || !Number.isFinite(loss) || !Number.isFinite(value)) return [];
        if (best === undefined || value < best.value) best = { epoch, value, loss };
        const risen = value - best.value > rise * Math.abs(best.value);
        const sick = epoch - best.epoch >= patience && risen && loss < best.loss;
        return episodes.begins(sick) ? [finding(best.epoch, best.value, value, loss)] : [];
      },
    };
  };
}

function finding(bestEpoch: number, best: number, value: number, loss: number): Finding {
  return {
    name: 'overfitting',
    severity: 'warning',
    message:
      `The network learns its examples by heart: since epoch ${bestEpoch + 1} the validation loss has risen from ${numberText(best)} to ${numberText(value)}, ` +
      `while the training loss fell to ${numberText(loss)}`,
    evidence: { bestEpoch, best, val_loss: value, loss, gap: value - loss },
    remedy:
      'Stop at the best epoch (earlyStopping({ restoreBestWeights: true })); take more data, or vary it (augmentation layers); add dropout or regularizers.l2(); or take a smaller network.',
  };
}

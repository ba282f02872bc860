import { checkNumber, checkOptions, type Callback, type LayerFacts } from '@gradstream/core';
import { median } from '../internal/quantile.js';
import { shareText } from '../internal/share-text.js';
import { Episodes } from './episodes.js';
import { watching, type Watcher } from './watcher.js';
import { paceOf } from './pace.js';

/** Options of `saturatedActivations`. */
export interface SaturatedActivationsOptions {
  /** Steps between two observations. Default: every 10th of the first 100 steps, then every 200th. */
  readonly every?: number;
  /** Observations that a finding rests on. Default 5. */
  readonly window?: number;
  /** Share of a layer's outputs that are saturated, from which on it is reported. Default 0.8. */
  readonly fraction?: number;
}

const WHERE = 'callbacks/saturatedActivations';

/**
 * Finds layers with sigmoid or tanh that are driven to the ends of it, where its slope is below a twentieth of the steepest and hardly a gradient gets through.
 *
 * The model's outputs are left out: a classifier that is sure of itself is no sick one. Counted is the median over a window of observed steps. Reports the
 * diagnosis `saturatedActivations` for each layer once, and again when it recovered and was saturated again; evidence: `saturatedFraction LAYER`. Throws `GS_OPTION_*`
 * for options that cannot be used.
 */
export function saturatedActivations(options: SaturatedActivationsOptions = {}): Callback {
  const begin = saturatedActivationsWatcher(options);
  return watching('saturatedActivations', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function saturatedActivationsWatcher(options: SaturatedActivationsOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every', 'window', 'fraction']);
  const pace = paceOf(WHERE, options.every);
  const window = checkNumber(WHERE, 'window', options.window ?? 5, { min: 1, integer: true });
  const limit = checkNumber(WHERE, 'fraction', options.fraction ?? 0.8, { min: 0, max: 1, exclusive: 'min' });
  return () => {
    let layers: readonly LayerFacts[] = [];
    const seen = new Map<string, readonly number[]>();
    const episodes = new Episodes();
    return {
      requests: [{ kind: 'activations', ...pace }],
      examine(event) {
        if (event.type === 'trainBegin') layers = event.model.layers.filter(({ output }) => !output);
        if (event.type !== 'statistics' || event.kind !== 'activations') return [];
        const shares = layers.flatMap(({ name, activation }) => {
          const share = event.tensors[name]?.saturatedFraction;
          if (share === undefined) return [];
          const last = [...(seen.get(name) ?? []), share].slice(-window);
          seen.set(name, last);
          return last.length < window ? [] : [{ name, activation: activation!, share: median(last) }];
        });
        const struck = shares.filter(({ name, share }) => episodes.begins(share >= limit, name));
        if (struck.length === 0) return [];
        const list = struck.map(({ name, activation, share }) => `${shareText(share)} of "${name}" (${activation})`);
        return [
          {
            name: 'saturatedActivations',
            severity: 'warning',
            message: `Activations are saturated, where hardly a gradient gets through: ${list.join(', ')}`,
            evidence: Object.fromEntries(shares.map(({ name, share }) => [`saturatedFraction ${name}`, share])),
            remedy:
              'Bring inputs to a mean of 0 and a deviation of 1 (normalization); draw kernels with "glorotUniform", not larger; take a lower learning rate; put batchNormalization or ' +
              'layerNormalization in front of the activation; or use relu or gelu.',
          },
        ];
      },
    };
  };
}

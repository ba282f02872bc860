import { checkNumber, checkOptions, type Callback, type LayerFacts } from '@gradstream/core';
import { shareText } from '../internal/share-text.js';
import { Episodes } from './episodes.js';
import { watching, type Finding, type Watcher } from './watcher.js';
import { paceOf } from './pace.js';

/** Options of `deadRelus`. */
export interface DeadRelusOptions {
  /** Steps between two observations. Default: every 10th of the first 100 steps, then every 200th. */
  readonly every?: number;
  /** Observed steps over which a unit has to be 0 on every sample. Default 5. */
  readonly window?: number;
  /** Share of a layer's units that are dead, from which on it is reported. Default 0.5. */
  readonly fraction?: number;
}

const WHERE = 'callbacks/deadRelus';
/** Activations that are 0 for every input below 0, with a slope of 0: what is there gets no gradient and cannot come back. */
const FLAT = ['relu', 'relu6'];

/**
 * Finds units behind relu and relu6 that are dead: 0 on every sample of a window of observed steps, so that they give nothing and learn nothing.
 *
 * A unit is a place on the last axis: a neuron, or a channel of images. Reports the diagnosis `deadRelus` for each layer once, and again when it recovered and
 * died again; evidence: `deadFraction LAYER` of each layer with units that can die. Throws `GS_OPTION_*` for options that cannot be used.
 * Source: Lu, Shin, Su, Karniadakis, "Dying ReLU and initialization: theory and numerical examples", 2019.
 */
export function deadRelus(options: DeadRelusOptions = {}): Callback {
  const begin = deadRelusWatcher(options);
  return watching('deadRelus', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function deadRelusWatcher(options: DeadRelusOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every', 'window', 'fraction']);
  const pace = paceOf(WHERE, options.every);
  const window = checkNumber(WHERE, 'window', options.window ?? 5, { min: 1, integer: true });
  const limit = checkNumber(WHERE, 'fraction', options.fraction ?? 0.5, { min: 0, max: 1, exclusive: 'min' });
  return () => {
    let layers: readonly LayerFacts[] = [];
    const episodes = new Episodes();
    return {
      requests: [{ kind: 'activations', ...pace, window }],
      examine(event) {
        if (event.type === 'trainBegin')
          layers = event.model.layers.filter(({ activation }) => FLAT.includes(activation!));
        if (event.type !== 'statistics' || event.kind !== 'activations') return [];
        const dead = layers.flatMap(({ name }) => {
          const share = event.tensors[name]?.deadFraction;
          return share === undefined ? [] : [{ name, share }];
        });
        const struck = dead.filter(({ name, share }) => episodes.begins(share >= limit, name));
        return struck.length > 0 ? [finding(struck, dead)] : [];
      },
    };
  };
}

interface DeadShare {
  readonly name: string;
  readonly share: number;
}

function finding(struck: readonly DeadShare[], all: readonly DeadShare[]): Finding {
  const list = struck.map(({ name, share }) => `${shareText(share)} of "${name}"`).join(', ');
  return {
    name: 'deadRelus',
    severity: 'warning',
    message: `Units behind relu are dead, 0 on every sample: ${list}`,
    evidence: Object.fromEntries(all.map(({ name, share }) => [`deadFraction ${name}`, share])),
    remedy:
      'Take a lower learning rate, since large updates push units below 0 for good; use leakyRelu() or prelu() (or elu, gelu) in place of relu, which let a gradient through below 0; ' +
      'draw kernels with "heNormal" and leave biases at 0; bring inputs to a mean of about 0. Units that are dead come back with none of these but the activation: train anew.',
  };
}

import {
  checkNumber,
  checkOptions,
  type Callback,
  type Logs,
  type Statistics,
  type TrainingEvent,
} from '@gradstream/core';
import { numberText } from '../internal/number-text.js';
import { Alarm } from './alarm.js';
import { kernelsOf, normOfAll, updateRatios, type Kernel } from './kernels.js';
import { Reference } from './reference.js';
import { watching, type Finding, type Watcher } from './watcher.js';
import { paceOf } from './pace.js';

/** Options of `explodingGradients`. */
export interface ExplodingGradientsOptions {
  /** Steps between two observations. Default: every 10th of the first 100 steps, then every 200th. The first 5 are all observed, of the loss the first 20: most explosions happen there. */
  readonly every?: number;
  /** Times the usual norm of the gradients, or the usual loss, that is too much. Default 16. */
  readonly factor?: number;
  /** Norm of an update over the norm of its weight that is too much. Default 0.5. */
  readonly updateToWeight?: number;
}

const WHERE = 'callbacks/explodingGradients';
/** Steps that are all observed: of tensors, and of the loss, which costs next to nothing. */
const WARM_UP = 5;
const LOSS_WARM_UP = 20;

/**
 * Finds gradients that grow beyond all measure, by what they do: their norm is many times its running median, the loss jumps, or updates are as large as the weights
 * that they change. Numbers that are no longer finite after one of these count too; those that come out of nothing are left to `nonFiniteValues`.
 *
 * A norm or a loss is usual up to the larger one of the median of the first observations and that of the last ones: near the end of a training, when most batches
 * have hardly a gradient, one that has is no explosion. Three observations in a row have to agree, or one that is ten times beyond the bound. Reports the diagnosis
 * `explodingGradients` once, and again when it went away and came back, with the evidence `norm`, `usualNorm`, `loss`, `usualLoss` and `updateToWeight` as far as
 * known. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function explodingGradients(options: ExplodingGradientsOptions = {}): Callback {
  const begin = explodingGradientsWatcher(options);
  return watching('explodingGradients', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function explodingGradientsWatcher(options: ExplodingGradientsOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every', 'factor', 'updateToWeight']);
  const pace = paceOf(WHERE, options.every);
  const factor = checkNumber(WHERE, 'factor', options.factor ?? 10, { min: 1, exclusive: 'min' });
  const most = checkNumber(WHERE, 'updateToWeight', options.updateToWeight ?? 0.5, { min: 0, exclusive: 'min' });
  return () => new ExplodingGradients(pace, factor, most);
}

/** The signs by which it is found. */
type Sign = 'norm' | 'loss' | 'updateToWeight';

class ExplodingGradients implements Watcher {
  readonly requests: Watcher['requests'];
  readonly #usual = { norm: new Reference(), loss: new Reference() };
  readonly #alarms: Readonly<Record<Sign, Alarm>> = {
    norm: new Alarm(),
    loss: new Alarm(),
    updateToWeight: new Alarm(),
  };
  readonly #sounding = new Set<Sign>();
  #kernels: readonly Kernel[] = [];
  #updates: Statistics | undefined;
  #evidence: Logs = {};

  constructor(
    pace: ReturnType<typeof paceOf>,
    readonly factor: number,
    readonly most: number,
  ) {
    const kinds = ['gradients', 'updates', 'weights'] as const;
    this.requests = [
      { kind: 'loss', ...pace, warmUp: LOSS_WARM_UP },
      ...kinds.map((kind) => ({ kind, ...pace, warmUp: WARM_UP })),
    ];
  }

  examine(event: TrainingEvent): readonly Finding[] {
    if (event.type === 'trainBegin') this.#kernels = kernelsOf(event.model);
    if (event.type === 'stepEnd' && event.loss !== undefined) return this.#size('loss', event.loss);
    if (event.type !== 'statistics') return [];
    if (event.kind === 'gradients') return this.#size('norm', normOfAll(event));
    if (event.kind === 'updates') this.#updates = event;
    if (event.kind !== 'weights' || this.#updates?.globalStep !== event.globalStep) return [];
    const ratios = [...updateRatios(this.#kernels, this.#updates.tensors, event.tensors).values()];
    if (ratios.length === 0) return [];
    const ratio = Math.max(...ratios);
    this.#evidence = { ...this.#evidence, updateToWeight: ratio };
    return this.#judge('updateToWeight', ratio, this.most);
  }

  #size(sign: 'norm' | 'loss', value: number): readonly Finding[] {
    const reference = this.#usual[sign];
    const { usual } = reference;
    const known = usual > 0;
    if (Number.isFinite(value)) reference.add(value);
    this.#evidence = {
      ...this.#evidence,
      [sign]: value,
      ...(known ? { [sign === 'norm' ? 'usualNorm' : 'usualLoss']: usual } : {}),
    };
    // What is not above 0, as some losses are, has no multiple that it could be compared with.
    return this.#judge(sign, value, known ? this.factor * usual : Number.NaN);
  }

  #judge(sign: Sign, value: number, bound: number): readonly Finding[] {
    const suspected = Object.values(this.#alarms).some(({ suspects }) => suspects);
    const quiet = this.#sounding.size === 0;
    if (this.#alarms[sign].sounds(value, bound, suspected)) this.#sounding.add(sign);
    else this.#sounding.delete(sign);
    return quiet && this.#sounding.has(sign) ? [findingOf(sign, value, this.#evidence)] : [];
  }
}

function findingOf(sign: Sign, value: number, evidence: Logs): Finding {
  const { usualNorm, usualLoss } = evidence;
  const usual = sign === 'norm' ? usualNorm : usualLoss;
  const against = usual === undefined ? '' : `, where ${numberText(usual)} is usual`;
  const what = {
    norm: `their norm is ${numberText(value)}${against}`,
    loss: `the loss has jumped to ${numberText(value)}${against}`,
    updateToWeight: `one update is ${numberText(value)} times as large as the weight that it changes; 0.001 is usual`,
  };
  return {
    name: 'explodingGradients',
    severity: Number.isFinite(value) ? 'warning' : 'error',
    message: `The gradients explode: ${what[sign]}`,
    evidence,
    remedy:
      'Take a learning rate ten times smaller, or clip gradients (gradientClippingMonitor({ threshold: 1 }), or the optimizer option globalClipNorm); bring inputs and targets ' +
      'to a size of about 1 (normalization); put batchNormalization or layerNormalization between the layers; draw kernels smaller, or hold them small with regularizers.l2(). ' +
      'If single batches do it, look at their data.',
  };
}

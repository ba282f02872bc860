import { checkNumber, checkOptions, type Callback, type ModelFacts, type Statistics } from '@gradstream/core';
import { median } from '../internal/quantile.js';
import { numberText } from '../internal/number-text.js';
import { Episodes } from './episodes.js';
import { kernelsOf, updateRatios, type Kernel } from './kernels.js';
import { watching, type Finding, type Watcher } from './watcher.js';
import { paceOf } from './pace.js';

/** Options of `vanishingGradients`. */
export interface VanishingGradientsOptions {
  /** Steps between two observations. Default: every 10th of the first 100 steps, then every 200th. */
  readonly every?: number;
  /** Observations that a finding rests on. Default 5. */
  readonly window?: number;
  /** The first layers' gradients over the last layers', below which they have vanished. Default 0.001. */
  readonly ratio?: number;
}

const WHERE = 'callbacks/vanishingGradients';

/**
 * Finds gradients that get lost on their way back: those of the first layers are a small share of those of the last ones, so that the first layers hardly learn.
 *
 * Compared are the root mean squares of the gradients of kernels, the median of the first third of the layers with that of the last third, as a median over a
 * window of observed steps. Evidence: both and their `ratio`, `updateToWeight` of both (norm of an update over norm of the weight; 0.001 is usual), and
 * `gradient PATH` of each kernel. Reports the diagnosis `vanishingGradients` once, and again when it went away and came back. Nothing is said of networks with
 * fewer than three layers that train, nor of gradients that are exactly 0, which are dead units' work; of gradients through time, inside a recurrent layer,
 * nothing is seen. Throws `GS_OPTION_*` for options that cannot be used.
 */
export function vanishingGradients(options: VanishingGradientsOptions = {}): Callback {
  const begin = vanishingGradientsWatcher(options);
  return watching('vanishingGradients', () => [begin()]);
}

/** The same as a part of several diagnoses. */
export function vanishingGradientsWatcher(options: VanishingGradientsOptions = {}): () => Watcher {
  checkOptions(WHERE, options, ['every', 'window', 'ratio']);
  const pace = paceOf(WHERE, options.every);
  const window = checkNumber(WHERE, 'window', options.window ?? 5, { min: 1, integer: true });
  const limit = checkNumber(WHERE, 'ratio', options.ratio ?? 1e-3, { min: 0, max: 1, exclusive: 'both' });
  return () => {
    let model: ModelFacts | undefined;
    let kernels: readonly Kernel[] = [];
    let profiles: Profile[] = [];
    let updates: Statistics | undefined;
    let ratios: ReadonlyMap<string, number> = new Map();
    const episodes = new Episodes();

    const examineGradients = (tensors: Statistics['tensors']): Finding[] => {
      const profile = profileOf(kernels, tensors);
      if (profile === undefined) return [];
      profiles = [...profiles, profile].slice(-window);
      const ratio = median(profiles.map(({ early, late }) => early / late));
      const sick = profiles.length === window && ratio < limit && ratio > 0;
      return episodes.begins(sick) ? [finding(model!, kernels, profiles, ratios)] : [];
    };

    return {
      requests: (['gradients', 'updates', 'weights'] as const).map((kind) => ({ kind, ...pace })),
      examine(event) {
        if (event.type === 'trainBegin') {
          model = event.model;
          kernels = kernelsOf(model);
        }
        if (event.type !== 'statistics' || kernels.length < 3 || event.globalStep % pace.every !== 0) return [];
        if (event.kind === 'updates') updates = event;
        if (event.kind === 'weights' && updates?.globalStep === event.globalStep)
          ratios = updateRatios(kernels, updates.tensors, event.tensors);
        return event.kind === 'gradients' ? examineGradients(event.tensors) : [];
      },
    };
  };
}

/** Gradients of one step: of each kernel, and of the first and the last layers. */
interface Profile {
  readonly early: number;
  readonly late: number;
  readonly all: readonly number[];
}

const thirdOf = (kernels: readonly unknown[]): number => Math.max(1, Math.floor(kernels.length / 3));

/** Undefined where a gradient is missing, no number, or 0 everywhere at the end. */
function profileOf(kernels: readonly Kernel[], tensors: Statistics['tensors']): Profile | undefined {
  const all = kernels.map(({ path }) => {
    const { norm, size } = tensors[path] ?? { norm: Number.NaN, size: 1 };
    return norm / Math.sqrt(size);
  });
  if (!all.every(Number.isFinite)) return undefined;
  const third = thirdOf(all);
  const late = median(all.slice(-third));
  return late > 0 ? { early: median(all.slice(0, third)), late, all } : undefined;
}

function finding(
  { layers }: ModelFacts,
  kernels: readonly Kernel[],
  profiles: readonly Profile[],
  ratios: ReadonlyMap<string, number>,
): Finding {
  const middle = (pick: (profile: Profile) => number): number => median(profiles.map(pick));
  const [earlyGradient, lateGradient] = [middle(({ early }) => early), middle(({ late }) => late)];
  const ratio = middle(({ early, late }) => early / late);
  const third = thirdOf(kernels);
  const moved = (some: readonly Kernel[]): number =>
    median(some.flatMap(({ path }) => (ratios.has(path) ? [ratios.get(path)!] : [])));
  const [earlyMoves, lateMoves] = [moved(kernels.slice(0, third)), moved(kernels.slice(-third))];
  const squashing = layers.filter(
    ({ activation, output }) => !output && (activation === 'sigmoid' || activation === 'tanh'),
  );
  return {
    name: 'vanishingGradients',
    severity: 'warning',
    message:
      `The gradients vanish on their way back: those of the first layers, from "${kernels[0]!.layer}" on, are ${numberText(ratio)} times those of the last, ` +
      `up to "${kernels.at(-1)!.layer}", so the first ones hardly learn`,
    evidence: {
      ratio,
      earlyGradient,
      lateGradient,
      ...(Number.isNaN(earlyMoves) ? {} : { earlyUpdateToWeight: earlyMoves, lateUpdateToWeight: lateMoves }),
      ...Object.fromEntries(kernels.map(({ path }, index) => [`gradient ${path}`, middle(({ all }) => all[index]!)])),
    },
    remedy:
      (squashing.length > 0
        ? `Use relu in place of ${[...new Set(squashing.map(({ activation }) => activation))].join(' and ')} between the layers, with kernelInitializer "heNormal"; `
        : 'Draw the kernels larger (kernelInitializer "heNormal" for relu, "lecunNormal" for selu, "glorotUniform" for tanh); ') +
      'put batchNormalization or layerNormalization between the layers; lead every second layer or so around the next ones with add (residual connections); or take fewer layers.',
  };
}

import { checkBoolean, checkNumber } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { addDecayedWeights } from './add-decayed-weights.js';
import { chain } from './chain.js';
import type { GradientTransformation } from './gradient-transformation.js';
import { checkRecipeOptions, recipe } from './internal/recipe.js';
import { patternSources, weightPredicate, type WeightPatterns } from './internal/weight-patterns.js';
import type { OptimizerOptions } from './optimizer-options.js';
import {
  orthogonalizeMomentum,
  orthogonalizeMomentumOptionNames,
  type OrthogonalizeMomentumOptions,
} from './orthogonalize-momentum.js';
import { partition } from './partition.js';
import { scaleBy } from './scale-by.js';
import { scaleByAdam } from './scale-by-adam.js';
import { scaleByLearningRate } from './scale-by-learning-rate.js';
import type { Schedule } from './schedules/schedule.js';

/** Options of `muon`. The default learning rate is 0.001, the default weight decay of the matrices 0.004. */
export interface MuonOptions extends OptimizerOptions, OrthogonalizeMomentumOptions {
  /** Adam's decay of the mean of gradients, in [0, 1). Default 0.9. */
  readonly adamBeta1?: number;
  /** Adam's decay of the mean of squared gradients, in [0, 1). Default 0.999. */
  readonly adamBeta2?: number;
  /** Keeps Adam's division finite; above 0. Default 1e-7. */
  readonly epsilon?: number;
  /** Weight decay of what Adam trains, at least 0. Default 0.004. */
  readonly adamWeightDecay?: number;
  /** Adam's learning rate over that of the matrices, above 0. Default 1. */
  readonly adamLrRatio?: number;
  /** Leaves matrices to Adam whose path has the word "embedding" in it, in any case. Default true. */
  readonly excludeEmbeddings?: boolean;
  /** Which other matrices are left to Adam: by a function of the path, or texts and regular expressions. Default: none. */
  readonly excludeLayers?: WeightPatterns;
}

const OWN_NAMES = [
  'adamBeta1',
  'adamBeta2',
  'epsilon',
  'adamWeightDecay',
  'adamLrRatio',
  'excludeEmbeddings',
  'excludeLayers',
];

/**
 * Muon: momentum made orthogonal for matrices, Adam for every other weight, for embeddings and for what `excludeLayers` names.
 *
 * `chain(partition(by, { muon: orthogonalizeMomentum(...), adam: scaleByAdam(...) }), scaleByLearningRate(learningRate), partition(by, { muon: addDecayedWeights(weightDecay),
 * adam: addDecayedWeights(adamWeightDecay) }))` with clipping before it. Keras' rule; a text in Keras' `exclude_layers` is a regular expression, here it is
 * plain text. Throws `GS_OPTION_*` and `GS_OPTIMIZER_CLIPPING`.
 */
export function muon(options: MuonOptions = {}): GradientTransformation {
  const where = 'optimizers/muon';
  checkRecipeOptions(where, options, [...orthogonalizeMomentumOptionNames, ...OWN_NAMES]);
  const { momentum = 0.95, nesterov = true, nsSteps = 5, rmsRate = 0.2 } = options;
  const { muonA = 3.4445, muonB = -4.775, muonC = 2.0315 } = options;
  const { adamBeta1 = 0.9, adamBeta2 = 0.999, epsilon = 1e-7, weightDecay = 0.004, adamWeightDecay = 0.004 } = options;
  const ratio = options.adamLrRatio ?? 1;
  const adamLrRatio = checkNumber(where, 'adamLrRatio', ratio, { min: 0, exclusive: 'min' });
  const excludeEmbeddings = checkBoolean(where, 'excludeEmbeddings', options.excludeEmbeddings ?? true);
  const { excludeLayers = [], excludeFromWeightDecay: exclude } = options;
  const excluded = weightPredicate(where, 'excludeLayers', excludeLayers);

  const by = (path: string, { rank }: Tensor): string =>
    rank !== 2 || (excludeEmbeddings && /embedding/i.test(path)) || excluded(path) ? 'adam' : 'muon';
  const orthogonal = { momentum, nesterov, nsSteps, muonA, muonB, muonC, rmsRate };
  const adam = scaleByAdam({ beta1: adamBeta1, beta2: adamBeta2, epsilon });
  const rule = (learningRate: number | Schedule): GradientTransformation[] => {
    const decay = { learningRate, ...(exclude === undefined ? {} : { exclude }) };
    return [
      partition(by, {
        muon: orthogonalizeMomentum(orthogonal),
        adam: adamLrRatio === 1 ? adam : chain(adam, scaleBy(adamLrRatio)),
      }),
      scaleByLearningRate(learningRate),
      partition(by, {
        muon: weightDecay === 0 ? chain() : addDecayedWeights(weightDecay, decay),
        adam: adamWeightDecay === 0 ? chain() : addDecayedWeights(adamWeightDecay, decay),
      }),
    ];
  };
  const layers = patternSources(excludeLayers);
  const own = {
    ...orthogonal,
    ...{ adamBeta1, adamBeta2, epsilon, adamWeightDecay, adamLrRatio, excludeEmbeddings },
    excludeLayers: layers ?? null,
  };
  const same = recipe({
    type: 'Muon',
    where,
    options: { ...options, weightDecay },
    learningRate: 0.001,
    own,
    rule,
    decay: 'inside',
  });
  if (layers !== undefined) return same;
  const { config: _, ...rest } = same;
  return rest;
}

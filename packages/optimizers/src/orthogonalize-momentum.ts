import { checkBoolean, checkNumber, checkOptions, describeShape, GradstreamError } from '@gradstream/core';
import { add, div, matMul, mul, sqrt, transpose, type Tensor2D, type Tensor } from '@tensorflow/tfjs-core';
import type { GradientTransformation, Tensors } from './gradient-transformation.js';
import { eachWeight } from './internal/each-weight.js';
import { filled } from './internal/filled.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { weightEntries, zerosFor } from './internal/state-access.js';
import { sumOfSquares } from './internal/sum-of-squares.js';

/** Options of `orthogonalizeMomentum`. */
export interface OrthogonalizeMomentumOptions {
  /** Share of the old momentum that is kept, in [0, 1). Default 0.95. */
  readonly momentum?: number;
  /** Looks ahead: orthogonalizes `g + momentum * m` instead of m. Default true. */
  readonly nesterov?: boolean;
  /** Steps of the Newton-Schulz iteration, at least 1. Default 5. */
  readonly nsSteps?: number;
  /** Coefficients of its polynomial `a x + b x^3 + c x^5`. Defaults 3.4445, -4.775, 2.0315. */
  readonly muonA?: number;
  readonly muonB?: number;
  readonly muonC?: number;
  /** Multiplies with `rmsRate * sqrt(max(rows, columns))`, so that steps are as large as Adam's; null: not at all. Default 0.2. */
  readonly rmsRate?: number | null;
}

/** The names of the options, for recipes. */
export const orthogonalizeMomentumOptionNames: readonly string[] = [
  'momentum',
  'nesterov',
  'nsSteps',
  'muonA',
  'muonB',
  'muonC',
  'rmsRate',
];

/** Keeps the division by the norm finite. */
const EPSILON = 1e-7;

/**
 * Muon's direction for matrices: momentum `m = momentum * m + g`, made nearly orthogonal by a Newton-Schulz iteration: all singular values
 * come near 1 (between about 0.7 and 1.2 with the default coefficients).
 *
 * With x the momentum over its Frobenius norm, wide side last, each step is `A = x xT`, `x = a x + (b A + c A A) x`. Keras' formula.
 * Throws `GS_OPTION_*` for bad options and `GS_OPTIMIZER_WEIGHT` for a weight that is no matrix.
 * Source: Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024; Liu et al., "Muon is scalable for LLM training", 2025 (rmsRate).
 */
export function orthogonalizeMomentum(options: OrthogonalizeMomentumOptions = {}): GradientTransformation {
  const where = 'optimizers/orthogonalizeMomentum';
  checkOptions(where, options, orthogonalizeMomentumOptionNames);
  const momentum = checkNumber(where, 'momentum', options.momentum ?? 0.95, { min: 0, max: 1, exclusive: 'max' });
  const nesterov = checkBoolean(where, 'nesterov', options.nesterov ?? true);
  const nsSteps = checkNumber(where, 'nsSteps', options.nsSteps ?? 5, { min: 1, integer: true });
  const coefficients = {
    a: checkNumber(where, 'muonA', options.muonA ?? 3.4445),
    b: checkNumber(where, 'muonB', options.muonB ?? -4.775),
    c: checkNumber(where, 'muonC', options.muonC ?? 2.0315),
  };
  const { rmsRate = 0.2 } = options;
  if (rmsRate !== null) checkNumber(where, 'rmsRate', rmsRate, { min: 0, exclusive: 'min' });

  return scaledTransformation(
    where,
    (params) => {
      checkMatrices(where, params);
      return { m: zerosFor(params) };
    },
    (scaled, state, params) => {
      const old = weightEntries(where, state, 'm', params);
      const gradients = settle(scaled);
      const keep = filled(momentum);
      const { m, direction } = eachWeight(params, ['m', 'direction'], (path, { shape }) => {
        const gradient = gradients[path]!;
        const newM = add(mul(old[path]!, keep), gradient);
        const ahead = nesterov ? add(mul(newM, keep), gradient) : newM;
        const orthogonal = nearestOrthogonal(ahead as Tensor2D, nsSteps, coefficients);
        const size = rmsRate === null ? 1 : Math.sqrt(Math.max(...shape)) * rmsRate;
        return { m: newM, direction: mul(orthogonal, filled(size)) };
      });
      return { updates: { tensors: direction }, state: { m } };
    },
  );
}

function nearestOrthogonal(
  matrix: Tensor2D,
  steps: number,
  { a, b, c }: { readonly a: number; readonly b: number; readonly c: number },
): Tensor {
  const tall = matrix.shape[0] > matrix.shape[1];
  const [ofX, ofA, ofSquare] = [filled(a), filled(b), filled(c)];
  let x: Tensor2D = tall ? transpose(matrix) : matrix;
  x = div(x, add(sqrt(sumOfSquares(x)), filled(EPSILON)));
  for (let step = 0; step < steps; step++) {
    const gram: Tensor2D = matMul(x, x, false, true);
    const polynomial: Tensor2D = add(mul(gram, ofA), mul(matMul(gram, gram), ofSquare));
    x = add(mul(x, ofX), matMul(polynomial, x));
  }
  return tall ? transpose(x) : x;
}

function checkMatrices(where: string, params: Tensors): void {
  for (const [path, { rank, shape }] of Object.entries(params)) {
    if (rank === 2) continue;
    throw new GradstreamError('GS_OPTIMIZER_WEIGHT', {
      where,
      what: `The weight "${path}" is no matrix`,
      expected: 'weights of 2 dimensions',
      received: describeShape(shape),
      next: 'Use muon(), or partition(): other weights need another rule.',
    });
  }
}

import { runningMean, stopGradient } from '@gradstream/autodiff';
import { checkNumber, checkOptions, GradstreamError } from '@gradstream/core';
import { add, div, maximum, minimum, mul, relu, scalar, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core';
import type { CallContext } from '../layer.js';
import type { BatchStatistics } from './batch-statistics.js';

/** The bounds of batch renormalization: r between `rmin` and `rmax`, d between `-dmax` and `dmax`. What is left out is no bound. */
export interface RenormClipping {
  readonly rmax?: number;
  readonly rmin?: number;
  readonly dmax?: number;
}

/** Throws what the options deserve; `rmax` is not below `rmin`. */
export function checkClipping(where: string, clipping: unknown): RenormClipping | undefined {
  if (clipping === undefined) return undefined;
  checkOptions(`${where} renormClipping`, clipping, ['rmax', 'rmin', 'dmax']);
  const { rmax, rmin, dmax } = clipping as RenormClipping;
  if (rmin !== undefined) checkNumber(where, 'rmin', rmin);
  if (rmax !== undefined) checkNumber(where, 'rmax', rmax, rmin === undefined ? {} : { min: rmin });
  if (dmax !== undefined) checkNumber(where, 'dmax', dmax, { min: 0 });
  return clipping as RenormClipping;
}

/** Throws `GS_OPTION_VALUE` for statistics over several devices: there is one. */
export function checkAlone(where: string, synchronized: unknown): false {
  if (synchronized === undefined || synchronized === false) return false;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "synchronized" asks for statistics over several devices',
    expected: 'false: a training runs on one device, whose statistics are all there are',
    received: String(synchronized),
    next: 'Leave it out: on one device the numbers are the same.',
  });
}

/** What `renormalize` works with. */
interface Renormalization {
  readonly weights: Readonly<Record<string, Tensor>>;
  /** Normalizes the batch, without scale and offset, and gives its statistics. */
  readonly run: () => readonly [Tensor, BatchStatistics];
  readonly momentum: number;
  readonly renormMomentum: number;
  readonly epsilon: number;
  readonly clipping: RenormClipping | undefined;
  readonly update: CallContext['update'];
}

/**
 * Batch renormalization: `(normal * r + d) * gamma + beta`, where r and d, constants for gradients, lead from the batch's statistics to running ones. Updates all
 * running statistics.
 */
export function renormalize({
  weights,
  run,
  momentum,
  renormMomentum,
  epsilon,
  clipping,
  update,
}: Renormalization): Tensor {
  const { gamma, beta, renorm_mean: runningCentre, renorm_stddev: runningDeviation } = weights;
  const [normal, { mean, variance }] = run();
  const deviation = sqrt(add(variance, epsilon));
  const divisor = maximum(runningDeviation!, scalar(Math.sqrt(epsilon)));
  const r = stopGradient(clip(div(deviation, divisor), clipping?.rmin, clipping?.rmax));
  const { dmax } = clipping ?? {};
  const d = stopGradient(clip(div(sub(mean, runningCentre!), divisor), dmax === undefined ? dmax : -dmax, dmax));

  update?.('renorm_mean', runningMean(runningCentre!, mean, renormMomentum));
  update?.('renorm_stddev', runningMean(runningDeviation!, deviation, renormMomentum));
  update?.('moving_mean', runningMean(weights.moving_mean!, mean, momentum));
  const movingDeviation = runningMean(weights.moving_stddev!, deviation, momentum);
  update?.('moving_stddev', movingDeviation);
  update?.('moving_variance', relu(sub(square(movingDeviation), epsilon)));

  const factor = gamma === undefined ? r : mul(r, gamma);
  const moved = gamma === undefined ? d : mul(d, gamma);
  return add(mul(normal, factor), beta === undefined ? moved : add(moved, beta));
}

function clip(x: Tensor, low: number | undefined, high: number | undefined): Tensor {
  const raised = low === undefined ? x : maximum(x, low);
  return high === undefined ? raised : minimum(raised, high);
}

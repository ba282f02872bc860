import { cast, type Tensor } from '@tensorflow/tfjs-core';
import { alignElementwise } from '../../internal/align-targets.js';

/** The targets as float32 in exactly the output's shape; throws `GS_METRIC_SHAPE` where they do not fit. */
export function alignValues(where: string, yTrue: Tensor, yPred: Tensor): Tensor {
  const targets = alignElementwise('GS_METRIC_SHAPE', where, yTrue, yPred);
  return targets.dtype === 'float32' ? targets : cast(targets, 'float32');
}

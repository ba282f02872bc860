import { Cast, OneHot, type Tensor } from '@tensorflow/tfjs-core';
import { runKernel } from './run-kernel.js';

/** Class numbers as float32 rows with a single 1. Made as whole numbers first: tfjs-backend-wasm writes their bits into a float32 result. */
export function encodeClasses(indices: Tensor, depth: number): Tensor {
  const flags = runKernel(OneHot, { indices }, { depth, onValue: 1, offValue: 0, dtype: 'int32' });
  return runKernel(Cast, { x: flags }, { dtype: 'float32' });
}

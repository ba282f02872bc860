import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { CudaBackend } from '../../cuda-backend.js';
import type { Address } from '../../driver/driver.js';
import { THREADS } from '../../internal/grid.js';
import { kernelsIn } from '../../internal/modules.js';

const kernels = kernelsIn('movement', {
  scatter_add_float: 'pppiii',
  scatter_add_int: 'pppiii',
  scatter_set: 'pppiii',
});

/**
 * Adds each row of x to the row of y that its id names, or puts it there, in the order of the rows: the same bits every time. Work grows with the square of the number
 * of rows, a comparison of whole numbers each. Ids out of range are left out.
 */
export function scatterRows(
  backend: CudaBackend,
  kind: 'add' | 'set',
  x: TensorInfo,
  ids: Address,
  y: TensorInfo,
  [rows, width, segments]: readonly [number, number, number],
): void {
  if (rows * width * segments === 0) return;
  const sum = x.dtype === 'int32' ? kernels.scatter_add_int : kernels.scatter_add_float;
  const values = [backend.address(x), ids, backend.address(y), rows, width, segments];
  backend.runtime.launch(kind === 'set' ? kernels.scatter_set : sum, [rows, 1, 1], THREADS, values);
}

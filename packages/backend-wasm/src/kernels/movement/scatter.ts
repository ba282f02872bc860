import { scatterKernels as kernelsOf } from '@gradstream/backend-kernels';
import { GradstreamError, describeShape } from '@gradstream/core';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { WasmSimdBackend } from '../../wasm-simd-backend.js';
import type { Kernel } from '../kernel.js';
import { moves } from './movement.js';

// What a row does to its place; see assembly/movement/scatter.ts.
const ADD = 0;
const ADD_WHOLE = 1;
const SET = 2;

/** Where in the first page of the memory the sizes of the indexed dimensions lie. */
const SIZES = 1024;

/** Rows at places that several indices name together: int32 [..., depth], each below the size of its dimension. */
export const scatterKernels: readonly Kernel[] = kernelsOf<WasmSimdBackend>({
  ...moves,
  scatter(backend, name, kind, tensors, rows, width, sizes) {
    const [updates, indices, y] = tensors;
    const code = kind === 'set' ? SET : updates.dtype === 'int32' ? ADD_WHOLE : ADD;
    const at = tensors.map((tensor) => backend.address(tensor)) as [number, number, number];
    backend.runtime.write(SIZES, sizes);
    const wrong = backend.runtime.wasm.scatter(code, ...at, rows, SIZES, sizes.length, width);
    return checked(name, backend, wrong, indices, sizes, y);
  },
  gatherRows(backend, x, indices, shape, rows, width, bytes, sizes) {
    const y = backend.output(shape, x.dtype);
    const at = [x, indices, y].map((tensor) => backend.address(tensor)) as [number, number, number];
    backend.runtime.write(SIZES, sizes);
    const wrong = backend.runtime.wasm.gatherRows(...at, rows, SIZES, sizes.length, width * bytes);
    return checked('GatherNd', backend, wrong, indices, sizes, y);
  },
});

/** y, or an error that names the row of indices which is out of range. */
function checked(
  name: string,
  backend: WasmSimdBackend,
  wrong: number,
  indices: TensorInfo,
  sizes: readonly number[],
  y: TensorInfo,
): TensorInfo {
  if (wrong < 0) return y;
  const depth = sizes.length;
  const row = Array.from(backend.readSync(indices.dataId) as Int32Array).slice(wrong * depth, (wrong + 1) * depth);
  backend.disposeIntermediateTensorInfo(y);
  throw new GradstreamError('GS_BACKEND_KERNEL', {
    where: `backend-wasm/${name}`,
    what: 'An index is out of range',
    expected: `indices of 0 or more, each below its size in ${describeShape(sizes)}`,
    received: `[${row}] in row ${wrong} of indices ${describeShape(indices.shape)}`,
    next: 'Check the indices against the shape.',
  });
}

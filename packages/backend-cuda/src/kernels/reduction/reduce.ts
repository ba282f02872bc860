import type { Address } from '../../driver/driver.js';
import type { CudaBackend } from '../../cuda-backend.js';
import { blocks, THREADS, WARPS } from '../../internal/grid.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';

/** What is joined, with the type of the numbers. */
export type Reduction =
  | `float_${'Sum' | 'Prod' | 'Max' | 'Min'}`
  | `int_${'Sum' | 'Prod' | 'Max' | 'Min'}`
  | `bool_${'All' | 'Any'}`;

const names: readonly Reduction[] = [
  ...(['Sum', 'Prod', 'Max', 'Min'] as const).flatMap((name) => [`float_${name}`, `int_${name}`] as const),
  'bool_All',
  'bool_Any',
];

const kernels: Readonly<Record<string, KernelName>> = kernelsIn(
  'reduction',
  Object.fromEntries(
    names.flatMap((name) => [
      [`warp_${name}`, 'ppiif'],
      [`rows_${name}`, 'ppiif'],
      [`columns_${name}`, 'ppiiif'],
    ]),
  ),
);

/** Rows up to this length are done by one warp. */
const WARP_ROW = 512;
/** So many blocks keep a device busy; with fewer results each is cut into parts, which are joined afterwards. */
const ENOUGH = 256;
const LEAST_PART = 4096;

/** y[outer][inner] = x[outer][n][inner] joined over n, divided by `divisor` at the end. */
export function reduce(
  backend: CudaBackend,
  name: Reduction,
  x: Address,
  y: Address,
  [outer, n, inner]: readonly [number, number, number],
  divisor = 1,
): void {
  if (outer * inner === 0) return;
  const { runtime } = backend;
  if (inner === 1 && n <= WARP_ROW)
    return runtime.launch(kernels[`warp_${name}`]!, [blocks(outer, 8), 1, 1], WARPS, [x, y, outer, n, divisor]);
  const results = inner === 1 ? outer : outer * blocks(inner, 32);
  const rowsOfPart = inner === 1 ? LEAST_PART : 128;
  const parts = Math.min(Math.floor(n / rowsOfPart), Math.ceil(ENOUGH / results), 1024);
  if (parts > 1) {
    const chunk = Math.ceil(n / parts);
    const count = Math.ceil(n / chunk);
    runtime.withScratch(outer * count * inner * 4, (between) => {
      run(backend, name, x, between, [outer, n, inner], chunk, 1);
      reduce(backend, name, between, y, [outer, count, inner], divisor);
    });
    return;
  }
  run(backend, name, x, y, [outer, n, inner], Math.max(1, n), divisor);
}

function run(
  { runtime }: CudaBackend,
  name: Reduction,
  x: Address,
  y: Address,
  [outer, n, inner]: readonly [number, number, number],
  chunk: number,
  divisor: number,
): void {
  const parts = blocks(n, chunk);
  if (inner === 1)
    return runtime.launch(kernels[`rows_${name}`]!, [outer, parts, 1], THREADS, [x, y, n, chunk, divisor]);
  const bytes = name.startsWith('bool') ? 1 : 4;
  for (let first = 0; first < outer; first += runtime.device.mostBlocks) {
    const count = Math.min(runtime.device.mostBlocks, outer - first);
    const from = x + first * n * inner * bytes;
    const to = y + first * parts * inner * bytes;
    runtime.launch(kernels[`columns_${name}`]!, [blocks(inner, 32), parts, count], WARPS, [
      from,
      to,
      n,
      inner,
      chunk,
      divisor,
    ]);
  }
}

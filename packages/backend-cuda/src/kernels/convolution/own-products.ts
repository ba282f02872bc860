import type { backend_util } from '@tensorflow/tfjs-core';
import type { Address } from '../../driver/driver.js';
import { blocks, gridFor, THREADS } from '../../internal/grid.js';
import { halfKernel } from '../../internal/half.js';
import { kernelsIn, type KernelName } from '../../internal/modules.js';
import type { Rounding } from '../../internal/rounding.js';
import type { CudaRuntime } from '../../internal/runtime.js';
import { endOf, finishWords, joinSplits, PLAIN, tilingOf, type Finish } from '../gemm.js';
import { divider } from './divider.js';

const convolutions = (sizes: readonly string[], end = ''): Record<string, string> =>
  Object.fromEntries(
    ['conv', 'conv_input', 'conv_filter'].flatMap((kind) =>
      sizes.flatMap((size) => ['', '_any'].map((any) => [`${kind}${any}_${size}${end}`, 'pppss'])),
    ),
  );
const SIZES = ['64', '128', '128x16', '128x32', '128x64'];
const kernels: Readonly<Record<string, KernelName>> = Object.assign(
  {},
  kernelsIn('convolution', convolutions(['32', ...SIZES])),
  ...['bf16', 'f16', 'tf32'].map((end) => kernelsIn(`convolution_${end}`, convolutions(SIZES, `_${end}`))),
);

/** Which of the three products of a convolution. */
export type ConvolutionKind = 'conv' | 'conv_input' | 'conv_filter';

/** A convolution's operands and its result: the image, or the gradient of the output, comes first. */
export type ConvolutionAddresses = readonly [a: Address, b: Address, to: Address];

/** Rows, columns and summed places of each. */
export const convolutionSizes: Readonly<
  Record<ConvolutionKind, (info: backend_util.Conv2DInfo) => [number, number, number]>
> = {
  conv: (info) => [outPixels(info), info.outChannels, taps(info) * info.inChannels],
  conv_input: (info) => [info.batchSize * info.inHeight * info.inWidth, info.inChannels, taps(info) * info.outChannels],
  conv_filter: (info) => [taps(info) * info.inChannels, info.outChannels, outPixels(info)],
};

const taps = (info: backend_util.Conv2DInfo): number => info.filterHeight * info.filterWidth;

/** The pixels of the output of all images. */
export const outPixels = (info: backend_util.Conv2DInfo): number => info.batchSize * info.outHeight * info.outWidth;

/** Tiles of 128 rows by few columns: so many columns, the threads of a block, and the blocks that a multiprocessor is given. With tensor cores 128 threads. */
const narrow = [
  { columns: 16, plainThreads: 64, each: 6 },
  { columns: 32, plainThreads: 128, each: 4 },
  { columns: 64, plainThreads: 128, each: 3 },
] as const;

/** Sums of a narrow product are cut into parts of at least so many places. */
const LEAST_PART = 256;

/** Tiles as wide as there are channels where these are few, and there is enough to do; else those of a matrix product. */
function tilesOf(
  m: number,
  n: number,
  k: number,
  multiprocessors: number,
  rounding: Rounding,
): {
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly threads: number;
  readonly splits: number;
} {
  const tile = n % 4 === 0 && m >= 96 ? narrow.find(({ columns }) => n <= columns) : undefined;
  if (tile !== undefined) {
    const { columns, plainThreads, each } = tile;
    const threads = rounding === 'none' ? plainThreads : 128;
    const splits = Math.max(
      1,
      Math.min(Math.floor((each * multiprocessors) / blocks(m, 128)), Math.floor(k / LEAST_PART), 1024),
    );
    if (blocks(m, 128) * splits >= multiprocessors)
      return { name: `128x${columns}`, rows: 128, columns, threads, splits };
  }
  const { size, threads, splits } = tilingOf([m, n, k], 1, multiprocessors, rounding, 512);
  return { name: `${size}`, rows: size, columns: size, threads, splits };
}

/** One product of a convolution by own kernels; in mixed precision images and their gradients lie in 16 bits. Nothing is to be of size 0. */
export function convolveByOwn(
  runtime: CudaRuntime,
  kind: ConvolutionKind,
  info: backend_util.Conv2DInfo,
  [a, b, to]: ConvolutionAddresses,
  finish: Finish = PLAIN,
): void {
  const [m, n, k] = convolutionSizes[kind](info);
  const half = kind === 'conv_filter' ? undefined : runtime.roundings.half;
  const rounding = runtime.roundings.of(m * n * k);
  const { name, rows, columns, threads, splits } = tilesOf(m, n, k, runtime.device.multiprocessors, rounding);
  const words = Int32Array.of(
    ...[info.batchSize, info.inHeight, info.inWidth, info.inChannels, info.outHeight, info.outWidth, info.outChannels],
    ...[
      info.filterHeight,
      info.filterWidth,
      info.strideHeight,
      info.strideWidth,
      info.dilationHeight,
      info.dilationWidth,
    ],
    ...[info.padInfo.top, info.padInfo.left, splits],
    ...[info.inChannels, info.outChannels, info.filterWidth].flatMap(divider),
    ...[info.outWidth, info.outHeight * info.outWidth, info.inWidth, info.inHeight * info.inWidth].flatMap(divider),
    ...[info.strideHeight, info.strideWidth].flatMap(divider),
  );
  // Four neighbours are of one tap where channels come in fours.
  const any = (kind === 'conv_input' ? info.outChannels : info.inChannels) % 4 === 0 ? '' : '_any';
  const run = (out: Address): void => {
    const grid = [blocks(m, rows) * blocks(n, columns), 1, splits] as const;
    runtime.launch(
      kernels[`${kind}${any}_${name}${endOf(rounding)}`]!,
      grid,
      [threads, 1, 1],
      [a, b, out, words, finishWords(finish)],
    );
  };
  if (splits === 1) run(to);
  else
    runtime.withScratch(splits * m * n * 4, (parts) => {
      run(parts);
      if (half === undefined) return joinSplits({ runtime }, parts, to, 1, m * n, n, splits, finish);
      const values = [parts, to, m * n, n, splits, finishWords(finish)];
      runtime.launch(halfKernel('join', half), gridFor(m * n), THREADS, values);
    });
}

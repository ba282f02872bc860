import type { FusedExports } from './fused-exports.js';

/**
 * What the binaries export. Addresses and lengths are unsigned 32-bit; a length counts elements unless its name says bytes. Nothing is checked
 * in there: the callers on this side know shapes and types.
 */
export interface WasmExports extends FusedExports {
  /** Says where in the table of functions the wide ones are. */
  setWide(first: number): void;
  fillBytes(out: number, value: number, bytes: number): void;
  /** The scratch space that `gemm` needs, in bytes. */
  gemmScratch(batch: number, m: number, n: number, k: number, transposeB: number): number;
  gemm(
    a: number,
    b: number,
    c: number,
    batch: number,
    aBatchBytes: number,
    bBatchBytes: number,
    m: number,
    n: number,
    k: number,
    transposeA: number,
    transposeB: number,
    bias: number,
    relu: number,
    scratch: number,
  ): void;
  unary(code: number, x: number, y: number, n: number, p0: number, p1: number): void;
  /** kind: 0 float32, 1 int32, 2 and 3 comparisons of either; splats: 1 a has one value a row, 2 b has. */
  binary(
    kind: number,
    code: number,
    splats: number,
    a: number,
    b: number,
    c: number,
    n: number,
    aRowBytes: number,
    bRowBytes: number,
    rows: number,
  ): void;
  fill32(y: number, bits: number, n: number): void;
  intToFloat(x: number, y: number, n: number): void;
  floatToInt(x: number, y: number, n: number): void;
  boolToInt(x: number, y: number, n: number): void;
  boolToFloat(x: number, y: number, n: number): void;
  intToBool(x: number, y: number, n: number): void;
  floatTest(code: number, x: number, y: number, n: number): void;
  logical(code: number, a: number, b: number, c: number, n: number): void;
  select(condition: number, t: number, e: number, y: number, n: number): void;
  selectRows(condition: number, t: number, e: number, y: number, rows: number, rowBytes: number): void;
  /** Copies elements of 1 or 4 bytes between strided views; `description`: counts, source strides and target strides of `rank` dimensions. */
  copy(bytes: number, x: number, y: number, description: number, rank: number, total: number): void;
  /** 0 where an index is out of range. */
  gather(x: number, indices: number, y: number, outer: number, n: number, count: number, rowBytes: number): number;
  oneHot(indices: number, y: number, count: number, depth: number, onBits: number, offBits: number): void;
  segmentSum(x: number, ids: number, y: number, rows: number, n: number, segments: number): void;
  reduce(code: number, x: number, y: number, outer: number, n: number, inner: number): void;
  reduceInt(code: number, x: number, y: number, outer: number, n: number, inner: number): void;
  reduceBool(all: number, x: number, y: number, outer: number, n: number, inner: number): void;
  /** `whole`: the values are int32. */
  argReduce(whole: number, smallest: number, x: number, y: number, outer: number, n: number, inner: number): void;
  /** kind: 0 sum, 1 product, 2 and 3 those of int32. */
  scan(
    kind: number,
    x: number,
    y: number,
    outer: number,
    n: number,
    inner: number,
    exclusive: number,
    reverse: number,
  ): void;
  /** The k largest of each row, with their places; k is from 1 to n. */
  topK(whole: number, x: number, values: number, places: number, rows: number, n: number, k: number): void;
  /** kind: 0 adds float32, 1 adds int32, 2 sets; `sizes`: the address of `depth` sizes. -1, or the first row whose index is out of range. */
  scatter(
    kind: number,
    x: number,
    indices: number,
    y: number,
    rows: number,
    sizes: number,
    depth: number,
    n: number,
  ): number;
  /** The other way round, rows of so many bytes. */
  gatherRows(
    x: number,
    indices: number,
    y: number,
    rows: number,
    sizes: number,
    depth: number,
    rowBytes: number,
  ): number;
  softmax(x: number, y: number, rows: number, n: number): void;
  /** Writes the constants of the vector functions into the first page; before any other kernel runs. */
  writeConstants(): void;
  /** What the benchmark compares with. */
  multiplyAddCeiling(rounds: number): number;
  copyVectors(x: number, y: number, bytes: number): void;
  /** The life of a worker thread; returns when the pool ends. */
  workerMain(lane: number): void;
  /** The address at which `planConvolution` and `planFilterGradient` read the geometry of a convolution. */
  convolutionGeometry(): number;
  /** The scratch space that `convolution` needs for the geometry, in bytes. */
  planConvolution(): number;
  convolution(): void;
  /** The scratch space that `filterGradient` needs for the geometry, in bytes. */
  planFilterGradient(): number;
  filterGradient(): void;
  /** y[i] = the sum of `group` values of x beside each other. */
  sumGroups(x: number, y: number, count: number, group: number): void;
  /** The address at which `pool` and `poolGradient` read their geometry. */
  poolingGeometry(): number;
  pool(): void;
  poolGradient(): void;
}

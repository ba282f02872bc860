/**
 * What the binaries export. Addresses and lengths are unsigned 32-bit; a length counts elements unless its name says bytes. Nothing is checked
 * in there: the callers on this side know shapes and types.
 */
export interface WasmExports {
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
  /** The life of a worker thread; returns when the pool ends. */
  workerMain(lane: number): void;
}

import { Job, argument, lanes, setArgument } from '../pool/job';
import { parallel } from '../pool/parallel';

/** Where the kind of the running fused job is, beyond what any kernel takes. */
const KIND_ARGUMENT: i32 = 40;
/** Where the bytes are that one unit covers, and those of the whole. */
const SPAN_ARGUMENT: i32 = 41;
const TOTAL_ARGUMENT: i32 = 42;
/** Bytes of one tensor that a unit covers when there are threads. */
const SPAN: usize = 65536;

/** What a unit of a fused kernel can be: one job of the pool stands for all of them. */
export const enum Fused {
  ActivationGradient,
  CrossEntropy,
  Random,
  Optimizer,
  SumOfSquares,
  Statistics,
  LayerNorm,
  LayerNormGradient,
  ColumnMoments,
  ColumnProducts,
  Affine,
  AffineGradient,
  ColumnSums,
  SoftmaxGradient,
  ProbabilityCrossEntropy,
  Lstm,
  LstmGradient,
  Gru,
  GruGradient,
  Resample,
  WeightTiles,
  WeightProducts,
}

// @ts-ignore: decorator
@inline
export function fusedKind(): i32 { return <i32>argument(KIND_ARGUMENT); }

/** Runs units 0..units of a fused kernel whose arguments are set. */
export function runFused(kind: i32, units: i32): void {
  setArgument(KIND_ARGUMENT, kind);
  parallel(Job.Fused, units);
}

/** Runs a fused kernel over so many bytes: in one piece on one thread, else in spans. */
export function runSpans(kind: i32, bytes: usize): void {
  if (bytes == 0) return;
  const span = lanes() == 1 ? bytes : SPAN;
  setArgument(SPAN_ARGUMENT, <u32>span);
  setArgument(TOTAL_ARGUMENT, <u32>bytes);
  runFused(kind, <i32>((bytes + span - 1) / span));
}

/** The first byte of a unit, and the one after its last. */
// @ts-ignore: decorator
@inline
export function spanBegin(unit: i32): usize { return <usize>unit * argument(SPAN_ARGUMENT); }
// @ts-ignore: decorator
@inline
export function spanEnd(unit: i32): usize { return min<usize>(spanBegin(unit) + argument(SPAN_ARGUMENT), argument(TOTAL_ARGUMENT)); }

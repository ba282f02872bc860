// Control words and the arguments of the running job, in the first page of the memory, where the heap never goes. Each word on a cache line of its own
// where threads write it.

/** Goes up with each job: what parked workers wait on. */
export const GENERATION: usize = 128;
/** Units of the running job that nobody has taken; below zero when more was asked for than there is. */
export const REMAINING: usize = 192;
/** Workers that hold a unit, or are about to ask for one. */
export const ACTIVE: usize = 256;
/** Workers that are parked, or about to be. */
export const SLEEPERS: usize = 320;
/** What the units of the running job are: one of Job. */
export const KIND: usize = 384;
/** How many workers there are beside the caller. */
export const WORKERS: usize = 388;
/** Not 0 when workers shall end. */
export const STOP: usize = 392;
/** The arguments, 32 bits each. */
const ARGUMENTS: usize = 512;

/** What a unit can be. */
export const enum Job {
  PackB,
  Gemm,
  BatchGemm,
  Unary,
  Binary,
  Reduce,
  Softmax,
  Copy,
  Fused,
  PackFilter,
  Convolution,
  FilterGradient,
  Pool,
  PoolGradient,
  GradientTransform,
  GradientProduct,
  GradientPart,
}

// @ts-ignore: decorator
@inline
export function argument(index: i32): u32 { return load<u32>(ARGUMENTS + (<usize>index << 2)); }
// @ts-ignore: decorator
@inline
export function setArgument(index: i32, value: u32): void { store<u32>(ARGUMENTS + (<usize>index << 2), value); }
// @ts-ignore: decorator
@inline
export function setFloatArgument(index: i32, value: f32): void { store<f32>(ARGUMENTS + (<usize>index << 2), value); }
// @ts-ignore: decorator
@inline
export function floatArgument(index: i32): f32 { return load<f32>(ARGUMENTS + (<usize>index << 2)); }

/** Threads that take part in a job: the caller and the workers. */
// @ts-ignore: decorator
@inline
export function lanes(): i32 { return ASC_FEATURE_THREADS ? load<i32>(WORKERS) + 1 : 1; }

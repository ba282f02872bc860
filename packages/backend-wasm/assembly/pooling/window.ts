/** Where the geometry of the running pooling is: in the first page, where the heap never goes. */
const GEOMETRY: usize = 2560;

/** What `kind` can be. */
export const MAXIMUM: i32 = 0;
export const AVERAGE: i32 = 1;
/** Only for gradients: an average over the whole window, whether its cells exist or not. */
export const WHOLE_AVERAGE: i32 = 2;

/** One pooling over [batch, depth, height, width, channels]: depth is 1 in two dimensions. Written by the caller. */
@unmanaged
export class Pooling {
  kind: i32;
  x: usize;
  /** The output, or its gradient where the input's gradient is computed. */
  y: usize;
  /** The gradient of the input. */
  dx: usize;
  batch: i32;
  channels: i32;
  depth: i32;
  height: i32;
  width: i32;
  outDepth: i32;
  outHeight: i32;
  outWidth: i32;
  sizeDepth: i32;
  sizeHeight: i32;
  sizeWidth: i32;
  strideDepth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationDepth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  padFront: i32;
  padTop: i32;
  padLeft: i32;
  /** Set in here: units a row of work is cut into, and channels in each. */
  slices: i32;
  sliceChannels: i32;
  /** 1: every cell of the input is in exactly one window, so nothing is added up. */
  exact: i32;
}

// @ts-ignore: decorator
@inline
export function pooling(): Pooling { return changetype<Pooling>(GEOMETRY); }

/** The address at which the caller writes the geometry. */
export function poolingGeometry(): usize { return GEOMETRY; }

/** The first cell of a window that is inside of the input: `begin` may lie before it. */
// @ts-ignore: decorator
@inline
export function firstCell(begin: i32, dilation: i32): i32 { return begin >= 0 ? begin : begin + (-begin + dilation - 1) / dilation * dilation; }

/** The end of a window inside of the input. */
// @ts-ignore: decorator
@inline
export function endCell(begin: i32, size: i32, dilation: i32, length: i32): i32 { return min(length, begin + (size - 1) * dilation + 1); }

/** How many cells there are from `first` to before `end`. */
// @ts-ignore: decorator
@inline
export function cells(first: i32, end: i32, dilation: i32): i32 { return end > first ? (end - first + dilation - 1) / dilation : 0; }

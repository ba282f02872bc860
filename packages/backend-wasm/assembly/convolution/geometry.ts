/** Where the geometry of the running convolution is: in the first page, where the heap never goes. */
const GEOMETRY: usize = 2048;

/** What `kind` can be. */
export const DENSE: i32 = 0;
export const DEPTHWISE: i32 = 1;

/**
 * One convolution: input, filter and output, and how it is cut into blocks. The caller writes the fields up to `transposed`, `planConvolution` or
 * `planFilterGradient` the rest. Strides in memory are in bytes, everything else counts pixels or channels.
 */
@unmanaged
export class Geometry {
  kind: i32;
  /** The input, [batch, height, width, channels / multiplier]. */
  x: usize;
  /** The filter of the convolution; the gradient of the output where the filter's gradient is computed. */
  filter: usize;
  y: usize;
  bias: usize;
  relu: i32;
  scratch: usize;
  batch: i32;
  height: i32;
  width: i32;
  /** Channels that a pixel has in a slab. */
  channels: i32;
  /** How often each channel of the input stands in a slab, one beside the other. */
  multiplier: i32;
  outHeight: i32;
  outWidth: i32;
  outChannels: i32;
  kernelHeight: i32;
  kernelWidth: i32;
  strideHeight: i32;
  strideWidth: i32;
  dilationHeight: i32;
  dilationWidth: i32;
  /** Below zero where the first window begins inside of the input. */
  padTop: i32;
  padLeft: i32;
  yPixel: usize;
  yRow: usize;
  yImage: usize;
  /** Taps of a row of the filter as it is stored. */
  filterWidth: i32;
  /** The stored row of the first tap, and the step to the next: a filter can be read backwards and in part. */
  tapRow: i32;
  tapRowStep: i32;
  tapColumn: i32;
  tapColumnStep: i32;
  /** 1: the channels of the output are the rows of a tap. */
  transposed: i32;

  /** A block is so many images, or so many rows of one. */
  images: i32;
  rows: i32;
  blocksPerImage: i32;
  /** 1: windows go beyond the input, or channels repeat: blocks are copied into slabs with zeros around. */
  padded: i32;
  slabWidth: i32;
  slabRows: i32;
  /** Bytes from one row, and from one image, to the next: in a slab where blocks are copied, else in the input. */
  rowBytes: usize;
  imageBytes: usize;
  /** 1: the pixels of the output lie side by side. */
  flat: i32;
  /** A thread's tables, the one of a sum's terms last. */
  tableBytes: usize;
  offsetBytes: usize;
  laneBytes: usize;
  packedBytes: usize;
  /** 1: computed in transformed patches. */
  winograd: i32;
  /** The first band of the block under way, the bands of a block, and the tiles in it. */
  band: i32;
  bandsPerBlock: i32;
  /** Parts of the images with sums of their own, where there is more than one. */
  parts: i32;
  tiles: i32;
  tilesPerUnit: i32;
  panelsPerUnit: i32;
}

// @ts-ignore: decorator
@inline
export function geometry(): Geometry { return changetype<Geometry>(GEOMETRY); }

/** The address at which the caller writes the geometry. */
export function convolutionGeometry(): usize { return GEOMETRY; }

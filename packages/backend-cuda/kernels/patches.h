// How the products of a convolution [batch, height, width, channels] gather their operands.
#pragma once
#include "gemm.h"

/** A number that others are divided by, without a division: see `divider` of src/kernels/convolution/divider.ts. */
struct Divider {
  unsigned multiplier;
  int shift;
};

/** n / d for n below 2^31. */
DEVICE int quotient(int n, const Divider& d) { return (int)(__umulhi((unsigned)n << 1, d.multiplier) >> d.shift); }

struct Convolution {
  int batch, height, width, channels;
  int outHeight, outWidth, outChannels;
  int kernelHeight, kernelWidth;
  int strideHeight, strideWidth, dilationHeight, dilationWidth;
  int padTop, padLeft;
  int splits;
  Divider byChannels, byOutChannels, byKernelWidth, byOutWidth, byOutPixels, byWidth, byPixels, byStrideHeight, byStrideWidth;
};

/** A row outside of every image, whatever tap it is seen from. */
const int NOWHERE = -(1 << 30);

/** True for a place of an image. */
DEVICE bool inside(int row, int column, int height, int width) { return (unsigned)row < (unsigned)height && (unsigned)column < (unsigned)width; }

/**
 * An image as a convolution reads it: what an output pixel sees first, and how far from there a tap and a channel lie. WHOLE: channels come in fours, so that four neighbours are of one
 * tap; else each is looked up.
 */
template <class X, bool WHOLE>
struct Image {
  typedef typename Four<X>::Type Raw;
  static const int parts = WHOLE ? 1 : 4;
  struct Pixel {
    const X* corner;
    int top, left;
  };
  struct Tap {
    int row[parts], column[parts], offset[parts];
  };
  const X* x;
  Convolution g;
  METHOD Pixel pixel(int m) const {
    Pixel p;
    int image = quotient(m, g.byOutPixels), rest = m - image * (g.outHeight * g.outWidth), row = quotient(rest, g.byOutWidth);
    int top = row * g.strideHeight - g.padTop;
    p.left = (rest - row * g.outWidth) * g.strideWidth - g.padLeft;
    p.corner = x + (long long)((image * g.height + top) * g.width + p.left) * g.channels;
    p.top = image < g.batch ? top : NOWHERE;
    return p;
  }
  METHOD Tap tap(int k) const {
    Tap t;
    UNROLLED
    for (int i = 0; i < parts; i++) {
      int tap = quotient(k + i, g.byChannels), tapRow = quotient(tap, g.byKernelWidth);
      int row = tapRow * g.dilationHeight;
      t.row[i] = tapRow < g.kernelHeight ? row : NOWHERE;
      t.column[i] = (tap - tapRow * g.kernelWidth) * g.dilationWidth;
      t.offset[i] = (row * g.width + t.column[i] - tap) * g.channels + k + i;
    }
    return t;
  }
  METHOD Raw read(const Pixel& p, const Tap& t) const {
    if (WHOLE) return inside(p.top + t.row[0], p.left + t.column[0], g.height, g.width) ? Four<X>::at(p.corner + t.offset[0]) : Four<X>::none();
    Raw v = Four<X>::none();
    UNROLLED
    for (int i = 0; i < parts; i++)
      if (inside(p.top + t.row[i], p.left + t.column[i], g.height, g.width)) Four<X>::set(v, i, p.corner[t.offset[i]]);
    return v;
  }
};

/** Output pixels by taps and channels of the input. */
template <class X, bool WHOLE>
struct Patches : Image<X, WHOLE> {
  typedef Image<X, WHOLE> Base;
  static const bool alongK = true;
  typedef typename Base::Pixel Slot;
  typedef typename Base::Tap Place;
  METHOD Slot slot(int m) const { return this->pixel(m); }
  METHOD Place place(int k) const { return this->tap(k); }
  METHOD typename Base::Raw load(const Slot& s, const Place& p) const { return this->read(s, p); }
};

/** The same for the gradient of the filter: taps and channels are the outer side, output pixels are summed over. */
template <class X, bool WHOLE>
struct PatchesByTap : Image<X, WHOLE> {
  typedef Image<X, WHOLE> Base;
  static const bool alongK = false;
  typedef typename Base::Tap Slot;
  typedef typename Base::Pixel Place;
  METHOD Slot slot(int m) const { return this->tap(m); }
  METHOD Place place(int k) const { return this->pixel(k); }
  METHOD typename Base::Raw load(const Slot& s, const Place& p) const { return this->read(p, s); }
};

/**
 * Input pixels by taps and channels of the output's gradient. A tap reaches a pixel where their distance is a multiple of the stride: where both leave the same rest (`phase`); then
 * it is the difference of their quotients.
 */
template <class X, bool WHOLE>
struct Slopes {
  static const bool alongK = true;
  typedef typename Four<X>::Type Raw;
  static const int parts = WHOLE ? 1 : 4;
  struct Slot {
    const X* from;
    int row, column, phase;
  };
  struct Place {
    int row[parts], column[parts], phase[parts], offset[parts];
  };
  const X* dy;
  Convolution g;
  METHOD int phaseOf(int row, int strides, int column, int across) const { return (row - strides * g.strideHeight) * g.strideWidth + column - across * g.strideWidth; }
  METHOD Slot slot(int m) const {
    Slot s;
    int image = quotient(m, g.byPixels), rest = m - image * (g.height * g.width), line = quotient(rest, g.byWidth);
    int row = line + g.padTop, column = rest - line * g.width + g.padLeft;
    int strides = quotient(row, g.byStrideHeight), across = quotient(column, g.byStrideWidth);
    s.row = image < g.batch ? strides : NOWHERE;
    s.column = across;
    s.phase = phaseOf(row, strides, column, across);
    s.from = dy + (long long)((image * g.outHeight + strides) * g.outWidth + across) * g.outChannels;
    return s;
  }
  METHOD Place place(int k) const {
    Place p;
    UNROLLED
    for (int i = 0; i < parts; i++) {
      int tap = quotient(k + i, g.byOutChannels), tapRow = quotient(tap, g.byKernelWidth);
      int row = tapRow * g.dilationHeight, column = (tap - tapRow * g.kernelWidth) * g.dilationWidth;
      int strides = quotient(row, g.byStrideHeight), across = quotient(column, g.byStrideWidth);
      p.row[i] = tapRow < g.kernelHeight ? strides : -NOWHERE;
      p.column[i] = across;
      p.phase[i] = phaseOf(row, strides, column, across);
      p.offset[i] = k + i - (strides * g.outWidth + across + tap) * g.outChannels;
    }
    return p;
  }
  METHOD bool reached(const Slot& s, const Place& p, int i) const {
    return s.phase == p.phase[i] && inside(s.row - p.row[i], s.column - p.column[i], g.outHeight, g.outWidth);
  }
  METHOD Raw load(const Slot& s, const Place& p) const {
    if (WHOLE) return reached(s, p, 0) ? Four<X>::at(s.from + p.offset[0]) : Four<X>::none();
    Raw v = Four<X>::none();
    UNROLLED
    for (int i = 0; i < parts; i++)
      if (reached(s, p, i)) Four<X>::set(v, i, s.from[p.offset[i]]);
    return v;
  }
};

/** The filter [taps][channels][outChannels] with its channels outside and taps and output channels along k. */
template <bool WHOLE>
struct FilterByChannel {
  static const bool alongK = true;
  typedef float4 Raw;
  static const int parts = WHOLE ? 1 : 4;
  struct Slot {
    const float* from;
  };
  /** Below 0 beyond the last tap. */
  struct Place {
    int offset[parts];
  };
  const float* filter;
  Convolution g;
  METHOD Slot slot(int c) const {
    Slot s;
    s.from = c < g.channels ? filter + (long long)c * g.outChannels : 0;
    return s;
  }
  METHOD Place place(int k) const {
    Place p;
    UNROLLED
    for (int i = 0; i < parts; i++) {
      int tap = quotient(k + i, g.byOutChannels);
      p.offset[i] = tap < g.kernelHeight * g.kernelWidth ? tap * (g.channels - 1) * g.outChannels + k + i : -1;
    }
    return p;
  }
  METHOD float4 load(const Slot& s, const Place& p) const {
    if (WHOLE) return s.from && p.offset[0] >= 0 ? *(const float4*)(s.from + p.offset[0]) : zeros();
    float4 v = zeros();
    UNROLLED
    for (int i = 0; i < parts; i++)
      if (s.from && p.offset[i] >= 0) part(v, i) = s.from[p.offset[i]];
    return v;
  }
};

template <class X>
DEVICE AlongOuterOf<X> rowsOf(const X* x, int outer, int k) {
  AlongOuterOf<X> s;
  s.x = x;
  s.outer = outer;
  s.k = k;
  s.whole = outer % 4 == 0;
  return s;
}

/** Where a part of sums that are cut lies: parts are float32, whatever the sums are stored as. Without parts it is the first of one. */
template <class Y>
DEVICE Y* partAt(Y* y, long long at) {
  return (Y*)((float*)y + at);
}

/** One product of a convolution by an engine, which says in which tiles and of what numbers: y = patches filter. */
template <bool WHOLE, class E, class X>
DEVICE void forward(const X* x, const float* filter, X* y, const Convolution& g, const Finish& f) {
  int m = g.batch * g.outHeight * g.outWidth, k = g.kernelHeight * g.kernelWidth * g.channels, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  Patches<X, WHOLE> patches;
  patches.x = x;
  patches.g = g;
  E::run(patches, rowsOf(filter, g.outChannels, k), partAt(y, (long long)blockIdx.z * m * g.outChannels), m, g.outChannels, begin, end, f, g.splits > 1);
}

/** dx = the output's gradient, where the input reached it, by the filter. */
template <bool WHOLE, class E, class X>
DEVICE void inputGradient(const X* dy, const float* filter, X* dx, const Convolution& g, const Finish& f) {
  int m = g.batch * g.height * g.width, k = g.kernelHeight * g.kernelWidth * g.outChannels, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  Slopes<X, WHOLE> slopes;
  slopes.dy = dy;
  slopes.g = g;
  FilterByChannel<WHOLE> channels;
  channels.filter = filter;
  channels.g = g;
  E::run(slopes, channels, partAt(dx, (long long)blockIdx.z * m * g.channels), m, g.channels, begin, end, f, g.splits > 1);
}

/** dFilter = patches, taps and channels first, by the output's gradient. */
template <bool WHOLE, class E, class X>
DEVICE void filterGradient(const X* x, const X* dy, float* dFilter, const Convolution& g, const Finish& f) {
  int m = g.kernelHeight * g.kernelWidth * g.channels, k = g.batch * g.outHeight * g.outWidth, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  PatchesByTap<X, WHOLE> patches;
  patches.x = x;
  patches.g = g;
  E::run(patches, rowsOf(dy, g.outChannels, k), dFilter + (long long)blockIdx.z * m * g.outChannels, m, g.outChannels, begin, end, f, g.splits > 1);
}

/** The three kernels of one size of tiles, under names that end in `name`, of images that are stored as X; `any`: for any number of channels, else for multiples of four. */
#define CONVOLUTION_FOR(name, any, WHOLE, threads, BLOCKS, X, ...) \
  KERNEL_OF(conv##any##name, threads, BLOCKS)(const X* x, const float* filter, X* y, Convolution g, Finish f) { forward<WHOLE, __VA_ARGS__>(x, filter, y, g, f); } \
  KERNEL_OF(conv_input##any##name, threads, BLOCKS)(const X* dy, const float* filter, X* dx, Convolution g, Finish f) { inputGradient<WHOLE, __VA_ARGS__>(dy, filter, dx, g, f); } \
  KERNEL_OF(conv_filter##any##name, threads, BLOCKS)(const X* x, const X* dy, float* dFilter, Convolution g, Finish f) { filterGradient<WHOLE, __VA_ARGS__>(x, dy, dFilter, g, f); }
#define CONVOLUTION_OF(name, threads, BLOCKS, X, ...) \
  CONVOLUTION_FOR(_##name, , true, threads, BLOCKS, X, __VA_ARGS__) \
  CONVOLUTION_FOR(_##name, _any, false, threads, BLOCKS, X, __VA_ARGS__)
#define CONVOLUTION(name, threads, BLOCKS, ...) CONVOLUTION_OF(name, threads, BLOCKS, float, __VA_ARGS__)

// How the products of a convolution [batch, height, width, channels] gather their operands.
#pragma once
#include "gemm.h"

struct Convolution {
  int batch, height, width, channels;
  int outHeight, outWidth, outChannels;
  int kernelHeight, kernelWidth;
  int strideHeight, strideWidth, dilationHeight, dilationWidth;
  int padTop, padLeft;
  int splits;
};

/** Output pixels by taps and channels of the input. */
template <class X>
struct Patches {
  static const bool alongK = true;
  const X* x;
  Convolution g;
  bool whole;
  struct Slot {
    int image, top, left;
  };
  METHOD Slot slot(int m) const {
    Slot s;
    unsigned pixels = g.outHeight * g.outWidth, image = (unsigned)m / pixels, rest = (unsigned)m - image * pixels;
    unsigned row = rest / (unsigned)g.outWidth;
    s.image = (int)image < g.batch ? (int)image : -1;
    s.top = (int)row * g.strideHeight - g.padTop;
    s.left = (int)(rest - row * (unsigned)g.outWidth) * g.strideWidth - g.padLeft;
    return s;
  }
  METHOD const X* cell(const Slot& s, int tap) const {
    int tapRow = (unsigned)tap / (unsigned)g.kernelWidth;
    int row = s.top + tapRow * g.dilationHeight, column = s.left + (tap - tapRow * g.kernelWidth) * g.dilationWidth;
    if (row < 0 || row >= g.height || column < 0 || column >= g.width) return 0;
    return x + ((long long)(s.image * g.height + row) * g.width + column) * g.channels;
  }
  METHOD float4 load(const Slot& s, int k) const {
    if (s.image < 0) return zeros();
    if (whole) {
      int tap = (unsigned)k / (unsigned)g.channels;
      const X* from = tap < g.kernelHeight * g.kernelWidth ? cell(s, tap) : 0;
      return from ? fourAt(from + (k - tap * g.channels)) : zeros();
    }
    float4 v = zeros();
    for (int i = 0; i < 4; i++) {
      int tap = (k + i) / g.channels;
      const X* from = tap < g.kernelHeight * g.kernelWidth ? cell(s, tap) : 0;
      if (from) part(v, i) = wideOf(from[(k + i) % g.channels]);
    }
    return v;
  }
};

/** The same for the gradient of the filter: taps and channels are the outer side, output pixels are summed over. */
template <class X>
struct PatchesByTap {
  static const bool alongK = false;
  const X* x;
  Convolution g;
  bool whole;
  /** Where a tap lies from a pixel's corner; how many places there are from it on. */
  struct Slot {
    int count, row, column, tapColumn, channel;
  };
  METHOD Slot slot(int m) const {
    Slot s;
    int tap = (unsigned)m / (unsigned)g.channels, tapRow = (unsigned)tap / (unsigned)g.kernelWidth;
    s.count = g.kernelHeight * g.kernelWidth * g.channels - m;
    s.tapColumn = tap - tapRow * g.kernelWidth;
    s.row = tapRow * g.dilationHeight - g.padTop;
    s.column = s.tapColumn * g.dilationWidth - g.padLeft;
    s.channel = m - tap * g.channels;
    return s;
  }
  METHOD float4 load(const Slot& s, int pixel) const {
    unsigned pixels = g.outHeight * g.outWidth, image = (unsigned)pixel / pixels, rest = (unsigned)pixel - image * pixels;
    unsigned outRow = rest / (unsigned)g.outWidth;
    if (s.count <= 0 || (int)image >= g.batch) return zeros();
    int row = (int)outRow * g.strideHeight + s.row, column = (int)(rest - outRow * (unsigned)g.outWidth) * g.strideWidth + s.column;
    const X* from = x + (long long)image * g.height * g.width * g.channels;
    if (whole) {
      if (row < 0 || row >= g.height || column < 0 || column >= g.width) return zeros();
      return fourAt(from + ((long long)row * g.width + column) * g.channels + s.channel);
    }
    float4 v = zeros();
    int tapColumn = s.tapColumn, channel = s.channel;
    UNROLLED
    for (int i = 0; i < 4; i++) {
      if (i < s.count && row >= 0 && row < g.height && column >= 0 && column < g.width)
        part(v, i) = wideOf(from[((long long)row * g.width + column) * g.channels + channel]);
      // The next channel, or the first of the next tap.
      if (++channel < g.channels) continue;
      channel = 0;
      column += g.dilationWidth;
      if (++tapColumn < g.kernelWidth) continue;
      tapColumn = 0;
      column -= g.kernelWidth * g.dilationWidth;
      row += g.dilationHeight;
    }
    return v;
  }
};

/** Input pixels by taps and channels of the output's gradient. */
template <class X>
struct Slopes {
  static const bool alongK = true;
  const X* dy;
  Convolution g;
  bool whole;
  struct Slot {
    int image, row, column;
  };
  METHOD Slot slot(int m) const {
    Slot s;
    unsigned pixels = g.height * g.width, image = (unsigned)m / pixels, rest = (unsigned)m - image * pixels;
    unsigned row = rest / (unsigned)g.width;
    s.image = (int)image < g.batch ? (int)image : -1;
    s.row = (int)row + g.padTop;
    s.column = (int)(rest - row * (unsigned)g.width) + g.padLeft;
    return s;
  }
  METHOD const X* cell(const Slot& s, int tap) const {
    if (tap >= g.kernelHeight * g.kernelWidth) return 0;
    int tapRow = (unsigned)tap / (unsigned)g.kernelWidth;
    int row = s.row - tapRow * g.dilationHeight, column = s.column - (tap - tapRow * g.kernelWidth) * g.dilationWidth;
    if (row < 0 || column < 0) return 0;
    // Divisions are dear, and most strides are 1.
    if (g.strideHeight != 1) {
      if ((unsigned)row % (unsigned)g.strideHeight != 0) return 0;
      row = (unsigned)row / (unsigned)g.strideHeight;
    }
    if (g.strideWidth != 1) {
      if ((unsigned)column % (unsigned)g.strideWidth != 0) return 0;
      column = (unsigned)column / (unsigned)g.strideWidth;
    }
    if (row >= g.outHeight || column >= g.outWidth) return 0;
    return dy + ((long long)(s.image * g.outHeight + row) * g.outWidth + column) * g.outChannels;
  }
  METHOD float4 load(const Slot& s, int k) const {
    if (s.image < 0) return zeros();
    if (whole) {
      int tap = (unsigned)k / (unsigned)g.outChannels;
      const X* from = cell(s, tap);
      return from ? fourAt(from + (k - tap * g.outChannels)) : zeros();
    }
    float4 v = zeros();
    for (int i = 0; i < 4; i++) {
      const X* from = cell(s, (k + i) / g.outChannels);
      if (from) part(v, i) = wideOf(from[(k + i) % g.outChannels]);
    }
    return v;
  }
};

/** The filter [taps][channels][outChannels] with its channels outside and taps and output channels along k. */
struct FilterByChannel {
  static const bool alongK = true;
  const float* filter;
  Convolution g;
  bool whole;
  struct Slot {
    int channel;
  };
  METHOD Slot slot(int c) const {
    Slot s;
    s.channel = c < g.channels ? c : -1;
    return s;
  }
  METHOD const float* at(const Slot& s, int k) const {
    int tap = (unsigned)k / (unsigned)g.outChannels;
    if (tap >= g.kernelHeight * g.kernelWidth) return 0;
    return filter + ((long long)tap * g.channels + s.channel) * g.outChannels + (k - tap * g.outChannels);
  }
  METHOD float4 load(const Slot& s, int k) const {
    if (s.channel < 0) return zeros();
    if (whole) {
      const float* from = at(s, k);
      return from ? *(const float4*)from : zeros();
    }
    float4 v = zeros();
    for (int i = 0; i < 4; i++) {
      const float* from = at(s, k + i);
      if (from) part(v, i) = *from;
    }
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
template <class E, class X>
DEVICE void forward(const X* x, const float* filter, X* y, const Convolution& g, const Finish& f) {
  int m = g.batch * g.outHeight * g.outWidth, k = g.kernelHeight * g.kernelWidth * g.channels, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  Patches<X> patches;
  patches.x = x;
  patches.g = g;
  patches.whole = g.channels % 4 == 0;
  E::run(patches, rowsOf(filter, g.outChannels, k), partAt(y, (long long)blockIdx.z * m * g.outChannels), m, g.outChannels, begin, end, f, g.splits > 1);
}

/** dx = the output's gradient, where the input reached it, by the filter. */
template <class E, class X>
DEVICE void inputGradient(const X* dy, const float* filter, X* dx, const Convolution& g, const Finish& f) {
  int m = g.batch * g.height * g.width, k = g.kernelHeight * g.kernelWidth * g.outChannels, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  Slopes<X> slopes;
  slopes.dy = dy;
  slopes.g = g;
  slopes.whole = g.outChannels % 4 == 0;
  FilterByChannel channels;
  channels.filter = filter;
  channels.g = g;
  channels.whole = slopes.whole;
  E::run(slopes, channels, partAt(dx, (long long)blockIdx.z * m * g.channels), m, g.channels, begin, end, f, g.splits > 1);
}

/** dFilter = patches, taps and channels first, by the output's gradient. */
template <class E, class X>
DEVICE void filterGradient(const X* x, const X* dy, float* dFilter, const Convolution& g, const Finish& f) {
  int m = g.kernelHeight * g.kernelWidth * g.channels, k = g.batch * g.outHeight * g.outWidth, begin, end;
  splitOf(k, g.splits, blockIdx.z, &begin, &end);
  PatchesByTap<X> patches;
  patches.x = x;
  patches.g = g;
  patches.whole = g.channels % 4 == 0;
  E::run(patches, rowsOf(dy, g.outChannels, k), dFilter + (long long)blockIdx.z * m * g.outChannels, m, g.outChannels, begin, end, f, g.splits > 1);
}

/** The three kernels of one size of tiles, under names that end in `name`, of images that are stored as X. */
#define CONVOLUTION_OF(name, threads, BLOCKS, X, ...) \
  KERNEL_OF(conv_##name, threads, BLOCKS)(const X* x, const float* filter, X* y, Convolution g, Finish f) { forward<__VA_ARGS__>(x, filter, y, g, f); } \
  KERNEL_OF(conv_input_##name, threads, BLOCKS)(const X* dy, const float* filter, X* dx, Convolution g, Finish f) { inputGradient<__VA_ARGS__>(dy, filter, dx, g, f); } \
  KERNEL_OF(conv_filter_##name, threads, BLOCKS)(const X* x, const X* dy, float* dFilter, Convolution g, Finish f) { filterGradient<__VA_ARGS__>(x, dy, dFilter, g, f); }
#define CONVOLUTION(name, threads, BLOCKS, ...) CONVOLUTION_OF(name, threads, BLOCKS, float, __VA_ARGS__)

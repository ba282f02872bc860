// Maximum and average over windows of [batch, depth, height, width, channels], with their gradients, however numbers are stored; depth is 1 in two dimensions.
#pragma once
#include "stored.h"

struct Pooling {
  int channels;
  int in[3];
  int out[3];
  int size[3];
  int stride[3];
  int dilation[3];
  int pad[3];
};

/** The first cell of a window that is inside, and the end of those that are. */
DEVICE int firstCell(int begin, int dilation) { return begin >= 0 ? begin : begin + (-begin + dilation - 1) / dilation * dilation; }
DEVICE int endCell(int begin, int size, int dilation, int length) {
  int end = begin + (size - 1) * dilation + 1;
  return end < length ? end : length;
}
DEVICE int cellsIn(int first, int end, int dilation) { return end > first ? (end - first + dilation - 1) / dilation : 0; }

struct Window {
  int first[3];
  int end[3];
};

DEVICE Window windowOf(const Pooling& g, const int* place) {
  Window w;
  for (int d = 0; d < 3; d++) {
    int begin = place[d] * g.stride[d] - g.pad[d];
    w.first[d] = firstCell(begin, g.dilation[d]);
    w.end[d] = endCell(begin, g.size[d], g.dilation[d], g.in[d]);
  }
  return w;
}

/** The place in dimensions [.., a, b, c, channels] of flat index i; returns the batch. */
DEVICE int placeOf(unsigned i, const int* sizes, int channels, int* place, int* channel) {
  *channel = i % (unsigned)channels;
  unsigned rest = i / (unsigned)channels;
  for (int d = 2; d >= 0; d--) {
    place[d] = rest % (unsigned)sizes[d];
    rest /= (unsigned)sizes[d];
  }
  return rest;
}

DEVICE long long cellAt(const Pooling& g, int batch, int a, int b, int c, int channel) {
  return ((((long long)batch * g.in[0] + a) * g.in[1] + b) * g.in[2] + c) * g.channels + channel;
}

/** NaN is passed over by maxima. */
template <class X>
DEVICE void pooled(const X* x, X* y, int n, int average, const Pooling& g) {
  EACH(i, n) {
    int place[3], channel;
    int batch = placeOf(i, g.out, g.channels, place, &channel);
    Window w = windowOf(g, place);
    float most = -INFINITE, sum = 0;
    int count = 0;
    for (int a = w.first[0]; a < w.end[0]; a += g.dilation[0])
      for (int b = w.first[1]; b < w.end[1]; b += g.dilation[1])
        for (int c = w.first[2]; c < w.end[2]; c += g.dilation[2]) {
          float v = wideOf(x[cellAt(g, batch, a, b, c, channel)]);
          sum += v;
          count++;
          if (v > most) most = v;
        }
    // A window that lies outside has no cells: its average is 0.
    put(y + i, !average ? most : count > 0 ? sum / (float)count : 0.0f);
  }
}

/** where[i] = the cell, in its image and channel, that is the first largest one of window i; -1 where all are NaN or -infinity. */
template <class X>
DEVICE void poolPlaces(const X* x, int* where, int n, const Pooling& g) {
  EACH(i, n) {
    int place[3], channel;
    int batch = placeOf(i, g.out, g.channels, place, &channel);
    Window w = windowOf(g, place);
    float most = -INFINITE;
    int best = -1;
    for (int a = w.first[0]; a < w.end[0]; a += g.dilation[0])
      for (int b = w.first[1]; b < w.end[1]; b += g.dilation[1])
        for (int c = w.first[2]; c < w.end[2]; c += g.dilation[2]) {
          float v = wideOf(x[cellAt(g, batch, a, b, c, channel)]);
          if (v > most) {
            most = v;
            best = (a * g.in[1] + b) * g.in[2] + c;
          }
        }
    where[i] = best;
  }
}

/** The windows along dimension d that cell `at` may lie in: from *first to before *end. */
DEVICE void windowsAt(const Pooling& g, int d, int at, int* first, int* end) {
  int reach = at + g.pad[d] - (g.size[d] - 1) * g.dilation[d];
  *first = reach <= 0 ? 0 : (reach + g.stride[d] - 1) / g.stride[d];
  int last = (at + g.pad[d]) / g.stride[d] + 1;
  *end = last < g.out[d] ? last : g.out[d];
}

/** Whether the window at `place` sees cell `at` along d. */
DEVICE bool sees(const Pooling& g, int d, int place, int at) {
  int gap = at - (place * g.stride[d] - g.pad[d]);
  return gap >= 0 && gap % g.dilation[d] == 0 && gap / g.dilation[d] < g.size[d];
}

/** dx by cell: what the windows that it lies in give, in their order. kind: 0 maximum by `where`, 1 average of the cells that exist, 2 of the whole window. */
template <class X>
DEVICE void poolGradient(const X* dy, const int* where, X* dx, int n, int kind, const Pooling& g) {
  EACH(i, n) {
    int at[3], channel;
    int batch = placeOf(i, g.in, g.channels, at, &channel);
    int own = (at[0] * g.in[1] + at[1]) * g.in[2] + at[2];
    int first[3], end[3];
    for (int d = 0; d < 3; d++) windowsAt(g, d, at[d], &first[d], &end[d]);
    float sum = 0;
    for (int a = first[0]; a < end[0]; a++) {
      if (!sees(g, 0, a, at[0])) continue;
      for (int b = first[1]; b < end[1]; b++) {
        if (!sees(g, 1, b, at[1])) continue;
        for (int c = first[2]; c < end[2]; c++) {
          if (!sees(g, 2, c, at[2])) continue;
          long long out = ((((long long)batch * g.out[0] + a) * g.out[1] + b) * g.out[2] + c) * g.channels + channel;
          if (kind == 0) {
            if (where[out] == own) sum += wideOf(dy[out]);
            continue;
          }
          int place[3] = {a, b, c};
          Window w = windowOf(g, place);
          int count = 1;
          for (int d = 0; d < 3; d++) count *= kind == 2 ? g.size[d] : cellsIn(w.first[d], w.end[d], g.dilation[d]);
          sum += wideOf(dy[out]) / (float)count;
        }
      }
    }
    put(dx + i, sum);
  }
}

/** The kernels for numbers stored as X; `end` ends their names. */
#define POOLING(end, X) \
  KERNEL(pool##end)(const X* x, X* y, int n, int average, Pooling g) { pooled(x, y, n, average, g); } \
  KERNEL(pool_places##end)(const X* x, int* where, int n, Pooling g) { poolPlaces(x, where, n, g); } \
  KERNEL(pool_gradient##end)(const X* dy, const int* where, X* dx, int n, int kind, Pooling g) { poolGradient(dy, where, dx, n, kind, g); }

// What networks do between convolutions, on numbers that lie there in 16 bits: read, computed in float32, rounded when they are stored.
#pragma once
#include "batch-norm.h"
#include "pooling.h"
#include "tensor.h"

/** y = f(a, b) for each place; four neighbours at once. */
template <class A, class B, class Y, class F>
DEVICE void eachOfTwo(const A* a, const B* b, Y* y, int n, F f) {
  EACH(quad, (unsigned)n / 4) {
    float4 u = fourAt(a + quad * 4), v = fourAt(b + quad * 4);
    UNROLLED
    for (int i = 0; i < 4; i++) part(u, i) = f(part(u, i), part(v, i));
    putFour(y + quad * 4, u);
  }
  for (unsigned i = ((unsigned)n & ~3u) + THREAD; i < (unsigned)n; i += THREADS) put(y + i, f(wideOf(a[i]), wideOf(b[i])));
}

/** Adds up the parts of cut sums, [splits][total], in their order, and finishes them: rows of n. */
template <class Y>
DEVICE void joined(const float* parts, Y* y, int total, int n, int splits, const Finish& f) {
  EACH(i, total) {
    float sum = 0;
    for (int s = 0; s < splits; s++) sum += parts[(long long)s * total + i];
    put(y + i, finished(sum, i % (unsigned)n, f));
  }
}

DEVICE float slopeOfRelu(float d, float v) { return d * (isNaN(v) ? v : v > 0 ? 1.0f : 0.0f); }

#define HALF_KERNELS(end, H) \
  KERNEL(widen##end)(const H* x, float* y, int n) { eachOfTwo(x, x, y, n, [](float v, float) -> float { return v; }); } \
  KERNEL(narrow##end)(const float* x, H* y, int n) { eachOfTwo(x, x, y, n, [](float v, float) -> float { return v; }); } \
  KERNEL(add##end)(const H* a, const H* b, H* y, int n) { eachOfTwo(a, b, y, n, [](float u, float v) -> float { return u + v; }); } \
  KERNEL(relu##end)(const H* x, H* y, int n) { eachOfTwo(x, x, y, n, [](float v, float) -> float { return v < 0 ? 0.0f : v; }); } \
  KERNEL(slope_relu##end)(const H* dy, const H* y, H* dx, int n) { eachOfTwo(dy, y, dx, n, [](float d, float v) -> float { return slopeOfRelu(d, v); }); } \
  KERNEL(join##end)(const float* parts, H* y, int total, int n, int splits, Finish f) { joined(parts, y, total, n, splits, f); } \
  POOLING(end, H) \
  BATCH_NORM(end, H)

// One tiled product for everything that is one: matrices and convolutions differ only in how their operands are read.
#pragma once
#include "stored.h"

/** What is done to a sum before it is stored. */
struct Finish {
  /** One number a column, or null. */
  const float* bias;
  /** See `activated`. */
  int activation;
  float alpha;
};

/** 0 linear, 1 relu, 2 relu6, 3 elu, 4 sigmoid, 5 tanh, 6 leaky relu with slope alpha. */
DEVICE_CALL float activated(float v, int activation, float alpha) {
  if (activation == 1) return v < 0 ? 0.0f : v;
  if (activation == 2) return v < 0 ? 0.0f : v > 6 ? 6.0f : v;
  if (activation == 3) return v < 0 ? expm1f(v) : v;
  if (activation == 4) {
    float e = expf(v < 0 ? v : -v);
    return v < 0 ? e / (1.0f + e) : 1.0f / (1.0f + e);
  }
  if (activation == 5) return tanhf(v);
  return v < 0 ? v * alpha : v;
}

DEVICE float finished(float v, int column, const Finish& f) {
  if (f.bias) v += f.bias[column];
  return f.activation == 0 ? v : activated(v, f.activation, f.alpha);
}

/** `activated` for both, and for four numbers: their text stands once, however many sums a thread has. */
DEVICE_CALL float2 activatedTwo(float2 v, int activation, float alpha) {
  v.x = activated(v.x, activation, alpha);
  v.y = activated(v.y, activation, alpha);
  return v;
}
DEVICE_CALL float4 activatedFour(float4 v, int activation, float alpha) {
  v.x = activated(v.x, activation, alpha);
  v.y = activated(v.y, activation, alpha);
  v.z = activated(v.z, activation, alpha);
  v.w = activated(v.w, activation, alpha);
  return v;
}

/** What is added to all sums of a column; -0 changes none, not even the sign of 0. */
DEVICE float liftOf(const Finish& f, int column, int n) { return f.bias && column < n ? f.bias[column] : -0.0f; }

/** How sums are finished: those that are not whole yet not at all. */
DEVICE Finish finishOf(const Finish& f, bool split) {
  Finish g = f;
  if (split) g.bias = 0;
  if (split) g.activation = 0;
  return g;
}

/** Four numbers from p on, of which the first `count` exist. `whole`: p lies on a multiple of four, and where one of the four exists all do: one load. */
template <class X>
DEVICE typename Four<X>::Type four(const X* p, int count, bool whole) {
  if (whole) return count > 0 ? Four<X>::at(p) : Four<X>::none();
  typename Four<X>::Type v = Four<X>::none();
  for (int i = 0; i < 4; i++)
    if (i < count) Four<X>::set(v, i, p[i]);
  return v;
}

/**
 * A matrix of `outer` by `k` numbers that reads four numbers along k: row-major. As every operand of a tiled product it says what it takes to find a row once (`slot`), a
 * place along k once (`place`), and reads four numbers of both: a thread keeps its rows, or its places, over all of its loads. Beyond its ends there are zeros.
 */
struct AlongK {
  static const bool alongK = true;
  typedef float4 Raw;
  typedef int Place;
  const float* x;
  int outer, k;
  bool whole;
  struct Slot {
    const float* row;
  };
  METHOD Slot slot(int m) const {
    Slot s;
    s.row = m < outer ? x + (long long)m * k : 0;
    return s;
  }
  METHOD Place place(int at) const { return at; }
  METHOD float4 load(const Slot& s, int at) const { return s.row && at < k ? four(s.row + at, k - at, whole) : zeros(); }
};

/** The same stored the other way round: four numbers along the outer side, for one place along k. */
template <class X>
struct AlongOuterOf {
  static const bool alongK = false;
  typedef typename Four<X>::Type Raw;
  typedef int Place;
  const X* x;
  int outer, k;
  bool whole;
  struct Slot {
    const X* from;
    int count;
  };
  METHOD Slot slot(int m) const {
    Slot s;
    s.from = x + m;
    s.count = outer - m;
    return s;
  }
  METHOD Place place(int at) const { return at; }
  METHOD Raw load(const Slot& s, int at) const { return at < k ? four(s.from + (long long)at * outer, s.count, whole) : Four<X>::none(); }
};
typedef AlongOuterOf<float> AlongOuter;

/**
 * c[m][n] = the sum over k in [kBegin, kEnd) of a(m, k) b(n, k), in tiles of M x N by threads that do TM x TN each: always in one order. Two tiles lie in shared
 * memory: while one is summed, the next is fetched. Without `split` the sum is finished and stored, else it is stored as it is. The tiles of a row of tiles, then those
 * of the next, are the first dimension of the grid: the others are too short for tall matrices.
 */
template <int M, int N, int K, int TM, int TN, class A, class B>
DEVICE void gemm(const A& a, const B& b, float* c, int m, int n, int kBegin, int kEnd, const Finish& f, bool split) {
  const int threads = (M / TM) * (N / TN);
  const int aLoads = M * K / 4 / threads, bLoads = N * K / 4 / threads;
  __shared__ float as[2][K][M + 4];
  __shared__ float bs[2][K][N + 4];
  unsigned tid = threadIdx.x;
  unsigned tilesInRow = ((unsigned)n + N - 1) / N, tileRow = blockIdx.x / tilesInRow;
  int row0 = (int)(tileRow * M), column0 = (int)((blockIdx.x - tileRow * tilesInRow) * N);
  // A thread's loads differ in their rows alone where they are along k, else in their places along k alone.
  static_assert(threads % (A::alongK ? K / 4 : M / 4) == 0 && threads % (B::alongK ? K / 4 : N / 4) == 0, "threads stay in their places");
  const int aSlots = A::alongK ? aLoads : 1, bSlots = B::alongK ? bLoads : 1;
  typename A::Slot aSlot[aSlots];
  typename B::Slot bSlot[bSlots];
  UNROLLED
  for (int i = 0; i < aSlots; i++) {
    unsigned q = tid + i * threads;
    aSlot[i] = a.slot(row0 + (int)(A::alongK ? q / (K / 4) : q % (M / 4) * 4));
  }
  UNROLLED
  for (int i = 0; i < bSlots; i++) {
    unsigned q = tid + i * threads;
    bSlot[i] = b.slot(column0 + (int)(B::alongK ? q / (K / 4) : q % (N / 4) * 4));
  }
  float4 aNext[aLoads], bNext[bLoads];
  float sum[TM][TN];
  UNROLLED
  for (int i = 0; i < TM; i++) {
    UNROLLED
    for (int j = 0; j < TN; j++) sum[i][j] = 0;
  }
  int tx = (int)(tid % (N / TN)), ty = (int)(tid / (N / TN));

#define FETCH_OF(S, s, slots, next, loads, SIZE, k0) \
  if (S::alongK) { \
    typename S::Place place = s.place((k0) + (int)(tid % (K / 4) * 4)); \
    UNROLLED \
    for (int i = 0; i < loads; i++) next[i] = s.load(slots[S::alongK ? i : 0], place); \
  } else { \
    UNROLLED \
    for (int i = 0; i < loads; i++) next[i] = s.load(slots[0], s.place((k0) + (int)((tid + i * threads) / (SIZE / 4)))); \
  }
#define FETCH(k0) \
  FETCH_OF(A, a, aSlot, aNext, aLoads, M, k0) \
  FETCH_OF(B, b, bSlot, bNext, bLoads, N, k0)
#define LAY_DOWN(half) \
  UNROLLED \
  for (int i = 0; i < aLoads; i++) { \
    unsigned q = tid + i * threads; \
    if (A::alongK) \
      for (int j = 0; j < 4; j++) as[half][q % (K / 4) * 4 + j][q / (K / 4)] = part(aNext[i], j); \
    else *(float4*)&as[half][q / (M / 4)][q % (M / 4) * 4] = aNext[i]; \
  } \
  UNROLLED \
  for (int i = 0; i < bLoads; i++) { \
    unsigned q = tid + i * threads; \
    if (B::alongK) \
      for (int j = 0; j < 4; j++) bs[half][q % (K / 4) * 4 + j][q / (K / 4)] = part(bNext[i], j); \
    else *(float4*)&bs[half][q / (N / 4)][q % (N / 4) * 4] = bNext[i]; \
  }

  int half = 0;
  for (int k0 = kBegin;; k0 += K) {
    bool more = k0 < kEnd;
    if (more) {
      FETCH(k0)
    }
    if (k0 > kBegin) {
      _Pragma("unroll 8")
      for (int k = 0; k < K; k++) {
        float u[TM], v[TN];
        UNROLLED
        for (int g = 0; g < TM / 4; g++) *(float4*)&u[g * 4] = *(const float4*)&as[half][k][g * (M / (TM / 4)) + ty * 4];
        UNROLLED
        for (int g = 0; g < TN / 4; g++) *(float4*)&v[g * 4] = *(const float4*)&bs[half][k][g * (N / (TN / 4)) + tx * 4];
        UNROLLED
        for (int i = 0; i < TM; i++)
          UNROLLED
          for (int j = 0; j < TN; j++) sum[i][j] = fmaf(u[i], v[j], sum[i][j]);
      }
    }
    if (!more) break;
    // All threads are done with this half: they were at the barrier since.
    half ^= 1;
    LAY_DOWN(half)
    __syncthreads();
  }
#undef FETCH
#undef FETCH_OF
#undef LAY_DOWN
  const Finish end = finishOf(f, split);
  UNROLLED
  for (int j = 0; j < TN; j += 4) {
    int column = column0 + j / 4 * (N / (TN / 4)) + tx * 4;
    float lift[4];
    UNROLLED
    for (int l = 0; l < 4; l++) lift[l] = liftOf(end, column + l, n);
    UNROLLED
    for (int i = 0; i < TM; i++) {
      int row = row0 + i / 4 * (M / (TM / 4)) + ty * 4 + i % 4;
      if (row >= m) continue;
      float* to = c + (long long)row * n;
      float4 v;
      UNROLLED
      for (int l = 0; l < 4; l++) part(v, l) = sum[i][j + l] + lift[l];
      if (end.activation == 1) {
        UNROLLED
        for (int l = 0; l < 4; l++) part(v, l) = part(v, l) < 0 ? 0.0f : part(v, l);
      } else if (end.activation > 1) v = activatedFour(v, end.activation, end.alpha);
      if (n % 4 == 0) {
        if (column < n) *(float4*)(to + column) = v;
      } else {
        UNROLLED
        for (int l = 0; l < 4; l++)
          if (column + l < n) to[column + l] = part(v, l);
      }
    }
  }
}

/** Products of float32 numbers as they are, in tiles of M x N: see `gemm`. */
template <int M, int N, int K, int TM, int TN>
struct Plain {
  template <class A, class B>
  static METHOD void run(const A& a, const B& b, float* c, int m, int n, int kBegin, int kEnd, const Finish& f, bool split) {
    gemm<M, N, K, TM, TN>(a, b, c, m, n, kBegin, kEnd, f, split);
  }
};

/** The part of k that split `index` of `count` does: whole tiles of 32, which are whole tiles of every product too, but at the very end. */
DEVICE void splitOf(int k, int count, int index, int* begin, int* end) {
  int tiles = (k + 31) / 32, each = (tiles + count - 1) / count * 32;
  *begin = index * each;
  *end = *begin + each < k ? *begin + each : k;
}

// Products by tensor cores: float32 operands are rounded on their way into shared memory, sums are float32. For devices of capability 8.0 and newer.
#pragma once
#include "gemm.h"
#include "stored.h"

/** bfloat16: the range of float32, 8 bits of precision. Two numbers a word, the first in the lower half. */
struct Bfloat16 {
  static const int inWord = 2;
  static METHOD unsigned pack(float first, float second) {
#ifdef GRADSTREAM_EMULATOR
    return emulator::bfloat16Pair(first, second);
#else
    unsigned word;
    asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(second), "f"(first));
    return word;
#endif
  }
  static METHOD float wide(unsigned short bits) {
#ifdef GRADSTREAM_EMULATOR
    return emulator::ofBfloat16(bits);
#else
    return __uint_as_float((unsigned)bits << 16);
#endif
  }
  static METHOD void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#ifdef GRADSTREAM_EMULATOR
    emulator::multiplyTiles(d, a, b, emulator::BFLOAT16);
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
  }
};

/** IEEE's half: 11 bits of precision, numbers up to 65504. */
struct Float16 {
  static const int inWord = 2;
  static METHOD unsigned pack(float first, float second) {
#ifdef GRADSTREAM_EMULATOR
    return emulator::float16Pair(first, second);
#else
    unsigned word;
    asm("cvt.rn.f16x2.f32 %0, %1, %2;" : "=r"(word) : "f"(second), "f"(first));
    return word;
#endif
  }
  static METHOD float wide(unsigned short bits) {
#ifdef GRADSTREAM_EMULATOR
    return emulator::ofFloat16(bits);
#else
    float x;
    asm("cvt.f32.f16 %0, %1;" : "=f"(x) : "h"(bits));
    return x;
#endif
  }
  static METHOD void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#ifdef GRADSTREAM_EMULATOR
    emulator::multiplyTiles(d, a, b, emulator::FLOAT16);
#else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
  }
};

/** TF32: the range of float32, 11 bits of precision. One number a word. */
struct Tf32 {
  static const int inWord = 1;
  static METHOD unsigned pack(float first, float) {
#ifdef GRADSTREAM_EMULATOR
    return emulator::tf32Word(first);
#else
    unsigned word;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(word) : "f"(first));
    return word;
#endif
  }
  static METHOD void multiply(float (&d)[4], const unsigned (&a)[4], const unsigned (&b)[2]) {
#ifdef GRADSTREAM_EMULATOR
    emulator::multiplyTiles(d, a, b, emulator::TF32);
#else
    asm volatile("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"
                 : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3]) : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
  }
};

/** Two words along k from four numbers: rounded, or as they lie in memory in 16 bits already. */
template <class T>
DEVICE unsigned long long twoWords(const float4& v) {
  return T::pack(v.x, v.y) | (unsigned long long)T::pack(v.z, v.w) << 32;
}
template <class T>
DEVICE unsigned long long twoWords(unsigned long long stored) {
  return stored;
}

/** Four words, each of a number of the first four and the one at the same place of the second. */
template <class T>
DEVICE int4 fourWords(const float4& first, const float4& second) {
  int4 v;
  v.x = (int)T::pack(first.x, second.x);
  v.y = (int)T::pack(first.y, second.y);
  v.z = (int)T::pack(first.z, second.z);
  v.w = (int)T::pack(first.w, second.w);
  return v;
}
template <class T>
DEVICE int4 fourWords(unsigned long long first, unsigned long long second) {
  unsigned a = (unsigned)first, b = (unsigned)second, c = (unsigned)(first >> 32), d = (unsigned)(second >> 32);
  int4 v;
  v.x = (int)((a & 0xffffu) | b << 16);
  v.y = (int)(a >> 16 | (b & 0xffff0000u));
  v.z = (int)((c & 0xffffu) | d << 16);
  v.w = (int)(c >> 16 | (d & 0xffff0000u));
  return v;
}

/** Words along k of a tile: two steps of the tensor cores. */
const int TILE_WORDS = 16;

/**
 * SIZE rows of an operand by TILE_WORDS words along k, on their way from memory to shared memory. Rows lie one after the other where the operand is read along k, else
 * places along k do; either way with a gap behind, so that no two threads of a warp meet in a bank.
 */
template <class T, int SIZE, int THREADS_, class S>
struct TensorTile {
  static const int K = TILE_WORDS * T::inWord;
  static const int pitch = S::alongK ? TILE_WORDS + 4 : SIZE + 8;
  static const int words = S::alongK ? SIZE * pitch : TILE_WORDS * pitch;
  /** Loads of four numbers that are laid down together, and how often each thread does that. */
  static const int each = S::alongK ? 1 : T::inWord;
  static const int units = S::alongK ? SIZE * K / 4 : SIZE / 4 * TILE_WORDS;
  static const int rounds = (units + THREADS_ - 1) / THREADS_;
  // A thread's loads differ in their rows alone where they are along k, else in their places along k alone.
  static_assert(THREADS_ % (S::alongK ? K / 4 : SIZE / 4) == 0, "threads stay in their places");
  static const int slots = S::alongK ? rounds : 1;
  typename S::Slot slot[slots];
  typename S::Raw next[rounds * each];

  static METHOD int outerOf(unsigned q) { return (int)(S::alongK ? q / (K / 4) : q % (SIZE / 4) * 4); }
  static METHOD int placeOf(unsigned q) { return (int)(S::alongK ? q % (K / 4) * 4 : q / (SIZE / 4) * each); }
  static METHOD unsigned word(const unsigned* from, int outer, int w) { return from[S::alongK ? outer * pitch + w : w * pitch + outer]; }

  METHOD void begin(const S& s, int first) {
    UNROLLED
    for (int i = 0; i < slots; i++) {
      unsigned q = threadIdx.x + i * THREADS_;
      slot[i] = s.slot(first + (q < units ? outerOf(q) : 0));
    }
  }
  METHOD void fetch(const S& s, int k0) {
    if (S::alongK) {
      typename S::Place place = s.place(k0 + placeOf(threadIdx.x));
      UNROLLED
      for (int i = 0; i < rounds; i++)
        if (units % THREADS_ == 0 || threadIdx.x + i * THREADS_ < units) next[i] = s.load(slot[S::alongK ? i : 0], place);
    } else {
      UNROLLED
      for (int i = 0; i < rounds; i++) {
        unsigned q = threadIdx.x + i * THREADS_;
        if (units % THREADS_ != 0 && q >= units) continue;
        UNROLLED
        for (int j = 0; j < each; j++) next[i * each + j] = s.load(slot[0], s.place(k0 + placeOf(q) + j));
      }
    }
  }
  METHOD void layDown(unsigned* to) {
    UNROLLED
    for (int i = 0; i < rounds; i++) {
      unsigned q = threadIdx.x + i * THREADS_;
      if (units % THREADS_ != 0 && q >= units) continue;
      // Four numbers along k; or four words along the outer side, with both numbers of each from two loads.
      if (S::alongK && T::inWord == 2) *(unsigned long long*)(to + outerOf(q) * pitch + placeOf(q) / 2) = twoWords<T>(next[i]);
      else *(int4*)(to + (S::alongK ? outerOf(q) * pitch + placeOf(q) : placeOf(q) / each * pitch + outerOf(q))) = fourWords<T>(next[i * each], next[i * each + each - 1]);
    }
  }
};

/** Two neighbours in a row of n of which `left` are left, in one go where every row begins on a multiple of two. */
template <class Y>
DEVICE void putUpToTwo(Y* to, int left, int n, float first, float second) {
  if (left > 1 && n % 2 == 0) return putTwo(to, first, second);
  put(to, first);
  if (left > 1) put(to + 1, second);
}

/**
 * Products of numbers rounded to T, in tiles of M x N by warps that do WM x WN each: `run` does what `gemm` does. A warp's numbers lie in its registers as the tensor
 * cores take them: thread t of four and g of eight has words t and t + 4 of rows g and g + 8.
 */
template <class T, int M, int N, int WM, int WN>
struct Tensor {
  template <class A, class B, class Y>
  static METHOD void run(const A& a, const B& b, Y* c, int m, int n, int kBegin, int kEnd, const Finish& f, bool split) {
    const int threads = (M / WM) * (N / WN) * 32;
    typedef TensorTile<T, M, threads, A> Left;
    typedef TensorTile<T, N, threads, B> Right;
    __shared__ int4 as[2][Left::words / 4];
    __shared__ int4 bs[2][Right::words / 4];
    unsigned tilesInRow = ((unsigned)n + N - 1) / N, tileRow = blockIdx.x / tilesInRow;
    int row0 = (int)(tileRow * M), column0 = (int)((blockIdx.x - tileRow * tilesInRow) * N);
    Left left;
    Right right;
    left.begin(a, row0);
    right.begin(b, column0);
    int warp = threadIdx.x / 32, g = threadIdx.x % 32 / 4, t = threadIdx.x % 4;
    int warpRow = warp / (N / WN) * WM, warpColumn = warp % (N / WN) * WN;
    float sum[WM / 16][WN / 8][4];
    UNROLLED
    for (int i = 0; i < WM / 16; i++) {
      UNROLLED
      for (int j = 0; j < WN / 8; j++) sum[i][j][0] = sum[i][j][1] = sum[i][j][2] = sum[i][j][3] = 0;
    }
    int half = 0;
    for (int k0 = kBegin;; k0 += Left::K) {
      bool more = k0 < kEnd;
      if (more) {
        left.fetch(a, k0);
        right.fetch(b, k0);
      }
      if (k0 > kBegin) {
        const unsigned *u = (const unsigned*)as[half], *v = (const unsigned*)bs[half];
        UNROLLED
        for (int w = 0; w < TILE_WORDS; w += 8) {
          unsigned x[WM / 16][4], y[WN / 8][2];
          UNROLLED
          for (int i = 0; i < WM / 16; i++) {
            int row = warpRow + i * 16 + g;
            x[i][0] = Left::word(u, row, w + t);
            x[i][1] = Left::word(u, row + 8, w + t);
            x[i][2] = Left::word(u, row, w + t + 4);
            x[i][3] = Left::word(u, row + 8, w + t + 4);
          }
          UNROLLED
          for (int j = 0; j < WN / 8; j++) {
            int column = warpColumn + j * 8 + g;
            y[j][0] = Right::word(v, column, w + t);
            y[j][1] = Right::word(v, column, w + t + 4);
          }
          UNROLLED
          for (int i = 0; i < WM / 16; i++) {
            UNROLLED
            for (int j = 0; j < WN / 8; j++) T::multiply(sum[i][j], x[i], y[j]);
          }
        }
      }
      if (!more) break;
      // All threads are done with this half: they were at the barrier since.
      half ^= 1;
      left.layDown((unsigned*)as[half]);
      right.layDown((unsigned*)bs[half]);
      __syncthreads();
    }
    const Finish end = finishOf(f, split);
    UNROLLED
    for (int j = 0; j < WN / 8; j++) {
      int column = column0 + warpColumn + j * 8 + t * 2;
      if (column >= n) continue;
      float low = liftOf(end, column, n), high = liftOf(end, column + 1, n);
      UNROLLED
      for (int i = 0; i < WM / 16; i++) {
        UNROLLED
        for (int h = 0; h < 2; h++) {
          int row = row0 + warpRow + i * 16 + g + h * 8;
          if (row >= m) continue;
          float2 v;
          v.x = sum[i][j][h * 2] + low;
          v.y = sum[i][j][h * 2 + 1] + high;
          if (end.activation == 1) {
            v.x = v.x < 0 ? 0.0f : v.x;
            v.y = v.y < 0 ? 0.0f : v.y;
          } else if (end.activation > 1) v = activatedTwo(v, end.activation, end.alpha);
          long long at = (long long)row * n + column;
          // Sums that are not whole yet are float32 in any case.
          if (split && sizeof(Y) < sizeof(float)) putUpToTwo((float*)c + at, n - column, n, v.x, v.y);
          else putUpToTwo(c + at, n - column, n, v.x, v.y);
        }
      }
    }
  }
};

/** All kernels of products and of convolutions of numbers of one type; `end` ends their names. `blocks`: so many of the largest tiles on a multiprocessor fit into its registers. */
#define TENSOR_PRODUCTS(end, T, blocks) \
  PRODUCT(64, end, 128, 4, Tensor<T, 64, 64, 32, 32>) \
  PRODUCT(128, end, 256, blocks, Tensor<T, 128, 128, 64, 32>)
/** `X`: how images and their gradients are stored. */
#define TENSOR_CONVOLUTIONS(end, T, X, blocks) \
  CONVOLUTION_OF(64##end, 128, 4, X, Tensor<T, 64, 64, 32, 32>) \
  CONVOLUTION_OF(128##end, 256, blocks, X, Tensor<T, 128, 128, 64, 32>) \
  CONVOLUTION_OF(128x16##end, 128, 4, X, Tensor<T, 128, 16, 32, 16>) \
  CONVOLUTION_OF(128x32##end, 128, 4, X, Tensor<T, 128, 32, 32, 32>) \
  CONVOLUTION_OF(128x64##end, 128, 2, X, Tensor<T, 128, 64, 64, 32>)

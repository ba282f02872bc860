// Kernels that move elements and change none, and those whose int32 input says where elements come from or go to.
#include "device.h"

/** Dimensions of a copy, last one first; how far a step in one moves in the source and in the target. */
struct Copy {
  int rank;
  int size[6];
  int from[6];
  int to[6];
};

template <class T>
DEVICE void copyStrided(const T* x, T* y, int n, const Copy& c) {
  EACH(i, n) {
    unsigned rest = i;
    int from = 0, to = 0;
    // Written out: a structure that is indexed by a variable would be copied to memory by each thread.
    UNROLLED
    for (int d = 0; d < 6; d++)
      if (d < c.rank) {
        unsigned whole = d + 1 == c.rank ? 0 : rest / (unsigned)c.size[d];
        int place = (int)(rest - whole * (unsigned)c.size[d]);
        from += place * c.from[d];
        to += place * c.to[d];
        rest = whole;
      }
    y[to] = x[from];
  }
}
KERNEL(copy_words)(const int* x, int* y, int n, Copy c) { copyStrided(x, y, n, c); }
KERNEL(copy_quads)(const int4* x, int4* y, int n, Copy c) { copyStrided(x, y, n, c); }
KERNEL(copy_bytes)(const Byte* x, Byte* y, int n, Copy c) { copyStrided(x, y, n, c); }

/**
 * y[b][column][row] = x[b][row][column], through a tile of shared memory: both sides are read and written in rows. All tiles are along the first dimension of the grid:
 * the others are too short for tall matrices.
 */
KERNEL(transpose_words)(const int* x, int* y, int rows, int columns) {
  __shared__ int tile[32][33];
  unsigned across = ((unsigned)columns + 31) / 32, down = ((unsigned)rows + 31) / 32;
  unsigned line = blockIdx.x / across, left = (blockIdx.x - line * across) * 32;
  unsigned matrix = line / down, top = (line - matrix * down) * 32;
  long long base = (long long)matrix * rows * columns;
  int column = left + threadIdx.x;
  for (int k = threadIdx.y; k < 32; k += 8) {
    int row = top + k;
    if (row < rows && column < columns) tile[k][threadIdx.x] = x[base + (long long)row * columns + column];
  }
  __syncthreads();
  int row = top + threadIdx.x;
  for (int k = threadIdx.y; k < 32; k += 8) {
    int to = left + k;
    if (row < rows && to < columns) y[base + (long long)to * rows + row] = tile[threadIdx.x][k];
  }
}

/**
 * Rows of `width` bytes: y[batch][outer][k] = x[batch][outer][indices[batch][k]]. An index out of range sets `fault` to 1 + its place and gives zeros.
 */
KERNEL(gather_rows)(const Byte* x, const int* indices, Byte* y, int n, int outer, int size, int count, int width, int* fault) {
  bool words = width % 4 == 0;
  int step = words ? 4 : 1;
  EACH(i, n) {
    unsigned at = i, row = width / step;
    unsigned column = at % row;
    at /= row;
    unsigned k = at % (unsigned)count;
    at /= (unsigned)count;
    unsigned o = at % (unsigned)outer, batch = at / (unsigned)outer;
    int index = indices[batch * count + k];
    bool inside = index >= 0 && index < size;
    if (!inside) *fault = 1 + (int)(batch * count + k);
    long long from = (((long long)(batch * outer + o) * size + index) * row + column) * step;
    if (words) ((int*)y)[i] = inside ? *(const int*)(x + from) : 0;
    else y[i] = inside ? x[from] : 0;
  }
}

/** The sizes of the dimensions that a row of indices names. */
struct Sizes {
  int depth;
  int size[6];
};

/** rows[r] = the flat place that indices[r] name, or -1 where one is out of range, with `fault` set. */
KERNEL(flat_places)(const int* indices, int* rows, int n, Sizes s, int* fault) {
  EACH(i, n) {
    int place = 0;
    bool inside = true;
    for (int d = 0; d < s.depth; d++) {
      int index = indices[i * s.depth + d];
      inside = inside && index >= 0 && index < s.size[d];
      place = place * s.size[d] + index;
    }
    if (!inside) *fault = 1 + (int)i;
    rows[i] = inside ? place : -1;
  }
}

KERNEL(one_hot)(const int* indices, int* y, int n, int depth, int on, int off) {
  EACH(i, n) y[i] = indices[i / (unsigned)depth] == (int)(i % (unsigned)depth) ? on : off;
}

/**
 * For each row r of x, in order: adds it to row ids[r] of y, where `set` is not given, else puts it there. One block does one target: the one whose row comes
 * first; so sums have one order, whatever runs at the same time. Ids outside of 0 ... segments - 1 are left out. 256 threads.
 */
template <class T>
DEVICE void scatterRows(const T* x, const int* ids, T* y, int rows, int width, int segments, bool set) {
  __shared__ unsigned found[8];
  unsigned own = blockIdx.x;
  int id = ids[own];
  if (id < 0 || id >= segments) return;
  bool earlier = false;
  for (unsigned r = threadIdx.x; r < own; r += blockDim.x) earlier = earlier || ids[r] == id;
  if (__syncthreads_or(earlier)) return;
  unsigned warp = threadIdx.x >> 5;
  for (unsigned first = own; first < (unsigned)rows; first += blockDim.x) {
    unsigned r = first + threadIdx.x;
    unsigned mask = __ballot_sync(0xffffffffu, r < (unsigned)rows && ids[r] == id);
    if ((threadIdx.x & 31) == 0) found[warp] = mask;
    __syncthreads();
    for (unsigned w = 0; w < 8; w++) {
      for (unsigned bits = found[w]; bits != 0; bits &= bits - 1) {
        unsigned row = first + w * 32 + (unsigned)__ffs((int)bits) - 1;
        for (int c = threadIdx.x; c < width; c += blockDim.x) {
          T value = x[(long long)row * width + c];
          T* to = y + (long long)id * width + c;
          *to = set ? value : (T)(*to + value);
        }
      }
    }
    __syncthreads();
  }
}
KERNEL(scatter_add_float)(const float* x, const int* ids, float* y, int rows, int width, int segments) {
  scatterRows(x, ids, y, rows, width, segments, false);
}
KERNEL(scatter_add_int)(const int* x, const int* ids, int* y, int rows, int width, int segments) {
  scatterRows(x, ids, y, rows, width, segments, false);
}
KERNEL(scatter_set)(const int* x, const int* ids, int* y, int rows, int width, int segments) {
  scatterRows(x, ids, y, rows, width, segments, true);
}

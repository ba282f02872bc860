// Products of matrices, plain, transposed on either side, batched, with bias and activation.
#pragma once
#include "gemm.h"

struct Product {
  int m, n, k;
  int splits;
  /** How far the operands of the next product of a batch are; 0 where one serves all. */
  long long aStep, bStep;
  int aWhole, bWhole;
};

template <class S>
DEVICE S operand(const float* x, int outer, int k, int whole) {
  S s;
  s.x = x;
  s.outer = outer;
  s.k = k;
  s.whole = whole != 0;
  return s;
}

/** One product by an engine, which says in which tiles and of what numbers. */
template <class E, class A, class B>
DEVICE void product(const float* a, const float* b, float* c, const Product& p, const Finish& f) {
  int batch = blockIdx.z / p.splits, split = blockIdx.z % p.splits, begin, end;
  splitOf(p.k, p.splits, split, &begin, &end);
  A left = operand<A>(a + batch * p.aStep, p.m, p.k, p.aWhole);
  B right = operand<B>(b + batch * p.bStep, p.n, p.k, p.bWhole);
  E::run(left, right, c + (long long)blockIdx.z * p.m * p.n, p.m, p.n, begin, end, f, p.splits > 1);
}

/**
 * The four kernels of one size of tiles. The letters say how the operands are stored: n as they are read, t the other way round. b(n, k) of a plain product lies
 * along n.
 */
#define PRODUCT(size, end, threads, BLOCKS, ...) \
  KERNEL_OF(gemm_##size##_nn##end, threads, BLOCKS)(const float* a, const float* b, float* c, Product p, Finish f) { product<__VA_ARGS__, AlongK, AlongOuter>(a, b, c, p, f); } \
  KERNEL_OF(gemm_##size##_nt##end, threads, BLOCKS)(const float* a, const float* b, float* c, Product p, Finish f) { product<__VA_ARGS__, AlongK, AlongK>(a, b, c, p, f); } \
  KERNEL_OF(gemm_##size##_tn##end, threads, BLOCKS)(const float* a, const float* b, float* c, Product p, Finish f) { product<__VA_ARGS__, AlongOuter, AlongOuter>(a, b, c, p, f); } \
  KERNEL_OF(gemm_##size##_tt##end, threads, BLOCKS)(const float* a, const float* b, float* c, Product p, Finish f) { product<__VA_ARGS__, AlongOuter, AlongK>(a, b, c, p, f); }

// Numbers as they lie in memory: float32, or half of that. Kernels compute in float32 and round when they store.
#pragma once
#include "device.h"

/** A number of 16 bits; T says of which kind: `Bfloat16` or `Float16` of tensor.h. */
template <class T>
struct Half {
  unsigned short bits;
};

DEVICE float wideOf(float x) { return x; }
template <class T>
DEVICE float wideOf(Half<T> x) {
  return T::wide(x.bits);
}

DEVICE float4 zeros() {
  float4 v;
  v.x = v.y = v.z = v.w = 0;
  return v;
}

/** Four neighbours as they lie in memory, with the numbers of one that is not there and of one by its place. */
template <class X>
struct Four;
template <>
struct Four<float> {
  typedef float4 Type;
  static METHOD float4 none() { return zeros(); }
  static METHOD float4 at(const float* p) { return *(const float4*)p; }
  static METHOD void set(float4& v, int i, float x) { part(v, i) = x; }
};
template <class T>
struct Four<Half<T>> {
  typedef unsigned long long Type;
  static METHOD Type none() { return 0; }
  static METHOD Type at(const Half<T>* p) { return *(const unsigned long long*)p; }
  static METHOD void set(Type& v, int i, Half<T> x) { v |= (Type)x.bits << (16 * i); }
};

/** Four neighbours, of which the first lies on a multiple of four. */
DEVICE float4 fourAt(const float* p) { return *(const float4*)p; }
template <class T>
DEVICE float4 fourAt(const Half<T>* p) {
  unsigned long long words = *(const unsigned long long*)p;
  unsigned low = (unsigned)words, high = (unsigned)(words >> 32);
  float4 v;
  v.x = T::wide((unsigned short)low);
  v.y = T::wide((unsigned short)(low >> 16));
  v.z = T::wide((unsigned short)high);
  v.w = T::wide((unsigned short)(high >> 16));
  return v;
}

DEVICE void put(float* p, float v) { *p = v; }
template <class T>
DEVICE void put(Half<T>* p, float v) {
  p->bits = (unsigned short)T::pack(v, v);
}

DEVICE void putTwo(float* p, float first, float second) {
  float2 pair;
  pair.x = first;
  pair.y = second;
  *(float2*)p = pair;
}
template <class T>
DEVICE void putTwo(Half<T>* p, float first, float second) {
  *(unsigned*)p = T::pack(first, second);
}

DEVICE void putFour(float* p, const float4& v) { *(float4*)p = v; }
template <class T>
DEVICE void putFour(Half<T>* p, const float4& v) {
  *(unsigned long long*)p = T::pack(v.x, v.y) | (unsigned long long)T::pack(v.z, v.w) << 32;
}

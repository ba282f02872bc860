// Float32 numbers rounded as tensor cores take them, and back.
#pragma once
#include <cstdint>
#include <cstring>

namespace emulator {

inline uint32_t bitsOf(float x) {
  uint32_t bits;
  return memcpy(&bits, &x, 4), bits;
}
inline float floatOf(uint32_t bits) {
  float x;
  return memcpy(&x, &bits, 4), x;
}

/** To the nearest, to even where two are as near: cvt.rn.bf16.f32. */
inline uint16_t toBfloat16(float x) {
  uint32_t bits = bitsOf(x);
  if (x != x) return 0x7fff;
  return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}
inline float fromBfloat16(uint16_t x) { return floatOf((uint32_t)x << 16); }

/** The same for IEEE's half: cvt.rn.f16.f32. */
inline uint16_t toFloat16(float x) {
  uint32_t bits = bitsOf(x), sign = bits >> 16 & 0x8000, magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return 0x7fff;
  if (magnitude >= 0x477ff000) return (uint16_t)(sign | 0x7c00);
  if (magnitude < 0x38800000) {
    // Numbers below the smallest normal one are whole multiples of 2^-24: an addition in float32 rounds them so.
    float shifted = floatOf(magnitude) + 0.5f;
    return (uint16_t)(sign | (bitsOf(shifted) - 0x3f000000));
  }
  uint32_t rounded = magnitude - 0x38000000 + 0xfff + (magnitude >> 13 & 1);
  return (uint16_t)(sign | rounded >> 13);
}
inline float fromFloat16(uint16_t x) {
  uint32_t sign = (uint32_t)(x & 0x8000) << 16, exponent = x >> 10 & 31, fraction = x & 0x3ff;
  if (exponent == 31) return floatOf(sign | 0x7f800000 | fraction << 13);
  if (exponent == 0) return floatOf(sign | bitsOf((float)fraction * 5.9604644775390625e-8f));
  return floatOf(sign | (exponent + 112) << 23 | fraction << 13);
}

/** To 10 bits behind the point, away from zero where two are as near: cvt.rna.tf32.f32. */
inline float toTf32(float x) {
  uint32_t bits = bitsOf(x);
  if ((bits & 0x7f800000) == 0x7f800000) return x;
  return floatOf((bits + 0x1000) & 0xffffe000);
}

}  // namespace emulator

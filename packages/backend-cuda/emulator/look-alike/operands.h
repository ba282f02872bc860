// What cuBLAS and cuBLASLt round operands to, by the numbers of their modes.
#pragma once
#include <map>
#include "../rounding.h"

namespace {

enum Rounding { NONE, TO_TF32, TO_BFLOAT16, TO_FLOAT16 };
const std::map<int, Rounding> roundings = {{68, NONE}, {74, TO_FLOAT16}, {75, TO_BFLOAT16}, {77, TO_TF32}};

float rounded(float x, Rounding to) {
  using namespace emulator;
  return to == TO_TF32 ? toTf32(x) : to == TO_BFLOAT16 ? fromBfloat16(toBfloat16(x)) : to == TO_FLOAT16 ? fromFloat16(toFloat16(x)) : x;
}

}  // namespace

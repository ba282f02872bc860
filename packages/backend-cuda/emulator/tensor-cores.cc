// What tensor cores do with the registers of a warp: d += a b, where the layout of the registers is that of mma.sync.m16n8k16 (bfloat16, float16) and m16n8k8 (TF32).
#include <dlfcn.h>
#include "emulator.h"
#include "rounding.h"

namespace emulator {

namespace {

/** The words of a and b that each thread of the block has. */
uint32_t words[1024][6];

/** Number `half` of a word. */
double number(uint32_t word, int half, Numbers numbers) {
  if (numbers == TF32) return floatOf(word);
  auto bits = (uint16_t)(word >> 16 * half);
  return numbers == BFLOAT16 ? fromBfloat16(bits) : fromFloat16(bits);
}

}  // namespace

uint32_t bfloat16Pair(float first, float second) { return toBfloat16(first) | (uint32_t)toBfloat16(second) << 16; }
uint32_t float16Pair(float first, float second) { return toFloat16(first) | (uint32_t)toFloat16(second) << 16; }
uint32_t tf32Word(float x) { return bitsOf(toTf32(x)); }
float ofBfloat16(uint16_t bits) { return fromBfloat16(bits); }
float ofFloat16(uint16_t bits) { return fromFloat16(bits); }

bool loadTensorCores() {
  Dl_info self;
  if (!dladdr((void*)loadTensorCores, &self)) return false;
  std::string path(self.dli_fname);
  return dlopen((path.substr(0, path.size() - 2) + "tensor-cores.so").c_str(), RTLD_NOW) != nullptr;
}

void multiplyTiles(float* d, const uint32_t* a, const uint32_t* b, Numbers numbers) {
  unsigned self = threadInBlock(), first = self & ~31u, g = (self & 31) / 4, t = self % 4;
  for (int i = 0; i < 4; i++) words[self][i] = a[i];
  for (int i = 0; i < 2; i++) words[self][4 + i] = b[i];
  warpBarrier();
  int halves = numbers == TF32 ? 1 : 2;
  for (int i = 0; i < 4; i++) {
    unsigned row = g + i / 2 * 8, column = t * 2 + i % 2;
    double sum = d[i];
    for (unsigned place = 0; place < 8; place++) {
      uint32_t x = words[first + row % 8 * 4 + place % 4][row / 8 + place / 4 * 2];
      uint32_t y = words[first + column * 4 + place % 4][4 + place / 4];
      for (int half = 0; half < halves; half++) sum += number(x, half, numbers) * number(y, half, numbers);
    }
    d[i] = (float)sum;
  }
  warpBarrier();
}

}  // namespace emulator

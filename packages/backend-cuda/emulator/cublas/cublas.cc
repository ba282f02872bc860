// A look-alike of libcublas on the emulator's memory and streams: the functions that src/node/cublas.ts declares, with the rounding of operands that each mode allows.
#include <cmath>
#include "../look-alike/look-alike.h"
#include "../look-alike/operands.h"
#include "../machine.h"

using namespace emulator;

namespace {

enum Status { SUCCESS = 0, NOT_STARTED = 1, ALLOC_FAILED = 3, WRONG_VALUE = 7, EXECUTION_FAILED = 13 };

struct Handle {
  void* stream = nullptr;
  int mathMode = 0;
  uint64_t workspace = 0;
  size_t workspaceBytes = 0;
};

struct Matrix {
  const float* at;
  int row;
  long long step;
  bool transposed;
};

/** The place of the last number of all matrices of a batch, and one more. */
size_t extent(int rows, int columns, int row, long long step, int count) { return (size_t)((count - 1) * step) + (size_t)(columns - 1) * row + rows; }

/** In columns: c[m][n] = alpha a b + beta c. */
int product(Handle* handle, bool ta, bool tb, int m, int n, int k, const float* alpha, Matrix a, Matrix b, const float* beta, float* c, int cRow, long long cStep, int count, Rounding to) {
  if (m < 0 || n < 0 || k < 0 || count < 0 || a.row < (ta ? k : m) || b.row < (tb ? n : k) || cRow < m) return WRONG_VALUE;
  if (m * n * count == 0) return SUCCESS;
  bool inside = isInside(blocks, (uint64_t)a.at, 4 * extent(ta ? k : m, ta ? m : k, a.row, a.step, count)) &&
                isInside(blocks, (uint64_t)b.at, 4 * extent(tb ? n : k, tb ? k : n, b.row, b.step, count)) &&
                isInside(blocks, (uint64_t)c, 4 * extent(m, n, cRow, cStep, count));
  if (!inside) return EXECUTION_FAILED;
  float scale = *alpha, keep = *beta;
  int error = submit(handle->stream, [=] {
    for (int z = 0; z < count; z++)
      for (int j = 0; j < n; j++)
        for (int i = 0; i < m; i++) {
          double sum = 0;
          for (int l = 0; l < k; l++) {
            float x = a.at[z * a.step + (ta ? (long long)i * a.row + l : (long long)l * a.row + i)];
            float y = b.at[z * b.step + (tb ? (long long)l * b.row + j : (long long)j * b.row + l)];
            sum += (double)rounded(x, to) * rounded(y, to);
          }
          float& to_ = c[z * cStep + (long long)j * cRow + i];
          to_ = (float)(scale * sum + (keep == 0 ? 0 : keep * to_));
        }
  });
  return error == 0 ? SUCCESS : EXECUTION_FAILED;
}

}  // namespace

#define BEGIN_WITH(name) \
  BEGIN(name) \
  if (!areAlive(handle)) return NOT_STARTED;

API int cublasCreate_v2(void** handle) {
  BEGIN(cublasCreate_v2)
  return currentDevice() < 0 ? (int)NOT_STARTED : make((Handle**)handle);
}
API int cublasDestroy_v2(void* handle) {
  BEGIN_WITH(cublasDestroy_v2)
  // It waits for the device: a context that is gone is an error here.
  if (currentDevice() < 0) return EXECUTION_FAILED;
  return destroy((Handle*)handle, NOT_STARTED);
}
API int cublasSetStream_v2(void* handle, void* stream) {
  BEGIN_WITH(cublasSetStream_v2)
  auto* one = (Handle*)handle;
  one->stream = stream;
  // The real one forgets its workspace then.
  one->workspace = one->workspaceBytes = 0;
  return SUCCESS;
}
API int cublasSetMathMode(void* handle, int mode) {
  BEGIN_WITH(cublasSetMathMode)
  if (mode != 0 && mode != 3) return WRONG_VALUE;
  return ((Handle*)handle)->mathMode = mode, SUCCESS;
}
API int cublasSetWorkspace_v2(void* handle, uint64_t workspace, size_t bytes) {
  BEGIN_WITH(cublasSetWorkspace_v2)
  if (workspace % 256 != 0 || !isInside(blocks, workspace, bytes)) return WRONG_VALUE;
  ((Handle*)handle)->workspace = workspace;
  ((Handle*)handle)->workspaceBytes = bytes;
  return SUCCESS;
}
API int cublasSgemmStridedBatched(void* handle, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int aRow, long long aStep, const float* b, int bRow, long long bStep,
                                  const float* beta, float* c, int cRow, long long cStep, int count) {
  BEGIN_WITH(cublasSgemmStridedBatched)
  auto* one = (Handle*)handle;
  // Without a workspace it would take memory: no recording may hold that.
  if (one->workspace == 0 && isRecordingStrictly()) return ALLOC_FAILED;
  return product(one, ta == 1, tb == 1, m, n, k, alpha, {a, aRow, aStep, ta == 1}, {b, bRow, bStep, tb == 1}, beta, c, cRow, cStep, count, one->mathMode == 3 ? TO_TF32 : NONE);
}
API int cublasGemmStridedBatchedEx(void* handle, int ta, int tb, int m, int n, int k, const float* alpha, const float* a, int aType, int aRow, long long aStep, const float* b, int bType, int bRow,
                                   long long bStep, const float* beta, float* c, int cType, int cRow, long long cStep, int count, int compute, int) {
  BEGIN_WITH(cublasGemmStridedBatchedEx)
  auto found = roundings.find(compute);
  if (aType != 0 || bType != 0 || cType != 0 || found == roundings.end()) return WRONG_VALUE;
  return product((Handle*)handle, ta == 1, tb == 1, m, n, k, alpha, {a, aRow, aStep, ta == 1}, {b, bRow, bStep, tb == 1}, beta, c, cRow, cStep, count, found->second);
}

/** Lets a call give a status after so many that do not. */
API void cublas_fail(const char* name, int after, int status) { planned[name] = {after, status}; }
API void cublas_mend() { planned.clear(); }
API long cublas_called(const char* name) { return called[name]; }
API long cublas_handles() { return (long)alive.size(); }

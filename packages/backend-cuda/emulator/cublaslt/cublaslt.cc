// A look-alike of libcublasLt on the emulator's memory and streams: the functions that src/node/cublas-lt.ts declares, for float32 matrices in columns that are finished with
// a bias and relu, with the rounding of operands that each mode allows.
#include <cmath>
#include <cstring>
#include "../look-alike/look-alike.h"
#include "../look-alike/operands.h"
#include "../machine.h"

using namespace emulator;

namespace {

enum Status { SUCCESS = 0, NOT_STARTED = 1, WRONG_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum Epilogue { RELU = 2, BIAS = 4, RELU_BIAS = 6 };
const int FLOAT32 = 0;

struct Handle {};
struct Product {
  int compute = 0, transposeA = 0, transposeB = 0;
  uint32_t epilogue = 1;
  uint64_t bias = 0;
};
struct Layout {
  uint64_t rows = 0, columns = 0;
  int64_t step = 0;
  size_t bytes() const { return 4 * ((columns - 1) * (size_t)step + rows); }
};
struct Preference {
  uint64_t workspaceBytes = 0;
  uint32_t alignments[4] = {256, 256, 256, 256};
};
/** 64 bytes that mean nothing to who has them: here what they were found for. */
struct Algorithm {
  uint64_t magic, workspaceBytes;
  uint32_t alignments[4], biasAlignment, question;
  uint64_t rest[3];
};
/** As the header of NVIDIA lays it out. */
struct Answer {
  Algorithm algorithm;
  size_t workspaceBytes;
  int status;
  float waves;
  int reserved[4];
};
static_assert(sizeof(Algorithm) == 64 && sizeof(Answer) == 96, "as in cublasLt.h");
const uint64_t MAGIC = 0x6c74616c676f;

/** What is added to every result, what algorithms want, and whether relu makes 0 of NaN. */
float wrong = 0;
size_t workspaceBytes = 1000;
bool losesNaN = false;

/** Sets what has exactly the size that it must have. */
template <class T>
int set(T& to, const void* from, size_t bytes) {
  if (bytes != sizeof(T)) return WRONG_VALUE;
  memcpy(&to, from, bytes);
  return SUCCESS;
}

uint32_t alignmentOf(uint64_t address) {
  uint64_t lowest = address & -address;
  return lowest == 0 || lowest > 256 ? 256 : (uint32_t)lowest;
}

/** Whether matrices, in columns, belong together: d, rows x columns, is a b. */
bool isProduct(const Product* g, const Layout* a, const Layout* b, const Layout* c, const Layout* d) {
  if (!areAlive(g, a, b, c, d)) return false;
  uint64_t m = g->transposeA ? a->columns : a->rows, k = g->transposeA ? a->rows : a->columns;
  uint64_t n = g->transposeB ? b->rows : b->columns, inner = g->transposeB ? b->columns : b->rows;
  bool fit = k == inner && d->rows == m && d->columns == n && c->rows == m && c->columns == n;
  for (auto* one : {a, b, c, d}) fit = fit && one->step >= (int64_t)one->rows && one->rows > 0 && one->columns > 0;
  return fit && roundings.count(g->compute) && (g->epilogue == RELU || g->epilogue == BIAS || g->epilogue == RELU_BIAS);
}
uint32_t questionOf(const Product* g, const Layout* a, const Layout* b, const Layout* d) {
  uint64_t hash = 17;
  for (uint64_t part : {(uint64_t)g->compute, (uint64_t)g->transposeA, (uint64_t)g->transposeB, (uint64_t)g->epilogue, a->rows, a->columns, (uint64_t)a->step, b->rows, b->columns, (uint64_t)b->step,
                        d->rows, d->columns, (uint64_t)d->step})
    hash = hash * 1000003 + part;
  return (uint32_t)(hash ^ hash >> 32);
}

}  // namespace

API size_t cublasLtGetVersion() { return 130100; }
API int cublasLtCreate(Handle** handle) {
  BEGIN(cublasLtCreate)
  // It takes memory of the device: no recording may hold that.
  if (currentDevice() < 0 || refuseInRecording()) return NOT_STARTED;
  return make(handle);
}
API int cublasLtDestroy(Handle* handle) {
  BEGIN(cublasLtDestroy)
  return destroy(handle, WRONG_VALUE);
}
API int cublasLtMatmulDescCreate(Product** made, int compute, int scale) {
  BEGIN(cublasLtMatmulDescCreate)
  if (!roundings.count(compute) || scale != FLOAT32) return WRONG_VALUE;
  make(made);
  return (*made)->compute = compute, SUCCESS;
}
API int cublasLtMatmulDescDestroy(Product* one) { return destroy(one, WRONG_VALUE); }
API int cublasLtMatmulDescSetAttribute(Product* one, int attribute, const void* value, size_t bytes) {
  BEGIN(cublasLtMatmulDescSetAttribute)
  if (!areAlive(one)) return WRONG_VALUE;
  switch (attribute) {
    case 3: return set(one->transposeA, value, bytes);
    case 4: return set(one->transposeB, value, bytes);
    case 7: return set(one->epilogue, value, bytes);
    case 8: return set(one->bias, value, bytes);
    default: return WRONG_VALUE;
  }
}
API int cublasLtMatrixLayoutCreate(Layout** made, int type, uint64_t rows, uint64_t columns, int64_t step) {
  BEGIN(cublasLtMatrixLayoutCreate)
  if (type != FLOAT32) return WRONG_VALUE;
  make(made);
  return **made = {rows, columns, step}, SUCCESS;
}
API int cublasLtMatrixLayoutDestroy(Layout* one) { return destroy(one, WRONG_VALUE); }
API int cublasLtMatmulPreferenceCreate(Preference** made) {
  BEGIN(cublasLtMatmulPreferenceCreate)
  return make(made);
}
API int cublasLtMatmulPreferenceDestroy(Preference* one) { return destroy(one, WRONG_VALUE); }
API int cublasLtMatmulPreferenceSetAttribute(Preference* one, int attribute, const void* value, size_t bytes) {
  BEGIN(cublasLtMatmulPreferenceSetAttribute)
  if (!areAlive(one) || (attribute != 1 && (attribute < 5 || attribute > 8))) return WRONG_VALUE;
  return attribute == 1 ? set(one->workspaceBytes, value, bytes) : set(one->alignments[attribute - 5], value, bytes);
}
API int cublasLtMatmulAlgoGetHeuristic(Handle* handle, Product* g, Layout* a, Layout* b, Layout* c, Layout* d, Preference* preference, int most, Answer* found, int* count) {
  BEGIN(cublasLtMatmulAlgoGetHeuristic)
  *count = 0;
  if (!areAlive(handle)) return NOT_STARTED;
  if (!areAlive(preference) || !isProduct(g, a, b, c, d) || most < 1) return WRONG_VALUE;
  if (workspaceBytes > preference->workspaceBytes) return NOT_SUPPORTED;
  Algorithm algorithm = {MAGIC, workspaceBytes, {}, alignmentOf(g->bias), questionOf(g, a, b, d), {}};
  memcpy(algorithm.alignments, preference->alignments, sizeof algorithm.alignments);
  found[0] = {algorithm, workspaceBytes, SUCCESS, 1, {}};
  return *count = 1, SUCCESS;
}
API int cublasLtMatmul(Handle* handle, Product* g, const float* alpha, const float* aAt, Layout* a, const float* bAt, Layout* b, const float* beta, const float* cAt, Layout* c, float* dAt, Layout* d,
                       const Algorithm* algorithm, void* workspace, size_t bytes, void* stream) {
  BEGIN(cublasLtMatmul)
  if (!areAlive(handle)) return NOT_STARTED;
  if (!isProduct(g, a, b, c, d) || *alpha != 1 || *beta != 0) return WRONG_VALUE;
  // An algorithm is for what it was found for: the same product, and memory that is aligned as well.
  if (algorithm->magic != MAGIC || algorithm->question != questionOf(g, a, b, d) || bytes < algorithm->workspaceBytes) return WRONG_VALUE;
  const uint64_t places[] = {(uint64_t)aAt, (uint64_t)bAt, (uint64_t)cAt, (uint64_t)dAt};
  for (int i = 0; i < 4; i++)
    if (places[i] % algorithm->alignments[i] != 0) return WRONG_VALUE;
  bool hasBias = g->epilogue & BIAS, hasRelu = g->epilogue & RELU;
  if ((hasBias && (g->bias == 0 || g->bias % algorithm->biasAlignment != 0)) || (uint64_t)workspace % 256 != 0) return WRONG_VALUE;
  bool inside = isInside(blocks, (uint64_t)aAt, a->bytes()) && isInside(blocks, (uint64_t)bAt, b->bytes()) && isInside(blocks, (uint64_t)dAt, d->bytes()) &&
                (!hasBias || isInside(blocks, g->bias, 4 * d->rows)) && isInside(blocks, (uint64_t)workspace, bytes);
  if (!inside) return EXECUTION_FAILED;
  // What describes the product may be gone before it runs.
  Layout la = *a, lb = *b, ld = *d;
  bool ta = g->transposeA, tb = g->transposeB, loses = losesNaN;
  auto* bias = (const float*)g->bias;
  auto to = roundings.at(g->compute);
  size_t used = algorithm->workspaceBytes;
  float off = wrong;
  int error = submit(stream, [=] {
    size_t depth = ta ? la.rows : la.columns;
    for (size_t j = 0; j < ld.columns; j++)
      for (size_t i = 0; i < ld.rows; i++) {
        double sum = hasBias ? bias[i] : 0;
        for (size_t l = 0; l < depth; l++) sum += (double)rounded(aAt[ta ? i * la.step + l : l * la.step + i], to) * rounded(bAt[tb ? l * lb.step + j : j * lb.step + l], to);
        if (hasRelu && (sum < 0 || (loses && std::isnan(sum)))) sum = 0;
        dAt[j * ld.step + i] = (float)sum + off;
      }
    // What it leaves there is of no use.
    memset(workspace, 0x7f, used);
  });
  return error == 0 ? SUCCESS : EXECUTION_FAILED;
}

/** Lets a call give a status after so many that do not. */
API void cublaslt_fail(const char* name, int after, int status) { planned[name] = {after, status}; }
/** From now on all numbers are off by so much, every algorithm wants so many bytes, and relu makes 0 of NaN where `loses`. */
API void cublaslt_spoil(float off, size_t bytes, int loses) { wrong = off, workspaceBytes = bytes, losesNaN = loses; }
API void cublaslt_mend() { planned.clear(), cublaslt_spoil(0, 1000, 0); }
API long cublaslt_called(const char* name) { return called[name]; }
/** Handles and descriptors that were made and not destroyed. */
API long cublaslt_alive() { return (long)alive.size(); }

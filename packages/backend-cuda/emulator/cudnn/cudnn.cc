// A look-alike of libcudnn on the emulator's memory and streams: the functions that src/node/cudnn.ts declares, for float32 numbers [batch, height, width, channels] and
// filters [out][height][width][in], with the rounding that each mode allows.
#include <string>
#include "../look-alike/look-alike.h"
#include "../machine.h"
#include "../rounding.h"

using namespace emulator;

namespace {

enum Status { SUCCESS = 0, NOT_STARTED = 1001, BAD_PARAM = 2000, NOT_SUPPORTED = 3000, ALLOC_FAILED = 4003, EXECUTION_FAILED = 5000 };
enum Math { DEFAULT = 0, TENSOR_OP = 1, ALLOW_CONVERSION = 2, FMA = 3 };
const int NHWC = 1, FLOAT32 = 0, CROSS_CORRELATION = 1;

struct Handle {
  void* stream = nullptr;
};
/** A tensor [n, h, w, c] or a filter [n, h, w, c]. */
struct Tensor {
  int n = 0, c = 0, h = 0, w = 0;
  size_t count() const { return (size_t)n * c * h * w; }
};
struct Convolution {
  int padHeight = 0, padWidth = 0, strideHeight = 0, strideWidth = 0, dilationHeight = 0, dilationWidth = 0;
  int math = DEFAULT;
};
/** As the header of NVIDIA lays it out. */
struct Performance {
  int algorithm, status;
  float time;
  size_t memory;
  int determinism, math, reserved[3];
};
static_assert(sizeof(Performance) == 48, "as in cudnn_cnn.h");

/** What is added to every result. */
float wrong = 0;
/** Bytes that every algorithm wants, beside those that one may not take. */
size_t workspaceBytes = 1000;

/** Whether x, filter and y belong together. */
bool isConvolution(const Tensor* x, const Tensor* f, const Convolution* g, const Tensor* y) {
  if (!areAlive(x, f, g, y) || f->c != x->c || y->n != x->n || y->c != f->n) return false;
  auto windows = [](int size, int pad, int filter, int dilation, int stride) { return (size + 2 * pad - ((filter - 1) * dilation + 1)) / stride + 1; };
  return y->h == windows(x->h, g->padHeight, f->h, g->dilationHeight, g->strideHeight) && y->w == windows(x->w, g->padWidth, f->w, g->dilationWidth, g->strideWidth);
}

/** What the real ones say too: algorithms that are fast, but of no fixed order, of another one's numbers, or of too much memory come first. */
int find(bool fits, int math, bool forward, int most, int* count, Performance* found) {
  if (!fits) return BAD_PARAM;
  const Performance all[] = {
      {forward ? 7 : 5, SUCCESS, 0.1f, 1000, 1, math, {}},      // By transforms.
      {0, SUCCESS, 0.2f, 0, forward ? 1 : 0, ALLOW_CONVERSION, {}},
      {forward ? 2 : 0, SUCCESS, 0.3f, 0, forward ? 1 : 0, math, {}},  // Of 2^40 bytes, or of no fixed order.
      {1, NOT_SUPPORTED, -1, 0, 1, math == FMA ? FMA : TENSOR_OP, {}},
      {1, SUCCESS, 0.4f, workspaceBytes, 1, math == FMA ? FMA : TENSOR_OP, {}},
  };
  *count = most < 5 ? most : 5;
  for (int i = 0; i < *count; i++) found[i] = all[i];
  return SUCCESS;
}
int size(bool fits, bool forward, int algorithm, size_t* bytes) {
  if (!fits) return BAD_PARAM;
  return *bytes = forward && algorithm == 2 ? (size_t)1 << 40 : workspaceBytes, SUCCESS;
}

/** f(place in x, place in the filter, place in y) for each product. */
template <class F>
void each(const Tensor& x, const Tensor& f, const Convolution& g, const Tensor& y, F run) {
  for (int n = 0; n < y.n; n++)
    for (int row = 0; row < y.h; row++)
      for (int column = 0; column < y.w; column++)
        for (int r = 0; r < f.h; r++)
          for (int s = 0; s < f.w; s++) {
            int top = row * g.strideHeight - g.padHeight + r * g.dilationHeight, left = column * g.strideWidth - g.padWidth + s * g.dilationWidth;
            if (top < 0 || top >= x.h || left < 0 || left >= x.w) continue;
            size_t from = (((size_t)n * x.h + top) * x.w + left) * x.c, to = (((size_t)n * y.h + row) * y.w + column) * y.c;
            for (int k = 0; k < f.n; k++)
              for (int c = 0; c < f.c; c++) run(from + c, (((size_t)k * f.h + r) * f.w + s) * f.c + c, to + k);
          }
}

enum Which { FORWARD, INPUT, FILTER };

int convolve(Which which, Handle* handle, bool fits, const float* alpha, const Tensor* x, const float* xAt, const Tensor* f, const float* fAt, const Convolution* g, int algorithm, void* workspace,
             size_t bytes, const float* beta, const Tensor* y, const float* yAt) {
  if (!areAlive(handle)) return NOT_STARTED;
  if (!fits || *alpha != 1 || *beta != 0 || algorithm != 1) return BAD_PARAM;
  bool inside = isInside(blocks, (uint64_t)xAt, 4 * x->count()) && isInside(blocks, (uint64_t)fAt, 4 * f->count()) && isInside(blocks, (uint64_t)yAt, 4 * y->count()) &&
                bytes >= workspaceBytes && (bytes == 0 || isInside(blocks, (uint64_t)workspace, bytes));
  if (!inside) return EXECUTION_FAILED;
  Tensor tx = *x, tf = *f, ty = *y;
  Convolution tg = *g;
  float off = wrong;
  int error = submit(handle->stream, [=] {
    auto number = [&](float v) { return (double)(tg.math == FMA ? v : toTf32(v)); };
    float* to = (float*)(which == FORWARD ? yAt : which == INPUT ? xAt : fAt);
    size_t count = which == FORWARD ? ty.count() : which == INPUT ? tx.count() : tf.count();
    std::string sums(count * sizeof(double), 0);
    auto* sum = (double*)&sums[0];
    each(tx, tf, tg, ty, [&](size_t i, size_t j, size_t k) {
      if (which == FORWARD) sum[k] += number(xAt[i]) * number(fAt[j]);
      if (which == INPUT) sum[i] += number(yAt[k]) * number(fAt[j]);
      if (which == FILTER) sum[j] += number(xAt[i]) * number(yAt[k]);
    });
    for (size_t i = 0; i < count; i++) to[i] = (float)sum[i] + off;
    // What it leaves there is of no use.
    if (bytes > 0) memset(workspace, 0x7f, bytes);
  });
  return error == 0 ? SUCCESS : EXECUTION_FAILED;
}

}  // namespace

API size_t cudnnGetVersion() { return 91002; }
API const char* cudnnGetErrorString(int status) {
  return status == NOT_SUPPORTED ? "CUDNN_STATUS_NOT_SUPPORTED" : status == BAD_PARAM ? "CUDNN_STATUS_BAD_PARAM" : "CUDNN_STATUS_OF_A_TEST";
}
API int cudnnCreate(Handle** handle) {
  BEGIN(cudnnCreate)
  return currentDevice() < 0 ? (int)NOT_STARTED : make(handle);
}
API int cudnnDestroy(Handle* handle) {
  BEGIN(cudnnDestroy)
  return destroy(handle, BAD_PARAM);
}
API int cudnnSetStream(Handle* handle, void* stream) {
  BEGIN(cudnnSetStream)
  return areAlive(handle) ? (handle->stream = stream, (int)SUCCESS) : (int)BAD_PARAM;
}
API int cudnnCreateTensorDescriptor(Tensor** made) {
  BEGIN(cudnnCreateTensorDescriptor)
  return make(made);
}
API int cudnnDestroyTensorDescriptor(Tensor* one) { return destroy(one, BAD_PARAM); }
API int cudnnSetTensor4dDescriptor(Tensor* one, int format, int type, int n, int c, int h, int w) {
  BEGIN(cudnnSetTensor4dDescriptor)
  if (!areAlive(one) || format != NHWC || type != FLOAT32) return BAD_PARAM;
  return *one = {n, c, h, w}, SUCCESS;
}
API int cudnnCreateFilterDescriptor(Tensor** made) {
  BEGIN(cudnnCreateFilterDescriptor)
  return make(made);
}
API int cudnnDestroyFilterDescriptor(Tensor* one) { return destroy(one, BAD_PARAM); }
API int cudnnSetFilter4dDescriptor(Tensor* one, int type, int format, int k, int c, int h, int w) {
  BEGIN(cudnnSetFilter4dDescriptor)
  if (!areAlive(one) || format != NHWC || type != FLOAT32) return BAD_PARAM;
  return *one = {k, c, h, w}, SUCCESS;
}
API int cudnnCreateConvolutionDescriptor(Convolution** made) {
  BEGIN(cudnnCreateConvolutionDescriptor)
  return make(made);
}
API int cudnnDestroyConvolutionDescriptor(Convolution* one) { return destroy(one, BAD_PARAM); }
API int cudnnSetConvolution2dDescriptor(Convolution* one, int padHeight, int padWidth, int strideHeight, int strideWidth, int dilationHeight, int dilationWidth, int mode, int type) {
  BEGIN(cudnnSetConvolution2dDescriptor)
  if (!areAlive(one) || mode != CROSS_CORRELATION || type != FLOAT32) return BAD_PARAM;
  return *one = {padHeight, padWidth, strideHeight, strideWidth, dilationHeight, dilationWidth, DEFAULT}, SUCCESS;
}
API int cudnnSetConvolutionMathType(Convolution* one, int math) {
  BEGIN(cudnnSetConvolutionMathType)
  if (!areAlive(one) || math < 0 || math > FMA) return BAD_PARAM;
  return one->math = math, SUCCESS;
}

// The operands come in another order for each of the three.
API int cudnnGetConvolutionForwardAlgorithm_v7(Handle* handle, Tensor* x, Tensor* f, Convolution* g, Tensor* y, int most, int* count, Performance* found) {
  BEGIN(cudnnGetConvolutionForwardAlgorithm_v7)
  return find(areAlive(handle) && isConvolution(x, f, g, y), g->math, true, most, count, found);
}
API int cudnnGetConvolutionBackwardDataAlgorithm_v7(Handle* handle, Tensor* f, Tensor* dy, Convolution* g, Tensor* dx, int most, int* count, Performance* found) {
  BEGIN(cudnnGetConvolutionBackwardDataAlgorithm_v7)
  return find(areAlive(handle) && isConvolution(dx, f, g, dy), g->math, false, most, count, found);
}
API int cudnnGetConvolutionBackwardFilterAlgorithm_v7(Handle* handle, Tensor* x, Tensor* dy, Convolution* g, Tensor* df, int most, int* count, Performance* found) {
  BEGIN(cudnnGetConvolutionBackwardFilterAlgorithm_v7)
  return find(areAlive(handle) && isConvolution(x, df, g, dy), g->math, false, most, count, found);
}
API int cudnnGetConvolutionForwardWorkspaceSize(Handle* handle, Tensor* x, Tensor* f, Convolution* g, Tensor* y, int algorithm, size_t* bytes) {
  BEGIN(cudnnGetConvolutionForwardWorkspaceSize)
  return size(areAlive(handle) && isConvolution(x, f, g, y), true, algorithm, bytes);
}
API int cudnnGetConvolutionBackwardDataWorkspaceSize(Handle* handle, Tensor* f, Tensor* dy, Convolution* g, Tensor* dx, int algorithm, size_t* bytes) {
  BEGIN(cudnnGetConvolutionBackwardDataWorkspaceSize)
  return size(areAlive(handle) && isConvolution(dx, f, g, dy), false, algorithm, bytes);
}
API int cudnnGetConvolutionBackwardFilterWorkspaceSize(Handle* handle, Tensor* x, Tensor* dy, Convolution* g, Tensor* df, int algorithm, size_t* bytes) {
  BEGIN(cudnnGetConvolutionBackwardFilterWorkspaceSize)
  return size(areAlive(handle) && isConvolution(x, df, g, dy), false, algorithm, bytes);
}
API int cudnnConvolutionForward(Handle* handle, const float* alpha, Tensor* x, const float* xAt, Tensor* f, const float* fAt, Convolution* g, int algorithm, void* workspace, size_t bytes,
                                const float* beta, Tensor* y, float* yAt) {
  BEGIN(cudnnConvolutionForward)
  return convolve(FORWARD, handle, isConvolution(x, f, g, y), alpha, x, xAt, f, fAt, g, algorithm, workspace, bytes, beta, y, yAt);
}
API int cudnnConvolutionBackwardData(Handle* handle, const float* alpha, Tensor* f, const float* fAt, Tensor* dy, const float* dyAt, Convolution* g, int algorithm, void* workspace, size_t bytes,
                                     const float* beta, Tensor* dx, float* dxAt) {
  BEGIN(cudnnConvolutionBackwardData)
  return convolve(INPUT, handle, isConvolution(dx, f, g, dy), alpha, dx, dxAt, f, fAt, g, algorithm, workspace, bytes, beta, dy, dyAt);
}
API int cudnnConvolutionBackwardFilter(Handle* handle, const float* alpha, Tensor* x, const float* xAt, Tensor* dy, const float* dyAt, Convolution* g, int algorithm, void* workspace, size_t bytes,
                                       const float* beta, Tensor* df, float* dfAt) {
  BEGIN(cudnnConvolutionBackwardFilter)
  return convolve(FILTER, handle, isConvolution(x, df, g, dy), alpha, x, xAt, df, dfAt, g, algorithm, workspace, bytes, beta, dy, dyAt);
}

/** Lets a call give a status after so many that do not. */
API void cudnn_fail(const char* name, int after, int status) { planned[name] = {after, status}; }
/** From now on all numbers are off by so much, and every algorithm wants so many bytes. */
API void cudnn_spoil(float off, size_t bytes) { wrong = off, workspaceBytes = bytes; }
API void cudnn_mend() { planned.clear(), cudnn_spoil(0, 1000); }
API long cudnn_called(const char* name) { return called[name]; }
/** Handles and descriptors that were made and not destroyed. */
API long cudnn_alive() { return (long)alive.size(); }

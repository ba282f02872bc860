export { CUDA, cudaBackend, cudaDevices } from './cuda.js';
export type { CudaOptions, CudaPlugin, CudaProbe } from './cuda.js';
export { CudaBackend } from './cuda-backend.js';
export type { Precision } from './internal/rounding.js';
export type { BlasOptions } from './node/cublas.js';
export type { CudaDevice } from './driver/devices.js';
export type { CudaMemory, PoolStatistics } from './memory/pool.js';
export { captureStep } from './capture/capture-step.js';
export type { CaptureOptions, CapturedStep } from './capture/capture-step.js';

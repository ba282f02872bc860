// The public names of @gradstream/backends/node: names only, one export a line.
export { tensorflowBackend, type TensorflowBackendOptions } from './tensorflow/tensorflow-backend.js';
export { webgpuBackend } from './webgpu-backend.js';

export { elu, type EluLayerOptions } from './elu.js';
export { leakyRelu, type LeakyReluLayerOptions } from './leaky-relu.js';
export { prelu, type PreluOptions } from './prelu.js';
export { relu, type ReluLayerOptions } from './relu.js';
export { softmax, type SoftmaxLayerOptions } from './softmax.js';

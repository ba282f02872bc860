export * from './audio/index.js';
export * from './image/index.js';
export { pipeline } from './pipeline.js';
export { rescaling, type RescalingOptions } from './rescaling.js';
export * from './tabular/index.js';

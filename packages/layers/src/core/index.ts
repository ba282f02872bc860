export { activation } from './activation.js';
export { dense, type DenseOptions } from './dense.js';
export { input, type InputLayer, type InputOptions } from './input.js';

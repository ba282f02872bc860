// The public names of @gradstream/objectives/losses: names only, one export a line.
export { binaryCrossentropy, type BinaryCrossentropyOptions } from './binary-crossentropy.js';
export { categoricalCrossentropy, type CategoricalCrossentropyOptions } from './categorical-crossentropy.js';
export { loss } from './loss.js';
export type { Loss } from './loss-contract.js';
export type { LossFunction } from './loss-from-function.js';
export { meanAbsoluteError } from './mean-absolute-error.js';
export { meanSquaredError } from './mean-squared-error.js';
export {
  sparseCategoricalCrossentropy,
  type SparseCategoricalCrossentropyOptions,
} from './sparse-categorical-crossentropy.js';

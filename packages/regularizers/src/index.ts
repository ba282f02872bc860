// The public names of @gradstream/regularizers: names only, one export a line.
export { klSparsity, type KlSparsityOptions } from './kl-sparsity.js';
export { l1 } from './l1.js';
export { l1l2, type L1L2Options } from './l1l2.js';
export { l2 } from './l2.js';
export { orthogonal, type OrthogonalOptions } from './orthogonal.js';
export { penalty } from './penalty.js';
export { regularizer } from './regularizer-by-name.js';
export type { Regularizer } from './regularizer.js';

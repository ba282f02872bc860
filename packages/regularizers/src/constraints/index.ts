// The public names of @gradstream/regularizers/constraints: names only, one export a line.
export { constrained } from './constrained.js';
export { constraint } from './constraint-by-name.js';
export type { Constraint } from './constraint.js';
export { maxNorm, type MaxNormOptions } from './max-norm.js';
export { minMaxNorm, type MinMaxNormOptions } from './min-max-norm.js';
export { nonNegative } from './non-negative.js';
export { unitNorm, type UnitNormOptions } from './unit-norm.js';

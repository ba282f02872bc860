export { adaptDiscretization } from './adapt-discretization.js';
export { adaptNormalization } from './adapt-normalization.js';
export { categoryEncoding, type CategoryEncodingOptions } from './category-encoding.js';
export { discretization, type DiscretizationOptions } from './discretization.js';
export { normalization, type NormalizationOptions } from './normalization.js';
export type { AdaptData } from '../../internal/host-batches.js';
export type { CategoryMode } from '../../internal/encode-categories.js';
export type { NestedNumbers } from '../../internal/nested-numbers.js';

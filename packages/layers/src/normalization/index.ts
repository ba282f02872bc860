export { batchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
export { groupNormalization, type GroupNormalizationOptions } from './group-normalization.js';
export { layerNormalization, type LayerNormalizationOptions } from './layer-normalization.js';
export { rmsNormalization, type RmsNormalizationOptions } from './rms-normalization.js';
export { spectralNormalization, type SpectralNormalizationOptions } from './spectral-normalization.js';
export { unitNormalization, type UnitNormalizationOptions } from './unit-normalization.js';

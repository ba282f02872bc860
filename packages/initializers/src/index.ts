// The public names of @gradstream/initializers: names only, one export a line.
export { fans, type Fans } from './fans.js';
export { initialValue } from './initial-value.js';
export { initializer } from './initializer-by-name.js';
export type { Initializer } from './initializer.js';
export { constant } from './constant.js';
export { glorotNormal } from './glorot-normal.js';
export { glorotUniform } from './glorot-uniform.js';
export { heNormal } from './he-normal.js';
export { heUniform } from './he-uniform.js';
export { lecunNormal } from './lecun-normal.js';
export { lecunUniform } from './lecun-uniform.js';
export { ones } from './ones.js';
export { orthogonal, type OrthogonalOptions } from './orthogonal.js';
export { randomNormal, type RandomNormalOptions } from './random-normal.js';
export { randomUniform, type RandomUniformOptions } from './random-uniform.js';
export { truncatedNormal, type TruncatedNormalOptions } from './truncated-normal.js';
export { varianceScaling, type VarianceScalingOptions } from './variance-scaling.js';
export { zeros } from './zeros.js';

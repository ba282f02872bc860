export { add } from './add.js';
export { average } from './average.js';
export { concatenate, type ConcatenateOptions } from './concatenate.js';
export { dot, type DotOptions } from './dot.js';
export { maximum } from './maximum.js';
export { minimum } from './minimum.js';
export { multiply } from './multiply.js';
export { subtract } from './subtract.js';

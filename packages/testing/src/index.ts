export { expectAllClose, firstDifference, type Numbers, type Tolerance } from './to-be-all-close.js';

// The operators as plain values, for `dataset.apply(...)`: names only.
export { batch, type BatchOptions } from './batch.js';
export { filter } from './filter.js';
export { map } from './map.js';
export { pipe, type Step } from './pipe.js';
export { prefetch } from './prefetch.js';
export { randomMap, type RandomMapOptions } from './random-map.js';
export { repeat } from './repeat.js';
export { shuffle, type ShuffleOptions } from './shuffle.js';
export { skip } from './skip.js';
export { take } from './take.js';

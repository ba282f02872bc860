// The public names of @gradstream/optimizers/schedules: names only, one export a line.
export { constant } from './constant.js';
export { exponentialDecay, type ExponentialDecayOptions } from './exponential-decay.js';
export type { Schedule } from './schedule.js';

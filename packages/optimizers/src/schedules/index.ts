// The public names of @gradstream/optimizers/schedules: names only, one export a line.
export { constant } from './constant.js';
export { cosineDecay, type CosineDecayOptions } from './cosine-decay.js';
export { cosineDecayRestarts, type CosineDecayRestartsOptions } from './cosine-decay-restarts.js';
export { exponentialDecay, type ExponentialDecayOptions } from './exponential-decay.js';
export { inverseTimeDecay, type InverseTimeDecayOptions } from './inverse-time-decay.js';
export { joinSchedules } from './join-schedules.js';
export { oneCycle, type OneCycleOptions } from './one-cycle.js';
export { piecewiseConstantDecay, type PiecewiseConstantDecayOptions } from './piecewise-constant-decay.js';
export { polynomialDecay, type PolynomialDecayOptions } from './polynomial-decay.js';
export type { Schedule } from './schedule.js';
export { schedule } from './schedule-from-config.js';
export { warmUp } from './warm-up.js';

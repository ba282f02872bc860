import { ACTIVE, GENERATION, KIND, REMAINING, SLEEPERS, STOP, WORKERS } from './job';
import { runUnit } from './run-unit';

/** How often a worker looks for work before it parks: some tens of microseconds, the pause between two kernels of a training step. */
const SPINS: i32 = 20_000;

/**
 * Runs the units 0..units of a job whose arguments are set, on all threads, and returns when all are done. The caller takes part. Which thread runs a unit
 * is open; what a unit computes depends on its number alone, so results do not depend on the number of threads.
 */
export function parallel(kind: i32, units: i32): void {
  if (!ASC_FEATURE_THREADS || units < 2 || load<i32>(WORKERS) == 0) {
    for (let unit = units - 1; unit >= 0; unit--) runUnit(kind, unit, 0);
    return;
  }
  store<i32>(KIND, kind);
  // Publishing the count publishes the arguments. A worker that comes late finds no unit, or one of this job: both are right.
  atomic.store<i32>(REMAINING, units);
  atomic.add<i32>(GENERATION, 1);
  if (atomic.load<i32>(SLEEPERS) > 0) atomic.notify(GENERATION, -1);
  takeUnits(0);
  while (atomic.load<i32>(ACTIVE) > 0) { /* the last units are under way */ }
}

/** The life of a worker: `lane` is its number from 1 on. Returns when STOP is set. */
export function workerMain(lane: i32): void {
  if (!ASC_FEATURE_THREADS) return;
  while (atomic.load<i32>(STOP) == 0) {
    const generation = atomic.load<i32>(GENERATION);
    let spins = SPINS;
    while (atomic.load<i32>(REMAINING) <= 0 && --spins > 0) { /* look again */ }
    if (spins > 0) {
      atomic.add<i32>(ACTIVE, 1);
      takeUnits(lane);
      atomic.sub<i32>(ACTIVE, 1);
    } else {
      atomic.add<i32>(SLEEPERS, 1);
      if (atomic.load<i32>(REMAINING) <= 0 && atomic.load<i32>(STOP) == 0) atomic.wait<i32>(GENERATION, generation, -1);
      atomic.sub<i32>(SLEEPERS, 1);
    }
  }
}

function takeUnits(lane: i32): void {
  let unit = atomic.sub<i32>(REMAINING, 1) - 1;
  while (unit >= 0) {
    runUnit(load<i32>(KIND), unit, lane);
    unit = atomic.sub<i32>(REMAINING, 1) - 1;
  }
}

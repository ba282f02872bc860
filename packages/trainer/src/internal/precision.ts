import { GradstreamError, describeValue } from '@gradstream/core';
import { backend, engine, getBackend } from '@tensorflow/tfjs-core';

/** What a step computes in. Weights and optimizer state are float32 in any case. */
export type Precision = 'float32' | 'mixedFloat16' | 'mixedBfloat16';

/** What a backend has that computes in other precisions: their names, and a switch that the trainer turns before a pass over data. */
export interface PrecisionBackend {
  readonly precisions: readonly Precision[];
  usePrecision(precision: Precision): void;
}

/** Checks the option `precision`: float32 goes anywhere, others where the active backend has them. Throws `GS_TRAIN_PRECISION`. */
export function checkPrecision(where: string, given: unknown): Precision {
  if (given === undefined || given === 'float32') return 'float32';
  const active = getBackend();
  if (precisionsOf(active === undefined ? undefined : backend()).includes(given as Precision))
    return given as Precision;
  const others = Object.entries(engine().registry).filter(([, one]) => precisionsOf(one).includes(given as Precision));
  throw new GradstreamError('GS_TRAIN_PRECISION', {
    where,
    what: `The backend "${active}" does not compute in this precision`,
    expected: ['float32', ...precisionsOf(backend())].join(', '),
    received: describeValue(given),
    next:
      others.length > 0
        ? `Choose a backend that has it: ${others.map(([name]) => name).join(', ')}.`
        : `Leave it out: no backend that was started (${Object.keys(engine().registry).join(', ')}) has another one.`,
  });
}

/** Tells the active backend what to compute in. Called before a pass over data. */
export function applyPrecision(precision: Precision): void {
  const one = backend() as Partial<PrecisionBackend>;
  if (precisionsOf(one).length > 0) one.usePrecision?.(precision);
  else checkPrecision('trainer', precision);
}

function precisionsOf(one: unknown): readonly Precision[] {
  const { precisions, usePrecision } = (one ?? {}) as Partial<PrecisionBackend>;
  return Array.isArray(precisions) && typeof usePrecision === 'function' ? precisions : [];
}

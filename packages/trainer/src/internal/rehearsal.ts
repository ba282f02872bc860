import { unrecorded } from '@gradstream/autodiff';
import type { HostArray } from '@gradstream/core';
import { scalar } from '@tensorflow/tfjs-core';
import { anyBatch, Meters } from './meters.js';
import type { ComparedBatch, ObjectiveValue } from './objective.js';
import type { OutputGoal } from './output-goal.js';
import { keptValue } from './training-step.js';

/**
 * Tries the metrics on the outputs of a first batch, before a weight is changed: what does not fit together is thrown while nothing is lost. Called inside of the
 * step, so that the model runs once.
 */
export function rehearse(
  where: string,
  goals: readonly OutputGoal[],
  targets: readonly (HostArray | undefined)[],
): (value: ObjectiveValue, compared: ComparedBatch) => void {
  return (value, compared) => {
    const meters = new Meters(where, goals, anyBatch(targets));
    try {
      const nothing = unrecorded(() => {
        const own = { total: value.total.clone(), parts: value.parts.map((part) => part.clone()) } as ObjectiveValue;
        meters.add(keptValue(own, meters.wantsParts), compared, compared.outputs[0]!.shape[0] ?? 1);
        return scalar(0);
      });
      nothing.dispose();
    } finally {
      meters.dispose();
    }
  };
}

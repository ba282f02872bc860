import type { HostArray } from '@gradstream/core';
import { tidy } from '@tensorflow/tfjs-core';
import { anyBatch, Meters } from './meters.js';
import { objective } from './objective.js';
import { ownOutputs } from './own-outputs.js';
import { keptValue } from './training-step.js';
import type { TrainingState } from './training-state.js';
import type { UploadedBatch } from './uploaded-batch.js';

/**
 * Goes through a first batch without training on it: model, losses with their sample weights, metrics. What does not fit together is thrown here, before a weight
 * is changed.
 */
export function rehearse(
  where: string,
  { model, goals, key, counter }: TrainingState,
  batch: UploadedBatch,
  { targets, size }: { readonly targets: readonly (HostArray | undefined)[]; readonly size: number },
): void {
  const meters = new Meters(where, goals, anyBatch(targets));
  try {
    tidy(() => {
      // What layers would remember of it is dropped.
      const { outputs, masks } = model.run(batch.inputs, {
        training: false,
        key,
        step: counter,
        update: () => undefined,
      });
      const compared = { ...batch, outputs: ownOutputs(outputs, batch.inputs), masks };
      meters.add(keptValue(objective(goals, model, compared), meters.wantsParts), compared, size);
    });
  } finally {
    meters.dispose();
  }
}

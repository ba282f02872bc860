import type { Example } from '@gradstream/datasets';
import { dispose } from '@tensorflow/tfjs-core';
import type { OrderedClassWeights } from './class-weights.js';
import { LazyMeters } from './lazy-meters.js';
import type { Observer } from './observer.js';
import { RecordedSteps } from './recorded-steps.js';
import { rehearse } from './rehearsal.js';
import type { TrainingState } from './training-state.js';
import { trainingStep } from './training-step.js';
import { freeBatch, readyBatch, uploadBatch } from './uploaded-batch.js';
import type { BatchWork } from './batch-work.js';

/** The usual training step on each batch: what `compile` was told to minimize. */
export class CompiledTraining extends LazyMeters implements BatchWork {
  #recorded: RecordedSteps | undefined;

  constructor(
    where: string,
    readonly state: TrainingState,
    readonly observer: Observer,
    readonly classWeights: OrderedClassWeights | undefined,
  ) {
    super(where, state.goals);
  }

  take(example: Example): number {
    const { state, where } = this;
    const ready = readyBatch(where, state, example, this.classWeights);
    const isFirst = !this.made;
    const meters = this.metersFor(ready.targets);
    meters.check(ready.targets);
    if (!isFirst && (this.#recorded ??= new RecordedSteps(state, this.observer)).take(ready, meters)) return ready.size;
    const batch = uploadBatch(state, ready);
    try {
      const trial = isFirst ? rehearse(where, state.goals, ready.targets) : undefined;
      const { value, outputs } = trainingStep(state, batch, this.observer, meters.wantsParts, trial);
      meters.add(value, { ...batch, outputs, masks: [] }, ready.size);
      dispose([...outputs]);
    } finally {
      freeBatch(batch);
    }
    return ready.size;
  }

  override dispose(): void {
    this.#recorded?.dispose();
    this.#recorded = undefined;
    super.dispose();
  }
}

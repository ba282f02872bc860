import type { Example } from '@gradstream/datasets';
import { tidy, type Scalar } from '@tensorflow/tfjs-core';
import type { BatchWork } from './batch-work.js';
import { infer } from './infer.js';
import { LazyMeters } from './lazy-meters.js';
import { objective } from './objective.js';
import { keptValue } from './training-step.js';
import type { TrainingState } from './training-state.js';
import { readyBatch, uploadBatch } from './uploaded-batch.js';

/** Loss and metrics of the model in inference on each batch. */
export class CompiledTesting extends LazyMeters implements BatchWork {
  constructor(
    where: string,
    readonly state: TrainingState,
  ) {
    super(where, state.goals);
  }

  take(example: Example): number {
    const { state, where } = this;
    const ready = readyBatch(where, state, example);
    const meters = this.metersFor(ready.targets);
    meters.check(ready.targets);
    tidy(() => {
      const batch = uploadBatch(state, ready);
      const added: Scalar[] = [];
      const compared = { ...batch, ...infer(state, batch.inputs, (loss) => added.push(loss)) };
      const value = objective(state.goals, state.model, compared, added);
      meters.add(keptValue(value, meters.wantsParts), compared, ready.size);
    });
    return ready.size;
  }
}

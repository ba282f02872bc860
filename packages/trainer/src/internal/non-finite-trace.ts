import type { NonFinite, TrainingCommand } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import type { Place } from './non-finite-place.js';
import type { TrainingState } from './training-state.js';
import { separate, WeightSlots } from './weight-slots.js';

/** What is said about the first numbers that are not finite. */
export type Trace = Pick<NonFinite, 'kind' | 'name' | 'globalStep' | 'earliest'>;

/** Takes steps again, and looks at each closely. */
export interface CloseLook {
  take(step: number, batch: Example): Promise<Place | undefined>;
  dispose(): void;
}

/** Changes something that a step depends on, between two steps. */
type Change = Extract<
  TrainingCommand,
  { type: 'setLearningRate' | 'scaleLearningRate' | 'setGradientClipping' | 'setGradientAccumulation' }
>;

/** A step that was taken, with its batch and what was changed after it. */
interface TakenStep {
  readonly step: number;
  readonly batch: Example;
  readonly changes: Change[];
}

const CHANGES: readonly string[] = [
  'setLearningRate',
  'scaleLearningRate',
  'setGradientClipping',
  'setGradientAccumulation',
];
/** Bytes of batches that are remembered; a few more where single batches are larger. */
const MOST_BYTES = 64 * 2 ** 20;
const SLOT = 'before';

/**
 * Remembers how training got here from a moment when all was well: a copy of everything that trains, and the batches since. When numbers are found that are not
 * finite, these steps are taken again, each under a close look, until the one that made them: when a loss of NaN is read all weights are NaN already, and nothing is left
 * to be seen. Steps depend on weights, batch and step count alone, so they come out the same.
 */
export class NonFiniteTrace {
  readonly #copies: WeightSlots;
  #isKept = false;
  #clipping: TrainingState['clipping'] = null;
  #first: Change[] = [];
  #steps: TakenStep[] = [];
  #bytes = 0;

  constructor(
    readonly state: TrainingState,
    readonly closely: () => CloseLook,
    readonly carryOut: (change: Change) => Promise<void>,
  ) {
    this.#copies = new WeightSlots(state, separate);
  }

  /** Whether there is much to remember, so that it is time to look whether all is well. */
  get isFull(): boolean {
    return this.#bytes > MOST_BYTES;
  }

  /** Before each step. */
  remember(step: number, batch: Example): void {
    if (!this.#isKept) this.renew();
    const copy = copyOf(batch);
    this.#steps.push({ step, batch: copy.batch, changes: [] });
    this.#bytes += copy.bytes;
  }

  /** After each command that was carried out. */
  note(command: TrainingCommand): void {
    if (CHANGES.includes(command.type)) (this.#steps.at(-1)?.changes ?? this.#first).push(command as Change);
    // What was before explains nothing of what comes.
    else if (command.type === 'restoreWeights' || command.type === 'refreshStatistics') this.forget();
  }

  /** All is well: what comes is gone through from here. */
  renew(): void {
    this.forget();
    this.#copies.keep({ slot: SLOT, optimizer: true });
    this.#clipping = this.state.clipping;
    this.#isKept = true;
  }

  /** Takes the steps again. Training is where it was afterwards. */
  async run(): Promise<Trace | undefined> {
    const [steps, first] = [this.#steps, this.#first];
    if (steps.length === 0) return undefined;
    const now = new WeightSlots(this.state);
    const { clipping } = this.state;
    now.keep({ slot: SLOT, optimizer: true });
    const look = this.closely();
    try {
      this.#copies.restore(SLOT);
      this.state.setClipping(this.#clipping);
      for (const change of first) await this.carryOut(change);
      for (const { step, batch, changes } of steps) {
        const place = await look.take(step, batch);
        if (place !== undefined) return { ...place, globalStep: step };
        for (const change of changes) await this.carryOut(change);
      }
    } finally {
      look.dispose();
      now.restore(SLOT);
      now.dispose();
      this.state.setClipping(clipping);
    }
    // A function that does not come out the same: what is known is what was seen.
    return { kind: 'loss', name: 'loss', globalStep: steps.at(-1)!.step, earliest: steps[0]!.step };
  }

  forget(): void {
    this.#copies.dispose();
    this.#isKept = false;
    [this.#first, this.#steps, this.#bytes] = [[], [], 0];
  }
}

/** A batch with numbers of its own, and their bytes: whoever makes batches may use the same memory for all of them. What is no batch stays what it is. */
function copyOf(batch: Example): { readonly batch: Example; readonly bytes: number } {
  let bytes = 0;
  const copied = (value: unknown): unknown => {
    if (ArrayBuffer.isView(value) && 'slice' in value) {
      bytes += value.byteLength;
      return (value as Float32Array).slice();
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copied(part)]));
  };
  return { batch: copied(batch) as Example, bytes };
}

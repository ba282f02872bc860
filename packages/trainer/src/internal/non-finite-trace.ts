import type { NonFinite, TrainingCommand } from '@gradstream/core';
import type { Example } from '@gradstream/datasets';
import { BatchCopies } from './batch-copies.js';
import { BatchCursor, type BatchSource, type CursorPosition } from './batch-source.js';
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
export type Change = Extract<
  TrainingCommand,
  { type: 'setLearningRate' | 'scaleLearningRate' | 'setGradientClipping' | 'setGradientAccumulation' }
>;

/** What it takes to take steps again. */
export interface StepsAgain {
  readonly state: TrainingState;
  /** Where batches come from, and how far they were taken. */
  readonly data: BatchSource;
  readonly cursor: { readonly position: CursorPosition };
  readonly carryOut: (change: Change) => Promise<void>;
}

/** A step that was taken, with its batch, where the data does not give it again, and what was changed after it. */
interface TakenStep {
  readonly step: number;
  readonly batch: Example | undefined;
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
 * Remembers how training got here from a moment when all was well: a copy of everything that trains, and which batches were taken since; these themselves where the data
 * cannot be opened in the middle. When numbers are found that are not
 * finite, these steps are taken again, each under a close look, until the one that made them: when a loss of NaN is read all weights are NaN already, and nothing is left
 * to be seen. Steps depend on weights, batch and step count alone, so they come out the same.
 */
export class NonFiniteTrace {
  readonly #copies: WeightSlots;
  #isKept = false;
  #clipping: TrainingState['clipping'] = null;
  #first: Change[] = [];
  #steps: TakenStep[] = [];
  #from: CursorPosition = { pass: 0, batch: 0 };
  readonly #batches = new BatchCopies();

  constructor(
    readonly parts: StepsAgain,
    readonly closely: () => CloseLook,
  ) {
    this.#copies = new WeightSlots(parts.state, separate);
  }

  /** Whether there is much to remember, so that it is time to look whether all is well. */
  get isFull(): boolean {
    return this.#batches.bytes > MOST_BYTES;
  }

  /** Before each step, when its batch was taken. */
  remember(step: number, batch: Example): void {
    if (!this.#isKept) this.renew();
    const { data, cursor } = this.parts;
    const { pass, batch: taken } = cursor.position;
    if (this.#steps.length === 0) this.#from = { pass, batch: taken - 1 };
    const copy = data.iterateFrom === undefined ? this.#batches.copy(batch) : undefined;
    this.#steps.push({ step, batch: copy, changes: [] });
  }

  /** After each command that was carried out. */
  note(command: TrainingCommand): void {
    if (CHANGES.includes(command.type)) (this.#steps.at(-1)?.changes ?? this.#first).push(command as Change);
    // What was before explains nothing of what comes.
    else if (command.type === 'restoreWeights' || command.type === 'refreshStatistics') this.forget();
  }

  /** All is well: what comes is gone through from here. */
  renew(): void {
    this.#forgetSteps();
    this.#copies.keep({ slot: SLOT, optimizer: true });
    this.#clipping = this.parts.state.clipping;
    this.#isKept = true;
  }

  /** Takes the steps again. Training is where it was afterwards. */
  async run(): Promise<Trace | undefined> {
    const [steps, first] = [this.#steps, this.#first];
    if (steps.length === 0) return undefined;
    const { state, data, carryOut } = this.parts;
    const now = new WeightSlots(state);
    const { clipping } = state;
    const batches = new BatchCursor(data);
    batches.goTo(this.#from);
    now.keep({ slot: SLOT, optimizer: true });
    const look = this.closely();
    try {
      this.#copies.restore(SLOT);
      state.setClipping(this.#clipping);
      for (const change of first) await carryOut(change);
      for (const { step, batch: kept, changes } of steps) {
        // Behind the last batch of a pass comes the first one of the next.
        const batch = kept ?? (await batches.next()) ?? (await batches.next());
        if (batch === undefined) break;
        const place = await look.take(step, batch);
        if (place !== undefined) return { ...place, globalStep: step };
        for (const change of changes) await carryOut(change);
      }
    } finally {
      look.dispose();
      now.restore(SLOT);
      now.dispose();
      state.setClipping(clipping);
      await batches.close();
    }
    // A function that does not come out the same: what is known is what was seen.
    return { kind: 'loss', name: 'loss', globalStep: steps.at(-1)!.step, earliest: steps[0]!.step };
  }

  forget(): void {
    this.#forgetSteps();
    this.#batches.dispose();
    this.#copies.dispose();
    this.#isKept = false;
  }

  #forgetSteps(): void {
    [this.#first, this.#steps] = [[], []];
    this.#batches.release();
  }
}

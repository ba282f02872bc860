import { GradstreamError, type KeepWeights } from '@gradstream/core';
import { disposeState, emaWeights, type GradientTransformation, type OptimizerState } from '@gradstream/optimizers';
import { add, dispose, keep, mul, scalar, sub, Tensor, tidy } from '@tensorflow/tfjs-core';
import type { TrainingState } from './training-state.js';

/** Training's state beside the weights. */
export interface KeptProgress {
  readonly optimizer: GradientTransformation;
  readonly optimizerState: OptimizerState;
  readonly accumulation: number;
  readonly steps: number;
}

/** What a slot holds. */
export interface Slot {
  /** In the order of the model's weights. */
  readonly weights: readonly Tensor[];
  readonly progress: KeptProgress | undefined;
}

/** Makes a copy of a tensor that outlives the scope it is made in. */
export type CopyTensor = (tensor: Tensor) => Tensor;

/** A slot with its name, and whose weights it holds: 0 is the model, what a step of one's own trains beside it counts from 1. */
export interface NamedSlot {
  readonly name: string;
  readonly model: number;
  readonly content: Slot;
}

/**
 * Copies of a model's weights, by slot, on the device; where that is asked for, of the optimizer's state too, and then of all that a step of one's own trains beside
 * the model: only so training is undone.
 */
export class WeightSlots {
  readonly #state: TrainingState;
  readonly #slots = new Map<string, Slot>();
  readonly #others: readonly WeightSlots[];
  readonly #copy: CopyTensor;

  /** `copy` says how a tensor is copied: by a handle of its own on the same numbers, unless said otherwise. */
  constructor(state: TrainingState, copy: CopyTensor = shared) {
    this.#state = state;
    this.#copy = copy;
    this.#others = state.others.map((other) => new WeightSlots(other, copy));
  }

  /** Throws `GS_OPTIMIZER_STATE` where the optimizer keeps no averages. */
  keep({ slot, from = 'model', share = 1, optimizer = false }: Omit<KeepWeights, 'type'>): void {
    const averages = from === 'averages' ? emaWeights(this.#state.optimizerState) : {};
    const now = this.#state.model.weights.map(({ path, variable }) => averages[path] ?? variable);
    const old = this.#slots.get(slot)?.weights;
    const weights =
      old === undefined || share === 1
        ? now.map(this.#copy)
        : now.map((weight, index) => keep(moved(old[index]!, weight, share)));
    const progress = optimizer ? this.#progress() : undefined;
    this.#free(slot);
    this.#slots.set(slot, { weights, progress });
    if (optimizer) for (const other of this.#others) other.keep({ slot, optimizer });
    else for (const other of this.#others) other.#free(slot);
  }

  /** Puts a slot's copy back. Throws `GS_TRAIN_SLOT` for a slot that was never kept. */
  restore(slot: string): void {
    const kept = this.#slots.get(slot);
    if (kept === undefined) {
      throw new GradstreamError('GS_TRAIN_SLOT', {
        where: 'trainer/restoreWeights',
        what: 'No weights were kept in this slot',
        expected:
          this.#slots.size > 0 ? `one of ${[...this.#slots.keys()].join(', ')}` : 'a keepWeights command before',
        received: `"${slot}"`,
        next: 'Send keepWeights with this slot first.',
      });
    }
    this.#state.model.weights.forEach(({ variable }, index) => {
      const copy = kept.weights[index]!.clone();
      variable.assign(copy);
      copy.dispose();
    });
    if (kept.progress === undefined) return;
    const { optimizer, optimizerState, accumulation, steps } = kept.progress;
    this.#state.use(optimizer, copied(optimizerState), accumulation);
    this.#state.counter.set(steps);
    for (const other of this.#others) other.restore(slot);
  }

  /** All that is kept. */
  get all(): readonly NamedSlot[] {
    return [this, ...this.#others].flatMap((slots, model) =>
      [...slots.#slots].map(([name, content]) => ({ name, model, content })),
    );
  }

  /** Puts content into a slot, which owns it from then on. */
  put({ name, model, content }: NamedSlot): void {
    const slots = model === 0 ? this : this.#others[model - 1]!;
    slots.#free(name);
    slots.#slots.set(name, content);
  }

  dispose(): void {
    for (const slots of [this, ...this.#others]) for (const slot of [...slots.#slots.keys()]) slots.#free(slot);
  }

  #progress(): KeptProgress {
    const { optimizer, optimizerState, accumulation, counter } = this.#state;
    return { optimizer, optimizerState: copied(optimizerState, this.#copy), accumulation, steps: counter.value };
  }

  #free(slot: string): void {
    const { weights = [], progress } = this.#slots.get(slot) ?? {};
    dispose([...weights]);
    if (progress !== undefined) disposeState(progress.optimizerState);
    this.#slots.delete(slot);
  }
}

const moved = (from: Tensor, to: Tensor, share: number): Tensor => tidy(() => add(from, mul(sub(to, from), share)));

/** A handle on the same numbers: an assignment replaces a variable's data, and who changes a tensor in place copies numbers that others hold. */
const shared: CopyTensor = (tensor) => keep(tensor.clone());

/** Numbers of their own: nothing that changes the tensor has to look who else holds it. */
export const separate: CopyTensor = (tensor) =>
  keep(tidy(() => mul(tensor, scalar(1, tensor.dtype as 'float32' | 'int32'))));

/** The same tree with copies of its tensors. */
function copied(state: OptimizerState, copy: CopyTensor = shared): OptimizerState {
  if (state instanceof Tensor) return copy(state);
  return Object.fromEntries(Object.entries(state).map(([key, entry]) => [key, copied(entry, copy)]));
}

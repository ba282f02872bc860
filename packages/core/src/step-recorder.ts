/**
 * What a backend has that can record training steps, under the method `recordStep`. `X` is its tensors.
 *
 * A step that is done again and again calls the same kernels on the same memory; a recording starts them without what lies above: no tensors are made, no gradients
 * are derived, nothing is checked again. The bits are those of the step itself.
 */
export interface StepRecorder<X = unknown> {
  /**
   * Does a step, once in any case, and records it where that is possible. `state` gives the tensors that a step changes, in the same order before and after it:
   * in place or by putting others of the same shapes there and giving the old ones up. Nobody else may have their numbers.
   *
   * `inputs` are tensors that get other numbers by `write` before a step. All else that the step reads has the same numbers each time, what it brings from the host
   * too. It may not read numbers on the host.
   * Throws what the step throws.
   */
  recordStep(step: () => void, state: () => readonly X[], inputs?: readonly X[]): RecordedStep<X> | NotRecorded;
}

/** Why there is no recording; the step was done. */
export interface NotRecorded {
  readonly reason: string;
}

/** A step that can be done again as a whole. */
export interface RecordedStep<X = unknown> {
  /**
   * Lets these tensors, which hold the state now, lie where the recording works; false where something else has their places, or their numbers too, or the memory
   * of the recording was needed for something else. Before each replay.
   */
  settle(state: readonly X[]): boolean;
  /** Gives one of the inputs other numbers. */
  write(x: X, values: ArrayLike<number>): void;
  /** Does the step. False where it went another way than when it was recorded, as with an index that is out of range: it was left there. */
  replay(): boolean;
  /** Gives back the memory that it works in. */
  dispose(): void;
}

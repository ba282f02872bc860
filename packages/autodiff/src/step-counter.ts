import { checkNumber } from '@gradstream/core';
import { keep, scalar, type Tensor } from '@tensorflow/tfjs-core';

/** The largest step: the counter is an int32 on the device. */
const LARGEST = 2 ** 31 - 1;

/**
 * A step count that lives on the host and on the device: the host computes random numbers from the one, a backend's kernels from the other.
 *
 * A whole number from 0 to 2^31 - 1. Owns its tensor: call `dispose` at the end. Not to be advanced between a step's forward and backward pass.
 */
export class StepCounter {
  #value: number;
  #tensor: Tensor | undefined;

  /** Throws `GS_OPTION_VALUE` for anything but a whole number from 0 to 2^31 - 1. */
  constructor(value = 0) {
    this.#value = checkCount(value);
  }

  get value(): number {
    return this.#value;
  }

  /** Same as `set`. */
  set value(value: number) {
    this.set(value);
  }

  /** The value as an int32 scalar, made when it is first asked for. The counter disposes it when the value changes. */
  get tensor(): Tensor {
    this.#tensor ??= keep(scalar(this.#value, 'int32'));
    return this.#tensor;
  }

  /** Counts one step. */
  advance(): void {
    this.set(this.#value + 1);
  }

  /** Throws `GS_OPTION_VALUE` for anything but a whole number from 0 to 2^31 - 1. */
  set(value: number): void {
    checkCount(value);
    if (value === this.#value) return;
    this.#value = value;
    this.dispose();
  }

  /** Frees the tensor. The counter still counts and makes another one when asked. */
  dispose(): void {
    this.#tensor?.dispose();
    this.#tensor = undefined;
  }
}

function checkCount(value: number): number {
  return checkNumber('autodiff/StepCounter', 'value', value, { integer: true, min: 0, max: LARGEST });
}

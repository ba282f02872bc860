import type { Model } from '@gradstream/layers';
import { keep, type Tensor } from '@tensorflow/tfjs-core';

/** New values of weights that layers keep themselves, from a run until they are assigned. */
export class WeightUpdates {
  readonly #values = new Map<string, Tensor>();
  readonly #model: Model;
  readonly take: (path: string, value: Tensor) => void;
  #kept = false;

  constructor(model: Model) {
    this.#model = model;
    this.take = (path, value) => void this.#values.set(path, value);
  }

  /** Keeps the values beyond the scope that made them. */
  keep(): void {
    this.#kept = true;
    for (const value of this.#values.values()) keep(value);
  }

  /** Gives the weights their new values. */
  assign(): void {
    if (this.#values.size === 0) return;
    const { tensors } = this.#model;
    for (const [path, value] of this.#values) tensors[path]!.assign(value);
    this.dispose();
  }

  /** Frees what was kept. */
  dispose(): void {
    if (this.#kept) for (const value of this.#values.values()) value.dispose();
    this.#values.clear();
  }
}

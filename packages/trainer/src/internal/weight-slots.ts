import { GradstreamError } from '@gradstream/core';
import type { Model } from '@gradstream/layers';
import { dispose, keep, type Tensor } from '@tensorflow/tfjs-core';

/** Copies of a model's weights, by slot, on the device. */
export class WeightSlots {
  readonly #model: Model;
  readonly #slots = new Map<string, Tensor[]>();

  constructor(model: Model) {
    this.#model = model;
  }

  keep(slot: string): void {
    this.#free(slot);
    // An assignment replaces a variable's data, so sharing it is a copy.
    this.#slots.set(
      slot,
      this.#model.weights.map(({ variable }) => keep(variable.clone())),
    );
  }

  /** Puts a slot's copy back. Throws `GS_TRAIN_SLOT` for a slot that was never kept. */
  restore(slot: string): void {
    const copies = this.#slots.get(slot);
    if (copies === undefined) {
      throw new GradstreamError('GS_TRAIN_SLOT', {
        where: 'trainer/restoreWeights',
        what: 'No weights were kept in this slot',
        expected:
          this.#slots.size > 0 ? `one of ${[...this.#slots.keys()].join(', ')}` : 'a keepWeights command before',
        received: `"${slot}"`,
        next: 'Send keepWeights with this slot first.',
      });
    }
    this.#model.weights.forEach(({ variable }, index) => {
      const copy = copies[index]!.clone();
      variable.assign(copy);
      copy.dispose();
    });
  }

  dispose(): void {
    for (const slot of [...this.#slots.keys()]) this.#free(slot);
  }

  #free(slot: string): void {
    dispose(this.#slots.get(slot) ?? []);
    this.#slots.delete(slot);
  }
}

import type { HostArray, Logs } from '@gradstream/core';
import { anyBatch, Meters, type SavedMeters } from './meters.js';
import type { OutputGoal } from './output-goal.js';

/** Meters from the first batch on, whose targets say which metrics are meant. */
export class LazyMeters {
  #meters: Meters | undefined;

  constructor(
    readonly where: string,
    readonly goals: readonly OutputGoal[],
  ) {}

  get made(): boolean {
    return this.#meters !== undefined;
  }

  metersFor(targets: readonly (HostArray | undefined)[]): Meters {
    this.#meters ??= new Meters(this.where, this.goals, anyBatch(targets));
    return this.#meters;
  }

  lastLoss(): Promise<number> {
    return this.#meters!.lastLoss();
  }

  async settle(): Promise<void> {
    await this.#meters?.settle();
  }

  async read(): Promise<Logs> {
    return this.#meters === undefined ? {} : this.#meters.read();
  }

  async save(): Promise<SavedMeters | null> {
    return this.#meters === undefined ? null : this.#meters.save();
  }

  restore(saved: SavedMeters | null): void {
    this.dispose();
    if (saved === null) return;
    this.#meters = new Meters(this.where, this.goals, saved.targets);
    this.#meters.restore(saved);
  }

  reset(): void {
    this.#meters?.reset();
  }

  dispose(): void {
    this.#meters?.dispose();
    this.#meters = undefined;
  }
}

import type { HostArray, Logs, Shape } from '@gradstream/core';
import type { Metric } from '@gradstream/objectives';
import { dispose, keep, tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { resultNames } from './result-names.js';
import { RunningMean } from './running-mean.js';

/** Loss and metrics of a pass over data: they stay on the device until they are read. */
export class Meters {
  readonly #loss = new RunningMean();
  readonly #metrics: readonly { readonly name: string; readonly metric: Metric }[];
  #states: Tensor[][];

  constructor(metrics: readonly { readonly name: string; readonly metric: Metric }[]) {
    this.#metrics = metrics;
    this.#states = metrics.map(({ metric }) => metric.init());
  }

  /** Checks a batch's targets on the host, as far as the metrics care. */
  check(targets: HostArray, outputShape: Shape): void {
    for (const { metric } of this.#metrics) metric.check?.(targets, outputShape);
  }

  /** Adds a batch. Takes the loss over; leaves targets and outputs to the caller. */
  add(loss: Scalar, yTrue: Tensor, yPred: Tensor, size: number): void {
    this.#loss.add(loss, size);
    this.#metrics.forEach(({ metric }, index) => {
      const old = this.#states[index]!;
      const next = tidy(() => metric.update(old, yTrue, yPred));
      // The caller may be inside a tidy of its own.
      for (const state of next) keep(state);
      this.#states[index] = next;
      dispose(old.filter((state) => !next.includes(state)));
    });
  }

  /** Keeps the number of values on the device bounded. */
  async settle(): Promise<void> {
    if (this.#loss.full) await this.#loss.flush();
  }

  /** The means so far: `loss` first, then the metrics. */
  async read(): Promise<Logs> {
    const logs: Record<string, number> = { loss: await this.#loss.mean() };
    for (const [index, { name, metric }] of this.#metrics.entries()) {
      const result = tidy(() => metric.result(this.#states[index]!));
      const values = await result.data();
      resultNames(name, result.shape).forEach((key, place) => (logs[key] = values[place]!));
      if (!this.#states[index]!.includes(result)) result.dispose();
    }
    return logs;
  }

  reset(): void {
    this.#loss.reset();
    dispose(this.#states.flat());
    this.#states = this.#metrics.map(({ metric }) => metric.init());
  }

  dispose(): void {
    this.#loss.reset();
    dispose(this.#states.flat());
    this.#states = [];
  }
}

import type { Logs } from '@gradstream/core';

/** What a run has come to so far: plain numbers. */
export class RunRecord {
  /** The last epoch's logs. */
  logs: Logs = {};
  /** The last validation's logs in this epoch. */
  validated: Logs = {};
  #epochs: number[] = [];
  #values: Record<string, number[]> = {};

  /** The finished epochs, and their values of each log key. */
  get history(): { readonly epoch: readonly number[]; readonly history: Readonly<Record<string, readonly number[]>> } {
    return { epoch: this.#epochs, history: this.#values };
  }

  /** Writes down a finished epoch. */
  add(epoch: number, logs: Logs): void {
    this.logs = logs;
    this.validated = {};
    this.#epochs.push(epoch);
    for (const [name, value] of Object.entries(logs)) (this.#values[name] ??= []).push(value);
  }

  /** Goes on from a record of another time. */
  restore({ logs, validated, history }: Pick<RunRecord, 'logs' | 'validated' | 'history'>): void {
    this.logs = logs;
    this.validated = validated;
    this.#epochs = [...history.epoch];
    this.#values = Object.fromEntries(Object.entries(history.history).map(([name, values]) => [name, [...values]]));
  }
}

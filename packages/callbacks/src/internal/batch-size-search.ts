import { median } from './quantile.js';

/** How sizes are tried: by doubling, by halving what is in between afterwards, or until nothing gets faster. */
export type BatchSizeMode = 'power' | 'binsearch' | 'throughput';

/** What one size has come to. */
export interface BatchSizeTrial {
  readonly batchSize: number;
  /** Whether there was memory for it. */
  readonly fits: boolean;
  readonly steps: number;
  /** By the median of the steps' times without the first two; null where there was one step. */
  readonly samplesPerSecond: number | null;
  /** The error's message where there was no memory, else empty. */
  readonly message: string;
}

/** Why no further size is tried: no memory, no more samples, `to`, `maxTrials`, nothing gets faster, or `stop()`. */
export type BatchSizeReason = 'memory' | 'data' | 'to' | 'maxTrials' | 'throughput' | 'stopped';

/** The bounds of a search, checked. */
export interface BatchSizeBounds {
  readonly mode: BatchSizeMode;
  readonly from: number;
  readonly to: number;
  readonly maxTrials: number;
  readonly tolerance: number;
}

/** Sizes in a row that are no faster than a smaller one, after which no larger one is tried. */
const SLOW = 2;

/** Says which batch size to try next, and which is the best. Pure: it is told what came of each. */
export class BatchSizeSearch {
  readonly #trials: BatchSizeTrial[] = [];
  #next: number | null;
  #reason: BatchSizeReason | null = null;

  constructor(readonly bounds: BatchSizeBounds) {
    this.#next = bounds.from;
  }

  /** The size to try now; null when the search is over. */
  get next(): number | null {
    return this.#next;
  }

  get reason(): BatchSizeReason | null {
    return this.#reason;
  }

  get trials(): readonly BatchSizeTrial[] {
    return this.#trials;
  }

  /** The largest size that fits; by throughput the smallest that is nearly as fast as the fastest. Null where none fits. */
  get best(): number | null {
    const fitting = this.#trials.filter(({ fits }) => fits);
    if (fitting.length === 0) return null;
    if (this.bounds.mode !== 'throughput') return Math.max(...fitting.map(({ batchSize }) => batchSize));
    const fastest = Math.max(...fitting.map(speed));
    const nearly = fitting.filter((trial) => speed(trial) >= (1 - this.bounds.tolerance) * fastest);
    return Math.min(...nearly.map(({ batchSize }) => batchSize));
  }

  /** Takes what came of `next`. A batch that is smaller than that says that there are no more samples. */
  take(trial: BatchSizeTrial): void {
    const { mode, to, maxTrials } = this.bounds;
    const asked = this.#next;
    this.#trials.push(trial);
    const { batchSize, fits } = trial;
    if (fits && asked !== null && batchSize < asked) return this.end('data');
    const size = this.#after(batchSize, fits);
    if (size === null) return this.end('memory');
    if (mode === 'throughput' && this.#isSlow) return this.end('throughput');
    if (fits && batchSize >= to) return this.end('to');
    if (this.#trials.length >= maxTrials) return this.end('maxTrials');
    this.#next = Math.min(size, to);
  }

  end(reason: BatchSizeReason): void {
    this.#next = null;
    this.#reason ??= reason;
  }

  /** The next size by memory alone; null where the largest is found. */
  #after(size: number, fits: boolean): number | null {
    const failed = this.#trials.filter((trial) => !trial.fits).map(({ batchSize }) => batchSize);
    if (failed.length === 0) return 2 * size;
    const [most, least] = [this.#largest, Math.min(...failed)];
    if (this.bounds.mode === 'binsearch') return least - most > 1 ? most + Math.floor((least - most) / 2) : null;
    // Doubled until it failed, or halved until it fits.
    return most > 0 || fits || size === 1 ? null : Math.floor(size / 2);
  }

  get #largest(): number {
    return this.#trials.reduce((most, { fits, batchSize }) => (fits ? Math.max(most, batchSize) : most), 0);
  }

  get #isSlow(): boolean {
    const speeds = this.#trials.map(speed);
    const fastest = Math.max(...speeds.slice(0, -SLOW));
    return speeds.length > SLOW && speeds.slice(-SLOW).every((one) => one <= (1 + this.bounds.tolerance) * fastest);
  }
}

const speed = ({ samplesPerSecond }: BatchSizeTrial): number => samplesPerSecond ?? 0;

/** Steps at the beginning that take longer: buffers are made, kernels compiled, steps recorded. */
const WARM_UP = 2;

/** Samples a second of steps that ended at these times in milliseconds; null where there are fewer than two. */
export function samplesPerSecond(batchSize: number, times: readonly number[]): number | null {
  const durations = times.slice(1).map((time, index) => time - times[index]!);
  if (durations.length === 0) return null;
  const steady = durations.length > WARM_UP ? durations.slice(WARM_UP - 1) : durations.slice(-1);
  return (1000 * batchSize) / Math.max(median(steady), 1e-3);
}

import { unrecorded } from '@gradstream/autodiff';
import {
  cast,
  equal,
  keep,
  logicalAnd,
  max,
  maximum,
  mean,
  min,
  minimum,
  reshape,
  stack,
  tidy,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** The least and the greatest value that each unit of a tensor has shown, on the device: float32, [units]. */
export interface UnitRange {
  readonly low: Tensor;
  readonly high: Tensor;
}

/** Watches single units, the places on the last axis, over a window of observed steps. Nothing is read before the window ends, and then two numbers a tensor. */
export class UnitWindow {
  readonly #ranges = new Map<string, UnitRange>();
  #steps = 0;

  constructor(readonly size: number) {}

  /** Takes the units of a tensor in: one value each of a tensor with one axis. */
  add(path: string, tensor: Tensor): void {
    if (tensor.size === 0) return;
    const units = tensor.rank < 2 ? 1 : tensor.shape.at(-1)!;
    const before = this.#ranges.get(path);
    // Of another number of units: what a checkpoint brought is of another tensor.
    const known = before?.low.size === units ? before : undefined;
    const side = (reduce: typeof min, join: typeof minimum, old: Tensor | undefined): Tensor =>
      keep(
        unrecorded(() => {
          const numbers = tensor.dtype === 'float32' ? tensor : cast(tensor, 'float32');
          const now = reduce(reshape(numbers, [-1, units]), 0);
          return old === undefined ? now : join(old, now);
        }),
      );
    this.#ranges.set(path, { low: side(min, minimum, known?.low), high: side(max, maximum, known?.high) });
    before?.low.dispose();
    before?.high.dispose();
  }

  /** After an observed step: at the window's last one the shares by path, which begins a new window. Each is [dead, constant]; the caller frees them. */
  close(): ReadonlyMap<string, Tensor> {
    this.#steps++;
    if (this.#steps < this.size) return new Map();
    const shares = new Map([...this.#ranges].map(([path, range]) => [path, sharesOf(range)] as const));
    this.dispose();
    return shares;
  }

  /** Observed steps of the window that have been, and what they showed by path. */
  get begun(): { readonly steps: number; readonly ranges: ReadonlyMap<string, UnitRange> } {
    return { steps: this.#steps, ranges: this.#ranges };
  }

  /** Puts the window where another was, and keeps its tensors. */
  goOn(steps: number, ranges: ReadonlyMap<string, UnitRange>): void {
    this.dispose();
    this.#steps = steps;
    for (const [path, range] of ranges) this.#ranges.set(path, range);
  }

  dispose(): void {
    for (const { low, high } of this.#ranges.values()) {
      low.dispose();
      high.dispose();
    }
    this.#ranges.clear();
    this.#steps = 0;
  }
}

/** A NaN is neither zero nor constant. */
function sharesOf({ low, high }: UnitRange): Tensor {
  return tidy(() => {
    const constant = equal(low, high);
    const dead = logicalAnd(constant, equal(low, 0));
    return keep(stack([dead, constant].map((flags) => mean(cast(flags, 'float32')))));
  });
}

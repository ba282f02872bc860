import { tensorStatistics } from '@gradstream/autodiff';
import type { NonFinite } from '@gradstream/core';
import {
  concat,
  equal,
  gather,
  keep,
  mul,
  reshape,
  sum,
  tensor1d,
  tidy,
  where,
  type Tensor,
} from '@tensorflow/tfjs-core';

type Place = Pick<NonFinite, 'kind' | 'name'>;

const KINDS: readonly NonFinite['kind'][] = ['inputs', 'targets', 'activations', 'loss', 'gradients'];
/** The statistics that show a NaN or an infinity and nothing else: mean, least, greatest. */
const TELLING = [2, 4, 5];

/**
 * Finds where in a step the first numbers come up that are not finite. Every step is looked at and the first bad one remembered on the device; it is read now and
 * then. When a loss of NaN is read, all weights are NaN already: it would be too late to look.
 */
export class NonFiniteWatch {
  #places: Place[] = [];
  #marks: Tensor[] = [];
  /** A number a place, 0 or NaN, and the step, of the first bad step or else the last one; and what its places are. */
  #latch: Tensor | undefined;
  #latched: readonly Place[] = [];
  #found = false;

  /** Gradients of a scaled loss overflow now and then as a matter of course: they are not looked at. */
  constructor(readonly scaled: boolean) {}

  /** Whether a kind of tensor is looked at: until something was found. */
  takes(kind: string): boolean {
    return !this.#found && !(this.scaled && kind === 'gradients') && KINDS.includes(kind as NonFinite['kind']);
  }

  note(kind: string, name: string, tensor: Tensor): void {
    if (tensor.size === 0 || !this.takes(kind)) return;
    this.#places.push({ kind: kind as NonFinite['kind'], name });
    this.#marks.push(keep(tensorStatistics(tensor)));
  }

  /** Ends a step. */
  settle(step: number): void {
    if (this.#marks.length === 0) return;
    const marks = this.#marks;
    const places = this.#places;
    this.#marks = [];
    this.#places = [];
    const before = places.length === this.#latched.length ? this.#latch : undefined;
    const after = tidy(() => {
      const told = gather(reshape(concat(marks), [marks.length, -1]), tensor1d(TELLING, 'int32'), 1);
      const row = concat([sum(mul(told, 0), 1), tensor1d([step])]);
      return keep(before === undefined ? row : where(equal(sum(mul(before, 0)), 0), row, before));
    });
    for (const mark of marks) mark.dispose();
    this.#latch?.dispose();
    this.#latch = after;
    this.#latched = places;
  }

  /** What was found, once. Of gradients the last weight's comes first, as in back-propagation. */
  async read(): Promise<(Place & { readonly globalStep: number }) | undefined> {
    if (this.#found || this.#latch === undefined) return undefined;
    const row = await this.#latch.data();
    const bad = this.#latched.filter((_, index) => Number.isNaN(row[index]!));
    const kind = KINDS.find((one) => bad.some((place) => place.kind === one));
    if (kind === undefined) return undefined;
    this.#found = true;
    const place =
      kind === 'gradients' ? bad.findLast((one) => one.kind === kind) : bad.find((one) => one.kind === kind);
    return { ...place!, globalStep: row.at(-1)! };
  }

  dispose(): void {
    for (const mark of this.#marks) mark.dispose();
    this.#latch?.dispose();
    this.#latch = undefined;
    this.#marks = [];
    this.#places = [];
  }
}

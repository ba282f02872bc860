import type { Point } from '../chart/chart.js';

/** A curve that never has more points than so many: when it is full, neighbours become their means, and from then on more values make a point. */
export class ThinnedCurve {
  readonly #most: number;
  #points: Point[] = [];
  /** Values that make a point, and those that are collected. */
  #every = 1;
  #waiting: Point[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  get points(): readonly Point[] {
    return this.#waiting.length === 0 ? this.#points : [...this.#points, middle(this.#waiting)];
  }

  add(x: number, y: number): void {
    this.#waiting.push([x, y]);
    if (this.#waiting.length < this.#every) return;
    this.#points.push(middle(this.#waiting));
    this.#waiting = [];
    if (this.#points.length < this.#most) return;
    this.#points = this.#points.flatMap((_, index, all) =>
      index % 2 === 0 ? [middle(all.slice(index, index + 2))] : [],
    );
    this.#every *= 2;
  }

  /** What a checkpoint holds. */
  get state(): { readonly points: Point[]; readonly every: number; readonly waiting: Point[] } {
    return { points: this.#points, every: this.#every, waiting: this.#waiting };
  }

  set state({
    points,
    every,
    waiting,
  }: {
    readonly points: Point[];
    readonly every: number;
    readonly waiting: Point[];
  }) {
    [this.#points, this.#every, this.#waiting] = [[...points], every, [...waiting]];
  }
}

const middle = (points: readonly Point[]): Point => [
  points.reduce((sum, [x]) => sum + x, 0) / points.length,
  points.reduce((sum, [, y]) => sum + y, 0) / points.length,
];

/** A point of a curve. Points that are not finite leave a gap. */
export type Point = readonly [x: number, y: number];

/** A curve. */
export interface Curve {
  readonly name: string;
  readonly points: readonly Point[];
}

/** A place on the x axis with a word beside it. */
export interface Mark {
  readonly x: number;
  readonly label: string;
}

/** Curves with axes, before anything is drawn. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Default `linear`. */
  readonly xScale?: 'linear' | 'log';
  /** Default `linear`. */
  readonly yScale?: 'linear' | 'log';
  readonly curves: readonly Curve[];
  readonly marks: readonly Mark[];
}

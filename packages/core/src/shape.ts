/** Sizes by dimension; `null` stands for a size that is not known before the data comes, as the batch. */
export type Shape = readonly (number | null)[];

/** A shape as messages show it: `[null, 28, 28]`. */
export function describeShape(shape: Shape): string {
  return `[${shape.map(String).join(', ')}]`;
}

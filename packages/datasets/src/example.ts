import type { HostArray } from '@gradstream/core';

/** One array, or several by name, for a model with several inputs or outputs. */
export type Fields = HostArray | Readonly<Record<string, HostArray>>;

/**
 * What a model is trained on: inputs `x` and, where they are known, targets `y` and how much each sample counts.
 *
 * A batch is an example too, with one more leading dimension in every array.
 */
export interface Example {
  readonly x: Fields;
  readonly y?: Fields;
  /** A number for each sample, or for each value of the loss, that its loss is multiplied with: one array for all outputs, or some by the outputs' names. */
  readonly sampleWeight?: Fields;
}

/** An example with one input and one target, as an image with its class. */
export interface LabelledExample extends Example {
  readonly x: HostArray;
  readonly y: HostArray;
}

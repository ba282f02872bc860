import { checkChoice } from '@gradstream/core';

const REDUCTIONS = ['sumOverBatchSize', 'mean', 'sum', 'none', 'meanWithSampleWeight'] as const;

/**
 * How the values of a loss become one number, as in Keras.
 *
 * - `sumOverBatchSize`, also called `mean`: the sum of all values divided by how many they are. Sample weights multiply values and change
 *   nothing in the divisor; values that a mask leaves out are not counted.
 * - `sum`: the sum.
 * - `meanWithSampleWeight`: the sum divided by the sum of the sample weights.
 * - `none`: the values as they are, each times its weight.
 */
export type Reduction = (typeof REDUCTIONS)[number];

/**
 * The reduction of a name: camelCase, Keras' snake_case, or null, which is `none`; undefined is `sumOverBatchSize`. Throws
 * `GS_OPTION_VALUE` for anything else.
 */
export function reductionOf(where: string, given: unknown): Reduction {
  if (given === undefined) return 'sumOverBatchSize';
  if (given === null) return 'none';
  if (REDUCTIONS.includes(given as Reduction)) return given as Reduction;
  const name =
    typeof given === 'string' ? given.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()) : given;
  return checkChoice(where, 'reduction', name, REDUCTIONS);
}

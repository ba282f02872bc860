import { describeValue, GradstreamError } from '@gradstream/core';
import type { FansOptions } from '../fans.js';
import type { SeedOptions } from './seed.js';

/** Options that every initializer has whose spread follows from the fans. */
export interface ScaledOptions extends SeedOptions, FansOptions {}

/** The axes of the fans as a config keeps them. Throws `GS_OPTION_VALUE` for what are no axes, and for one list without the other. */
export function checkFanAxes(
  where: string,
  { inputAxes = null, outputAxes = null }: FansOptions,
): { inputAxes: readonly number[] | null; outputAxes: readonly number[] | null } {
  const wrong =
    (inputAxes === null) === (outputAxes === null)
      ? [inputAxes, outputAxes].find((axes) => axes !== null && !areAxes(axes))
      : [inputAxes, outputAxes];
  if (wrong === undefined) return { inputAxes, outputAxes };
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The options "inputAxes" and "outputAxes" cannot be used',
    expected: 'two lists of different integers, or neither',
    received: describeValue(wrong),
    next: 'Give both, for example { inputAxes: [0], outputAxes: [1, 2] }, or leave both out.',
  });
}

const areAxes = (axes: unknown): boolean =>
  Array.isArray(axes) && axes.every((axis) => Number.isInteger(axis)) && new Set(axes).size === axes.length;

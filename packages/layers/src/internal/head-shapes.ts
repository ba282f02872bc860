import { describeShape, type GradstreamError, type Shape } from '@gradstream/core';
import { sizesOf, type AttentionAxes } from './attention-axes.js';
import type { HeadOptions } from './head-options.js';
import { shapeError } from './shape-error.js';

/** The shapes of a layer's inputs. */
interface HeadShapes {
  readonly query: Shape;
  readonly value: Shape;
  readonly key: Shape;
  readonly mask: Shape | undefined;
}

const differ = (a: number | null, b: number | null): boolean => a !== null && b !== null && a !== b;

/** The widths of query, key and value. Throws `GS_LAYER_SHAPE` where inputs do not fit together. */
export function checkHeadShapes(
  { factory, split, sameWidth, useCausalMask, slidingWindow, axes: given }: HeadOptions,
  path: string,
  axes: AttentionAxes,
  { query, value, key, mask }: HeadShapes,
): { readonly query: number; readonly key: number; readonly value: number } {
  const refused = (what: string, expected: string, received: Shape | string, next: string): GradstreamError =>
    shapeError(factory, path, what, expected, received, next);
  const all = [query, value, key];
  const form = given === undefined && sameWidth ? '[batch, steps, features]' : '[batch, ...steps, features]';
  for (const shape of all) {
    if (shape.length >= 3 && shape.length === query.length && (!sameWidth || shape.length === 3)) continue;
    throw refused(
      `An input has ${shape.length} dimension${shape.length === 1 ? '' : 's'}`,
      `${form}, all of one rank`,
      shape,
      'Reshape it first.',
    );
  }
  const list = all.map((shape) => describeShape(shape)).join(', ');
  const apart = [0, ...axes.examples].some(
    (axis) => differ(query[axis]!, value[axis]!) || differ(query[axis]!, key[axis]!),
  );
  if (apart || axes.steps.some((axis) => differ(value[axis]!, key[axis]!)))
    throw refused(
      'The inputs do not belong together',
      'one batch, and as many values as keys',
      list,
      'Pass [query, value] or [query, value, key].',
    );
  if (all.some((shape) => shape.at(-1) === null))
    throw refused(
      'The number of features is not known',
      'known sizes of the last dimensions',
      list,
      'Give the last dimensions sizes.',
    );
  if (sameWidth && query.at(-1) !== value.at(-1))
    throw refused(
      'Query and value have different widths',
      `a value of width ${query.at(-1)}`,
      value,
      'Bring both to one width, for example with dense.',
    );
  if ((useCausalMask || slidingWindow !== undefined) && axes.steps.length !== 1)
    throw refused(
      'Places have no order along several dimensions',
      'one attention axis with useCausalMask or slidingWindow',
      query,
      'Set attentionAxes to one dimension.',
    );
  if (mask !== undefined) checkMask(refused, split.heads * split.repeats, axes, { query, key, mask });
  return { query: query.at(-1)!, key: key.at(-1)!, value: value.at(-1)! };
}

function checkMask(
  refused: (what: string, expected: string, received: Shape, next: string) => GradstreamError,
  heads: number,
  axes: AttentionAxes,
  { query, key, mask }: { readonly query: Shape; readonly key: Shape; readonly mask: Shape },
): void {
  const pairs = [...sizesOf(query, axes.steps), ...sizesOf(key, axes.steps)];
  const fits = (wanted: Shape): boolean =>
    mask.length === wanted.length &&
    mask.every(
      (size, place) =>
        !differ(size, wanted[place]!) ||
        // Steps of several dimensions are joined: none can stand for more.
        (size === 1 && (axes.steps.length === 1 || place === 0)),
    );
  const forms = [
    [query[0]!, ...pairs],
    [query[0]!, heads, ...pairs],
  ];
  if (forms.some(fits)) return;
  throw refused(
    'The last input is no mask of these queries and keys',
    forms.map((form) => describeShape(form)).join(' or '),
    mask,
    'Pass the attention mask last, or leave attentionMask out.',
  );
}

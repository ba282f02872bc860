import { describeShape, GradstreamError } from '@gradstream/core';
import { broadcast_util, mul, add, cast, util, type Tensor } from '@tensorflow/tfjs-core';

/** What a score is at most where a query does not see a key: its exponential is 0 beside any other. */
const HIDDEN = -1e9;
/** Beyond any score. */
const FREE = 3e38;

/** The largest value that each score may have, by a mask of bool or 0 and 1: one comparison masks, and hidden scores are all the same number. */
export function attentionCap(mask: Tensor): Tensor {
  return add(mul(cast(mask, 'float32'), FREE), HIDDEN);
}

/** Throws `GS_AUTODIFF_SHAPE` unless query [..., T, width], key [..., S, width], value [..., S, depth] and mask fit together. */
export function checkAttentionShapes(
  where: string,
  { query, key, value, mask }: { query: Tensor; key: Tensor; value: Tensor; mask?: Tensor | undefined },
): void {
  const outer = (x: Tensor): number[] => x.shape.slice(0, -2);
  const fits =
    query.rank >= 2 &&
    query.shape.at(-1) === key.shape.at(-1) &&
    key.shape.at(-2) === value.shape.at(-2) &&
    util.arraysEqual(outer(query), outer(key)) &&
    util.arraysEqual(outer(query), outer(value)) &&
    (mask === undefined || spreadsTo(mask.shape, [...query.shape.slice(0, -1), key.shape.at(-2)!]));
  if (fits) return;
  throw new GradstreamError('GS_AUTODIFF_SHAPE', {
    where,
    what: 'The shapes do not fit together',
    expected:
      'query [..., T, width], key [..., S, width], value [..., S, depth], a mask that broadcasts to [..., T, S]',
    received: [query, key, value, ...(mask === undefined ? [] : [mask])]
      .map(({ shape }) => describeShape(shape))
      .join(', '),
    next: 'Bring the heads to the front: [batch, heads, steps, width].',
  });
}

function spreadsTo(shape: readonly number[], target: readonly number[]): boolean {
  try {
    return util.arraysEqual(broadcast_util.assertAndGetBroadcastShape([...shape], [...target]), [...target]);
  } catch {
    return false;
  }
}

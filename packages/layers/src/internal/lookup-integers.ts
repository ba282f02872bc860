import {
  add,
  cast,
  clipByValue,
  equal,
  gather,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  minimum,
  scalar,
  sub,
  tensor,
  where,
  zerosLike,
  type Tensor,
} from '@tensorflow/tfjs-core';

/** Where whole numbers (int32) stand in a list, and which of them do: a search in the sorted list, of gathered numbers. */
export function findIntegers(x: Tensor, list: readonly number[]): { readonly place: Tensor; readonly found: Tensor } {
  const int = (value: number): Tensor => scalar(value, 'int32');
  const order = list.map((_, index) => index).toSorted((a, b) => list[a]! - list[b]!);
  const sorted = tensor(
    order.map((index) => list[index]!),
    [list.length],
    'int32',
  );
  // How many are smaller: one bit of the number at a time.
  let smaller = zerosLike(x);
  for (let step = 2 ** Math.floor(Math.log2(list.length)); step >= 1; step /= 2) {
    const further = add(smaller, int(step));
    const last = gather(sorted, cast(minimum(sub(further, int(1)), int(list.length - 1)), 'int32'));
    smaller = where(logicalAnd(lessEqual(further, int(list.length)), less(last, x)), further, smaller);
  }
  const at = cast(minimum(smaller, int(list.length - 1)), 'int32');
  return { place: gather(tensor(order, [order.length], 'int32'), at), found: equal(gather(sorted, at), x) };
}

/** What stands at places of a list, or something else outside of it. */
export function integersAt(x: Tensor, list: readonly number[], otherwise: number): Tensor {
  const inside = logicalAnd(greaterEqual(x, 0), less(x, list.length));
  const at = cast(clipByValue(x, 0, list.length - 1), 'int32');
  return where(inside, gather(tensor([...list], [list.length], 'int32'), at), scalar(otherwise, 'int32'));
}

/** Row numbers without the first `count`. */
export function* laterNumbers(order: Iterable<Uint32Array>, count: number): Generator<Uint32Array> {
  let left = count;
  for (const numbers of order) {
    if (left === 0) yield numbers;
    else if (left < numbers.length) yield numbers.subarray(left);
    left = Math.max(0, left - numbers.length);
  }
}

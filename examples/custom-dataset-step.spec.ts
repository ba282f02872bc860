import { fromArrays, type LabelledExample } from '@gradstream/datasets';
import { expect, it } from 'vitest';

/** A dataset step of one's own: a function from one AsyncIterable to another. This one leaves out all examples of a class. */
function without(label: number) {
  return async function* (source: AsyncIterable<LabelledExample>): AsyncIterable<LabelledExample> {
    for await (const example of source) if (example.y.values[0] !== label) yield example;
  };
}

it('a dataset step of one’s own', async () => {
  const data = fromArrays({
    x: { dtype: 'float32', shape: [6, 1], values: Float32Array.of(0, 1, 2, 3, 4, 5) },
    y: { dtype: 'int32', shape: [6], values: Int32Array.of(0, 1, 2, 0, 1, 2) },
  });
  const batches = await data.pipe(without(1)).batch(2).toArray();
  expect(batches.map(({ x }) => [...x.values])).toEqual([
    [0, 2],
    [3, 5],
  ]);
});

/** How large the whole numbers of an input may be. */
const LIMITS = { user: 9, item: 7, words: 12, places: 6 };

/** A batch for a model: inputs, and targets as its losses take them, the same for the same sizes. */
export function batchFor(net, losses, rows = 4) {
  const array = (shape, value) => {
    const size = shape.reduce((product, length) => product * length, 1);
    return { shape, values: Array.from({ length: size }, (_, index) => value(index)) };
  };
  const x = Object.fromEntries(
    net.inputs.map(({ name, shape, dtype }, place) => {
      const sizes = [rows, ...shape.slice(1)];
      if (dtype === 'int32') {
        const { values } = array(sizes, (index) => (index * 7 + 3 * place + 1) % LIMITS[name]);
        return [name, { dtype, shape: sizes, values: Int32Array.from(values) }];
      }
      const { values } = array(sizes, (index) => Math.sin(1.7 * index + place));
      return [name, { dtype, shape: sizes, values: Float32Array.from(values) }];
    }),
  );
  const y = Object.fromEntries(
    net.outputs.flatMap(({ name, shape }) => {
      const loss = typeof losses === 'string' ? losses : losses[name];
      if (loss === undefined) return [];
      if (loss === 'sparseCategoricalCrossentropy')
        return [
          [
            name,
            {
              dtype: 'int32',
              shape: [rows],
              values: Int32Array.from({ length: rows }, (_, index) => index % shape.at(-1)),
            },
          ],
        ];
      const sizes = [rows, ...shape.slice(1)];
      const { values } = array(sizes, (index) => (loss === 'binaryCrossentropy' ? index % 2 : Math.cos(index)));
      return [[name, { dtype: 'float32', shape: sizes, values: Float32Array.from(values) }]];
    }),
  );
  return { x, y };
}

import {
  add,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1d,
  gru,
  input,
  layerNormalization,
  lstm,
  maxPooling2d,
  model,
  multiHeadAttention,
  apply,
} from '@gradstream/layers';

const classes = () => dense(10, { activation: 'softmax' });
const relu = (units) => dense(units, { activation: 'relu' });
const attention = (x) => apply(multiHeadAttention(4, 32), [x, x]);
const normalized = () => layerNormalization({ epsilon: 1e-6 });

function transformer(x) {
  const mixed = add([x, attention(x)]).pipe(normalized());
  return add([mixed, mixed.pipe(relu(256), dense(128))]).pipe(normalized());
}

/** Small networks, one a row of the bench, as `keras_runner.py` has them: the shape of one example, the batch, and what is between input and classes. */
export const NETWORKS = {
  dense: { shape: [784], batch: 128, steps: 40, body: (x) => x.pipe(relu(128), relu(128), relu(128)) },
  conv: {
    shape: [28, 28, 1],
    batch: 128,
    steps: 10,
    body: (x) =>
      x.pipe(
        conv2d(32, 3, { activation: 'relu' }),
        maxPooling2d(2),
        conv2d(64, 3, { activation: 'relu' }),
        maxPooling2d(2),
        flatten(),
        dropout(0.5),
      ),
  },
  lstm: { shape: [28, 28], batch: 128, steps: 10, body: (x) => x.pipe(lstm(128)) },
  gru: { shape: [28, 28], batch: 128, steps: 10, body: (x) => x.pipe(gru(128)) },
  attention: { shape: [64, 128], batch: 32, steps: 20, body: (x) => attention(x).pipe(globalAveragePooling1d()) },
  transformer: { shape: [64, 128], batch: 32, steps: 10, body: (x) => transformer(x).pipe(globalAveragePooling1d()) },
  embedding: {
    shape: [64],
    below: 10_000,
    batch: 32,
    steps: 20,
    body: (x) => x.pipe(embedding(10_000, 128), globalAveragePooling1d()),
  },
};

/** The network of a row. */
export function network(name) {
  const { shape, below, body } = NETWORKS[name];
  const x = input({ shape, dtype: below === undefined ? 'float32' : 'int32' });
  return model({ inputs: x, outputs: body(x).pipe(classes()), seed: 1 });
}

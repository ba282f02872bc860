import {
  add,
  apply,
  batchNormalization,
  conv2d,
  dense,
  dropout,
  embedding,
  flatten,
  globalAveragePooling2d,
  input,
  layerNormalization,
  lstm,
  maxPooling2d,
  model,
  multiHeadAttention,
  relu,
  sequential,
  type Model,
} from '@gradstream/layers';

/** A network with the batch that it is trained on. */
export interface Task {
  readonly name: string;
  readonly model: () => Model;
  readonly batch: number;
  /** The shape of one example, and what its numbers are: floats, or whole numbers below a bound. */
  readonly x: readonly number[];
  readonly whole?: number;
  /** The shape of one example's labels, and the number of classes. */
  readonly y: readonly number[];
  readonly classes: number;
}

interface Sizes {
  readonly batch: number;
  readonly width: number;
}

export const mlp = ({ batch, width }: Sizes): Task => ({
  name: 'MLP',
  batch,
  x: [784],
  y: [],
  classes: 10,
  model: () =>
    sequential(
      [
        input({ shape: [784] }),
        dense(width, { activation: 'relu' }),
        dense(width, { activation: 'relu' }),
        dropout(0.2),
        dense(10),
      ],
      { seed: 1 },
    ),
});

export const cnn = ({ batch, width }: Sizes): Task => ({
  name: 'CNN',
  batch,
  x: [28, 28, 1],
  y: [],
  classes: 10,
  model: () =>
    sequential(
      [
        input({ shape: [28, 28, 1] }),
        conv2d(width, 3, { activation: 'relu', padding: 'same' }),
        maxPooling2d(2),
        conv2d(2 * width, 3, { activation: 'relu', padding: 'same' }),
        maxPooling2d(2),
        flatten(),
        dense(128, { activation: 'relu' }),
        dense(10),
      ],
      { seed: 1 },
    ),
});

export const recurrent = ({ batch, width }: Sizes): Task => ({
  name: 'LSTM',
  batch,
  x: [width / 4, 64],
  y: [],
  classes: 10,
  model: () =>
    sequential([input({ shape: [width / 4, 64] }), lstm(width, { returnSequences: true }), lstm(width), dense(10)], {
      seed: 1,
    }),
});

export const transformer = ({ batch, width }: Sizes): Task => {
  const [steps, vocabulary] = [width / 2, 4 * width];
  return {
    name: 'Transformer',
    batch,
    x: [steps],
    whole: vocabulary,
    y: [steps],
    classes: vocabulary,
    model: () => {
      const tokens = input({ shape: [steps], dtype: 'int32', name: 'tokens' });
      let x: Symbolic = tokens.pipe(embedding(vocabulary, width));
      for (let block = 0; block < 2; block++) {
        const normal = x.pipe(layerNormalization());
        x = joined(x, apply(multiHeadAttention(width / 64, 64), [normal, normal]));
        x = joined(x, x.pipe(layerNormalization(), dense(4 * width, { activation: 'relu' }), dense(width)));
      }
      return model({ inputs: tokens, outputs: x.pipe(layerNormalization(), dense(vocabulary)), seed: 1 });
    },
  };
};

export const resnet = ({ batch, width }: Sizes): Task => ({
  name: 'ResNet-20',
  batch,
  x: [32, 32, 3],
  y: [],
  classes: 10,
  model: () => {
    const image = input({ shape: [32, 32, 3], name: 'image' });
    const normal = { useBias: false, padding: 'same' } as const;
    let x: Symbolic = image.pipe(conv2d(width, 3, normal), batchNormalization(), relu());
    for (let stage = 0; stage < 3; stage++) {
      const filters = width * 2 ** stage;
      for (let block = 0; block < 3; block++) {
        const strides = stage > 0 && block === 0 ? 2 : 1;
        const inner = x.pipe(
          conv2d(filters, 3, { ...normal, strides }),
          batchNormalization(),
          relu(),
          conv2d(filters, 3, normal),
          batchNormalization(),
        );
        const past = strides === 1 ? x : x.pipe(conv2d(filters, 1, { ...normal, strides }), batchNormalization());
        x = joined(past, inner).pipe(relu());
      }
    }
    return model({ inputs: image, outputs: x.pipe(globalAveragePooling2d(), dense(10)), seed: 1 });
  },
});

type Symbolic = ReturnType<typeof apply>;

const joined = (a: Symbolic, b: Symbolic): Symbolic => apply(add(), [a, b]);

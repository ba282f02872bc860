// Models that are graphs: branches, shared layers, models inside, several inputs and outputs. The tests train them on every backend and take them
// through their configs; `npm run verify` has Keras load them and compares the outputs, and loads what Keras writes.
import {
  add,
  apply,
  applyAll,
  batchNormalization,
  bidirectional,
  concatenate,
  conv1d,
  conv2d,
  conv2dTranspose,
  dense,
  depthwiseConv2d,
  dot,
  dropout,
  embedding,
  flatten,
  globalAveragePooling1d,
  globalAveragePooling2d,
  globalMaxPooling1d,
  gru,
  input,
  layerNormalization,
  lstm,
  maxPooling2d,
  model,
  multiHeadAttention,
  multiply,
  relu,
  repeatVector,
  reshape,
  sequential,
  softmax,
  spatialDropout1d,
  upSampling2d,
  zeroPadding2d,
} from '@gradstream/layers';

const units = (count, activation = 'relu') => dense(count, { activation });

/** Every model under its name, with the loss of each of its outputs. Each call draws new weights from the seed. */
export const graphs = {
  'wide and deep': (seed) => {
    const [wide, deep] = [input({ shape: [5], name: 'wide' }), input({ shape: [6], name: 'deep' })];
    const hidden = deep.pipe(units(12), units(12));
    return [model({ inputs: [wide, deep], outputs: concatenate([wide, hidden]).pipe(dense(1)), seed }), 'mse'];
  },

  'two outputs': (seed) => {
    const x = input({ shape: [6], name: 'x' });
    const hidden = x.pipe(units(10, 'tanh'));
    const outputs = {
      price: hidden.pipe(dense(1, { kernelRegularizer: 'l2' })),
      kind: hidden.pipe(units(3, 'softmax')),
    };
    return [model({ inputs: x, outputs, seed }), { price: 'mae', kind: 'sparseCategoricalCrossentropy' }];
  },

  'deep and cross': (seed) => {
    const x = input({ shape: [6], name: 'x' });
    let cross = x;
    for (let layer = 0; layer < 2; layer++) cross = add([multiply([x, cross.pipe(dense(6))]), cross]);
    return [
      model({ inputs: x, outputs: concatenate([cross, x.pipe(units(8), units(8))]).pipe(units(1, 'sigmoid')), seed }),
      'binaryCrossentropy',
    ];
  },

  'residual blocks': (seed) => {
    const block = (x) => add([x, x.pipe(layerNormalization(), units(16, 'gelu'), dense(8))]);
    const x = input({ shape: [8], name: 'x' });
    return [model({ inputs: x, outputs: x.pipe(block, block, dense(1)), seed }), 'huber'];
  },

  highway: (seed) => {
    const layer = (x) => {
      const gate = x.pipe(units(6, 'sigmoid'));
      const carry = gate.pipe(
        dense(6, { kernelInitializer: 'identity', useBias: false, trainable: false, activation: 'linear' }),
      );
      return add([multiply([gate, x.pipe(units(6, 'tanh'))]), multiply([carry, x])]);
    };
    const x = input({ shape: [6], name: 'x' });
    return [model({ inputs: x, outputs: x.pipe(layer, layer, dense(2)), seed }), 'mse'];
  },

  'mixture of experts': (seed) => {
    const x = input({ shape: [6], name: 'x' });
    const gate = x.pipe(dense(3), softmax(), reshape([3, 1]));
    const experts = [0, 1, 2].map(() => x.pipe(units(8), dense(4), reshape([1, 4])));
    const mixed = dot([gate, concatenate(experts, { axis: 1 })], { axes: 1 });
    return [model({ inputs: x, outputs: mixed.pipe(flatten(), dense(1)), seed }), 'mse'];
  },

  recommender: (seed) => {
    const [user, item] = [
      input({ shape: [1], name: 'user', dtype: 'int32' }),
      input({ shape: [1], name: 'item', dtype: 'int32' }),
    ];
    const vector = (x, count) => x.pipe(embedding(count, 4), flatten());
    const bias = (x, count) => x.pipe(embedding(count, 1), flatten());
    const score = add([dot([vector(user, 9), vector(item, 7)], { axes: 1 }), bias(user, 9), bias(item, 7)]);
    return [model({ inputs: [user, item], outputs: score, seed }), 'mse'];
  },

  'frozen base, new head': (seed) => {
    const base = sequential([dense(8, { inputShape: [6], activation: 'tanh' }), dense(5)], {
      name: 'base',
      seed,
      trainable: false,
    });
    const x = input({ shape: [6], name: 'x' });
    return [model({ inputs: x, outputs: x.pipe(base, units(2, 'softmax')), seed }), 'sparseCategoricalCrossentropy'];
  },

  'inception block': (seed) => {
    const x = input({ shape: [8, 8, 3], name: 'x' });
    const same = { padding: 'same', activation: 'relu' };
    const branches = [
      x.pipe(conv2d(4, 1, same)),
      x.pipe(conv2d(3, 1, same), conv2d(4, 3, same)),
      x.pipe(conv2d(2, 1, same), conv2d(4, 5, same)),
      x.pipe(maxPooling2d(3, { strides: 1, padding: 'same' }), conv2d(4, 1, same)),
    ];
    return [
      model({ inputs: x, outputs: concatenate(branches).pipe(globalAveragePooling2d(), units(3, 'softmax')), seed }),
      'sparseCategoricalCrossentropy',
    ];
  },

  'dense block': (seed) => {
    const layer = (x) =>
      concatenate([x, x.pipe(batchNormalization(), relu(), conv2d(4, 3, { padding: 'same', useBias: false }))]);
    const x = input({ shape: [6, 6, 2], name: 'x' });
    return [model({ inputs: x, outputs: x.pipe(layer, layer, globalAveragePooling2d(), dense(1)), seed }), 'mse'];
  },

  'squeeze and excitation': (seed) => {
    const x = input({ shape: [6, 6, 4], name: 'x' });
    const depthwise = x.pipe(depthwiseConv2d(3, { padding: 'same', depthMultiplier: 2 }));
    const weights = depthwise.pipe(globalAveragePooling2d(), units(4), units(8, 'sigmoid'), reshape([1, 1, 8]));
    return [
      model({
        inputs: x,
        outputs: multiply([depthwise, weights]).pipe(conv2d(4, 1), globalAveragePooling2d(), dense(1)),
        seed,
      }),
      'mse',
    ];
  },

  autoencoder: (seed) => {
    const x = input({ shape: [8, 8, 1], name: 'x' });
    const code = x.pipe(
      conv2d(4, 3, { strides: 2, padding: 'same', activation: 'relu' }),
      conv2d(2, 3, { strides: 2, padding: 'same' }),
    );
    const decoded = code.pipe(
      conv2dTranspose(4, 3, { strides: 2, padding: 'same', activation: 'relu' }),
      upSampling2d(2),
      conv2d(1, 3, { padding: 'same' }),
    );
    return [model({ inputs: x, outputs: { decoded, code: code.pipe(flatten()) }, seed }), { decoded: 'mse' }];
  },

  'text with several windows': (seed) => {
    const words = input({ shape: [10], name: 'words', dtype: 'int32' });
    const vectors = words.pipe(embedding(20, 6), spatialDropout1d(0.2));
    const windows = [2, 3].map((size) => vectors.pipe(conv1d(4, size, { activation: 'relu' }), globalMaxPooling1d()));
    return [
      model({ inputs: words, outputs: concatenate(windows).pipe(dropout(0.1), units(1, 'sigmoid')), seed }),
      'binaryCrossentropy',
    ];
  },

  'both ways over masked text': (seed) => {
    const words = input({ shape: [7], name: 'words', dtype: 'int32' });
    const read = words.pipe(
      embedding(12, 5, { maskZero: true }),
      bidirectional(lstm(4, { returnSequences: true })),
      gru(3),
    );
    return [model({ inputs: words, outputs: read.pipe(dense(1)), seed }), 'mse'];
  },

  'encoder and decoder': (seed) => {
    const [source, target] = [input({ shape: [5, 3], name: 'source' }), input({ shape: [4, 3], name: 'target' })];
    const [, ...states] = applyAll(lstm(6, { returnState: true }), source);
    const decoded = apply(lstm(6, { returnSequences: true }), [target, ...states]);
    return [model({ inputs: [source, target], outputs: decoded.pipe(dense(3)), seed }), 'mse'];
  },

  'causal convolutions over time': (seed) => {
    const block = (dilationRate) => (x) =>
      add([x, x.pipe(conv1d(4, 2, { padding: 'causal', dilationRate, activation: 'relu' }))]);
    const series = input({ shape: [12, 4], name: 'series' });
    return [
      model({
        inputs: series,
        outputs: series.pipe(block(1), block(2), block(4), globalAveragePooling1d(), dense(1)),
        seed,
      }),
      'mse',
    ];
  },

  'attention over time': (seed) => {
    const series = input({ shape: [6, 4], name: 'series' });
    const weights = series.pipe(units(8, 'tanh'), dense(1), softmax({ axis: 1 }));
    return [
      model({ inputs: series, outputs: dot([weights, series], { axes: 1 }).pipe(flatten(), dense(1)), seed }),
      'mse',
    ];
  },

  'repeated code': (seed) => {
    const series = input({ shape: [5, 2], name: 'series' });
    return [
      model({
        inputs: series,
        outputs: series.pipe(gru(4), repeatVector(5), gru(4, { returnSequences: true }), dense(2)),
        seed,
      }),
      'mse',
    ];
  },

  siamese: (seed) => {
    const [left, right] = [input({ shape: [8], name: 'left' }), input({ shape: [8], name: 'right' })];
    const x = input({ shape: [8], name: 'example' });
    const encoder = model({ inputs: x, outputs: x.pipe(units(8), dense(4)), name: 'encoder', seed });
    const likeness = dot([apply(encoder, left), apply(encoder, right)], { axes: 1, normalize: true });
    return [model({ inputs: [left, right], outputs: likeness.pipe(units(1, 'sigmoid')), seed }), 'binaryCrossentropy'];
  },

  'a small U-Net': (seed) => {
    const conv = (filters) => (x) =>
      x.pipe(
        conv2d(filters, 3, { padding: 'same', activation: 'relu' }),
        conv2d(filters, 3, { padding: 'same', activation: 'relu' }),
      );
    const x = input({ shape: [16, 16, 1], name: 'image' });
    const high = x.pipe(conv(4));
    const middle = high.pipe(maxPooling2d(2), conv(8));
    const low = middle.pipe(maxPooling2d(2), conv(16));
    const up = (from, skip, filters) =>
      concatenate([from.pipe(conv2dTranspose(filters, 2, { strides: 2 })), skip]).pipe(conv(filters));
    return [
      model({
        inputs: x,
        outputs: up(up(low, middle, 8), high, 4).pipe(conv2d(1, 1, { activation: 'sigmoid' })),
        seed,
      }),
      'binaryCrossentropy',
    ];
  },

  'a Transformer encoder': (seed) => {
    const block = (x) => {
      const attended = add([x, apply(multiHeadAttention(2, 4), [x, x])]).pipe(layerNormalization({ epsilon: 1e-6 }));
      return add([attended, attended.pipe(units(16), dense(8), dropout(0.1))]).pipe(
        layerNormalization({ epsilon: 1e-6 }),
      );
    };
    const [words, places] = [
      input({ shape: [6], name: 'words', dtype: 'int32' }),
      input({ shape: [6], name: 'places', dtype: 'int32' }),
    ];
    const embedded = add([words.pipe(embedding(15, 8)), places.pipe(embedding(6, 8))]);
    return [
      model({
        inputs: [words, places],
        outputs: embedded.pipe(block, block, globalAveragePooling1d(), units(2, 'softmax')),
        seed,
      }),
      'sparseCategoricalCrossentropy',
    ];
  },

  'ResNet-20': (seed) => {
    const conv = (filters, strides = 1) =>
      conv2d(filters, 3, {
        strides,
        padding: 'same',
        useBias: false,
        kernelInitializer: 'heNormal',
        kernelRegularizer: 'l2',
      });
    const block = (filters, strides) => (x) => {
      const path = x.pipe(conv(filters, strides), batchNormalization(), relu(), conv(filters), batchNormalization());
      const skip =
        strides === 1 && x.shape.at(-1) === filters ? x : x.pipe(conv2d(filters, 1, { strides, useBias: false }));
      return add([path, skip]).pipe(relu());
    };
    const x = input({ shape: [16, 16, 3], name: 'image' });
    const blocks = [16, 32, 64].flatMap((filters, stage) =>
      [0, 1, 2].map((index) => block(filters, stage > 0 && index === 0 ? 2 : 1)),
    );
    const start = x.pipe(zeroPadding2d(1), conv2d(16, 3, { useBias: false }), batchNormalization(), relu());
    return [
      model({ inputs: x, outputs: start.pipe(...blocks, globalAveragePooling2d(), units(10, 'softmax')), seed }),
      'sparseCategoricalCrossentropy',
    ];
  },
};

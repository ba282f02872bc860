import * as our from '@gradstream/layers';
import { layers as their } from '@tensorflow/tfjs-layers';

/** Dense layers, embeddings and activations. `below`: the inputs are whole numbers from 0 on, below it. */
export const denseCases = [
  {
    name: 'dense 784 to 128, relu',
    input: [[128, 784]],
    ours: () => our.dense(128, { activation: 'relu' }),
    theirs: () => their.dense({ units: 128, activation: 'relu' }),
  },
  {
    name: 'dense 128 to 10, softmax',
    input: [[32, 128]],
    ours: () => our.dense(10, { activation: 'softmax' }),
    theirs: () => their.dense({ units: 10, activation: 'softmax' }),
  },
  {
    name: 'dense of steps, tanh',
    input: [[32, 64, 128]],
    ours: () => our.dense(128, { activation: 'tanh' }),
    theirs: () => their.dense({ units: 128, activation: 'tanh' }),
  },
  {
    name: 'embedding 10000 x 128',
    input: [[32, 64]],
    below: 10_000,
    ours: () => our.embedding(10_000, 128),
    theirs: () => their.embedding({ inputDim: 10_000, outputDim: 128 }),
  },
  ...['relu', 'sigmoid', 'tanh', 'elu', 'softplus', 'softsign', 'selu', 'gelu', 'swish'].map((name) => ({
    name: `activation ${name}`,
    input: [[128, 1024]],
    ours: () => our.activation(name),
    theirs: () => their.activation({ activation: name }),
  })),
  { name: 'softmax', input: [[128, 1000]], ours: () => our.softmax(), theirs: () => their.softmax() },
  {
    name: 'relu to 6',
    input: [[128, 1024]],
    ours: () => our.relu({ maxValue: 6 }),
    theirs: () => their.reLU({ maxValue: 6 }),
  },
  { name: 'elu layer', input: [[128, 1024]], ours: () => our.elu(), theirs: () => their.elu() },
  { name: 'leaky relu', input: [[128, 1024]], ours: () => our.leakyRelu(), theirs: () => their.leakyReLU() },
  { name: 'prelu', input: [[128, 1024]], ours: () => our.prelu(), theirs: () => their.prelu() },
];

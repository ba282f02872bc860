import * as activations from '@gradstream/activations';
import { randomKey, sizeOf, uniformValues, type GradstreamError, type Shape } from '@gradstream/core';
import { fromBinary, SavedModelSchema, type NodeDef, type TensorProto } from '@gradstream/formats/messages';
import { activation, dense, dropout, flatten, input, sequential, type Layer, type Model } from '@gradstream/layers';
import { expectAllClose } from '@gradstream/testing';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACTIVATION_NODES } from './activation-nodes.js';
import { savedModel } from './saved-model.js';

beforeAll(() => tf.setBackend('cpu'));

async function bytesOf(model: Model): Promise<Uint8Array> {
  const [file, ...more] = await savedModel.export(model);
  expect([file!.name, more]).toEqual(['saved_model.pb', []]);
  return Uint8Array.from(file!.pieces.flatMap((piece) => [...piece]));
}

function constantOf({ dtype, tensorShape, tensorContent }: TensorProto): tf.Tensor {
  const shape = tensorShape!.dim.map(({ size }) => Number(size));
  const buffer = tensorContent.slice().buffer;
  return dtype === 1 ? tf.tensor(new Float32Array(buffer), shape) : tf.tensor(new Int32Array(buffer), shape, 'int32');
}

const attribute = (node: NodeDef, name: string): unknown => node.attr[name]!.value.value;
const axisOf = (tensor: tf.Tensor): number => tensor.dataSync()[0]!;

/** The operations as TensorFlow defines them, by name: a second reading of the graph, apart from how layers compute. */
const OPS: Record<string, (ins: tf.Tensor[], node: NodeDef) => tf.Tensor | tf.Tensor[]> = {
  Abs: ([a]) => tf.abs(a!),
  AddV2: ([a, b]) => tf.add(a!, b!),
  BatchMatMulV2: ([a, b]) => tf.matMul(a!, tf.tile(tf.expandDims(b!, 0), [a!.shape[0]!, 1, 1])),
  BiasAdd: ([a, b]) => tf.add(a!, b!),
  Cast: ([a], node) => {
    expect(attribute(node, 'DstT')).toBe(1);
    return tf.cast(a!, 'float32');
  },
  ClipByValue: ([a, low, high]) => tf.minimum(tf.maximum(a!, low!), high!),
  Cumsum: ([a, axis]) => tf.cumsum(a!, a!.rank + axisOf(axis!)),
  Elu: ([a]) => tf.where(tf.greater(a!, 0), a!, tf.expm1(a!)),
  Erf: ([a]) => tf.erf(a!),
  Exp: ([a]) => tf.exp(a!),
  Greater: ([a, b]) => tf.greater(a!, b!),
  GreaterEqual: ([a, b]) => tf.greaterEqual(a!, b!),
  Identity: ([a]) => a!,
  LeakyRelu: ([a], node) => tf.where(tf.greater(a!, 0), a!, tf.mul(a!, attribute(node, 'alpha') as number)),
  LogSoftmax: ([a]) => tf.log(tf.softmax(a!)),
  MatMul: ([a, b]) => tf.matMul(a!, b!),
  Max: ([a, axes]) => tf.max(a!, [...axes!.dataSync()], true),
  Mul: ([a, b]) => tf.mul(a!, b!),
  Neg: ([a]) => tf.neg(a!),
  RealDiv: ([a, b]) => tf.div(a!, b!),
  Relu: ([a]) => tf.maximum(a!, 0),
  Relu6: ([a]) => tf.minimum(tf.maximum(a!, 0), 6),
  Reshape: ([a, shape]) => tf.reshape(a!, [...shape!.dataSync()]),
  SelectV2: ([condition, a, b]) => tf.where(condition!, a!, b!),
  Selu: ([a]) => tf.selu(a!),
  Sigmoid: ([a]) => tf.div(1, tf.add(tf.exp(tf.neg(a!)), 1)),
  Softmax: ([a]) => tf.softmax(a!),
  Softplus: ([a]) => tf.log1p(tf.exp(a!)),
  Softsign: ([a]) => tf.div(a!, tf.add(tf.abs(a!), 1)),
  Split: ([axis, a], node) => tf.split(a!, Number(attribute(node, 'num_split')), axisOf(axis!)),
  Sqrt: ([a]) => tf.sqrt(a!),
  Square: ([a]) => tf.square(a!),
  Sub: ([a, b]) => tf.sub(a!, b!),
  Sum: ([a, axes]) => tf.sum(a!, [...axes!.dataSync()], true),
  Tanh: ([a]) => tf.tanh(a!),
  TopKV2: ([a, k]) => tf.topk(a!, axisOf(k!), true).values,
};

/** Parses a SavedModel and runs its signature. */
function runSavedModel(bytes: Uint8Array, inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  const { graphDef, signatureDef } = fromBinary(SavedModelSchema, bytes).metaGraphs[0]!;
  const { inputs: ins, outputs: outs } = signatureDef['serving_default']!;
  const results = new Map<string, tf.Tensor[]>();
  for (const [name, info] of Object.entries(ins))
    results.set((info.encoding.value as string).replace(/:0$/, ''), [inputs[name]!]);
  const find = (reference: string): tf.Tensor => {
    const [name, index = '0'] = reference.split(':');
    return results.get(name!)![Number(index)]!;
  };
  for (const node of graphDef!.node) {
    if (node.op === 'Placeholder') continue;
    const value =
      node.op === 'Const'
        ? constantOf(attribute(node, 'value') as TensorProto)
        : OPS[node.op]!(node.input.map(find), node);
    results.set(node.name, Array.isArray(value) ? value : [value]);
  }
  return Object.fromEntries(Object.entries(outs).map(([name, info]) => [name, find(info.encoding.value as string)]));
}

function randomInput(shape: Shape, batch = 5): tf.Tensor {
  const sizes = [batch, ...shape.slice(1).map((size) => size ?? 3)];
  return tf.tensor(uniformValues(randomKey(7), 0, sizeOf(sizes), -4, 4), sizes);
}

/** Exports a model, runs its graph and compares with the model itself. */
async function expectSame(model: Model): Promise<void> {
  const bytes = await bytesOf(model);
  const x = randomInput(model.inputs[0]!.shape);
  const name = model.nodes.at(-1)!.name;
  const output = runSavedModel(bytes, { [model.inputs[0]!.name]: x })[name]!;
  const expected = model.apply(x);
  expect(output.shape).toEqual(expected.shape);
  expectAllClose(output, expected);
  const { signatureDef } = fromBinary(SavedModelSchema, bytes).metaGraphs[0]!;
  const { dim } = signatureDef['serving_default']!.outputs[name]!.tensorShape!;
  expect(dim.map(({ size }, index) => (size === -1n ? output.shape[index] : Number(size)))).toEqual(output.shape);
}

describe('savedModel', () => {
  it.each<[string, () => Layer[]]>([
    [
      "the course's model",
      () => [
        flatten({ inputShape: [4, 3] }),
        dense(8, { activation: 'relu' }),
        dense(8, { activation: 'relu' }),
        dense(3, { activation: 'softmax' }),
      ],
    ],
    ['an input of its own', () => [input({ shape: [4], name: 'features' }), dense(2)]],
    ['no bias', () => [dense(2, { inputShape: [4], useBias: false })]],
    ['dense on rows of rows', () => [dense(3, { inputShape: [5, 4], activation: 'softmax' }), flatten(), dense(2)]],
    ['dense on any number of rows', () => [dense(3, { inputShape: [null, 4], activation: 'sigmoid' })]],
    ['dropout, which passes its input on', () => [dropout(0.5, { inputShape: [4] }), dense(2), dropout(0.9)]],
    ['nothing but a dropout', () => [dropout(0.5, { inputShape: [4] })]],
    ['an activation of any shape', () => [activation('softplus', { inputShape: [null, 2] })]],
    ['flatten of single numbers', () => [flatten({ inputShape: [] }), dense(2)]],
    [
      'layers with names of their own',
      () => [dense(3, { inputShape: [4], name: 'first.layer-1' }), dense(3, { name: 'First.layer-1' })],
    ],
    [
      'a model in a model',
      () => [
        dense(3, { inputShape: [4] }),
        sequential([dense(5, { inputShape: [3], activation: 'tanh' }), dense(2)], { name: 'inner' }),
        activation('softmax'),
      ],
    ],
  ])('computes what the model computes: %s', async (_, layers) => {
    await expectSame(sequential(layers(), { seed: 3 }));
  });

  describe('activations', () => {
    it('has every activation that a name describes', () => {
      const names = Object.entries(activations)
        .map(([, value]) => activations.activationName(value as activations.Activation))
        .filter((name) => name !== undefined && name !== 'threshold');
      expect(Object.keys(ACTIVATION_NODES).toSorted()).toEqual([...new Set(names)].toSorted());
      expect(Object.keys(ACTIVATION_NODES)).toHaveLength(29);
    });

    it.each(Object.keys(ACTIVATION_NODES))('%s, as a layer and in dense', async (name) => {
      await expectSame(sequential([activation(name, { inputShape: [6] })]));
      await expectSame(sequential([activation(name, { inputShape: [3, 6] })]));
      await expectSame(sequential([dense(8, { inputShape: [6], activation: name })], { seed: 1 }));
    });
  });

  it('has the signature, tag and shapes that servers look for', async () => {
    const model = sequential([
      flatten({ inputShape: [28, 28] }),
      dense(10, { activation: 'softmax', name: 'probabilities' }),
    ]);
    const { savedModelSchemaVersion, metaGraphs } = fromBinary(SavedModelSchema, await bytesOf(model));
    expect([savedModelSchemaVersion, metaGraphs.length]).toEqual([1n, 1]);
    const { metaInfoDef, signatureDef, graphDef } = metaGraphs[0]!;
    expect(metaInfoDef).toMatchObject({ tags: ['serve'], tensorflowVersion: '2.21.0' });
    expect(graphDef!.versions).toMatchObject({ producer: 2474, minConsumer: 12 });
    expect(Object.keys(signatureDef)).toEqual(['serving_default']);
    expect(signatureDef['serving_default']).toMatchObject({
      methodName: 'tensorflow/serving/predict',
      inputs: {
        input: {
          dtype: 1,
          encoding: { case: 'name', value: 'serving_default_input:0' },
          tensorShape: { dim: [{ size: -1n }, { size: 28n }, { size: 28n }] },
        },
      },
      outputs: {
        probabilities: {
          dtype: 1,
          encoding: { case: 'name', value: 'Identity:0' },
          tensorShape: { dim: [{ size: -1n }, { size: 10n }] },
        },
      },
    });
    expect(graphDef!.node.map(({ name, op }) => `${name} ${op}`)).toEqual([
      'serving_default_input Placeholder',
      'flatten/Const Const',
      'flatten/Reshape Reshape',
      'probabilities/kernel Const',
      'probabilities/MatMul MatMul',
      'probabilities/bias Const',
      'probabilities/BiasAdd BiasAdd',
      'probabilities/Softmax Softmax',
      'Identity Identity',
    ]);
  });

  it('takes whole numbers in', async () => {
    const model = sequential([input({ shape: [3], dtype: 'int32' }), dense(2)], { seed: 1 });
    const x = tf.tensor2d([[1, 2, 3]], [1, 3], 'int32');
    const { dense: output } = runSavedModel(await bytesOf(model), { input: x });
    expectAllClose(output!, model.apply(x));
  });

  it('gives the same bytes for the same weights, and copies no weight', async () => {
    const model = sequential([dense(3, { inputShape: [4] })], { seed: 5 });
    expect(await bytesOf(model)).toEqual(await bytesOf(model));
    const { pieces } = (await savedModel.export(model))[0]!;
    const weights = await model.getWeights();
    expect(pieces.filter((piece) => piece.length === weights['dense/kernel']!.values.byteLength)).toHaveLength(1);
  });

  it('keeps no tensors', async () => {
    const model = sequential([dense(3, { inputShape: [4], activation: 'gelu' })]);
    await savedModel.export(model);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) await savedModel.export(model);
    expect(tf.memory().numTensors).toBe(before);
  });

  const custom: Layer = {
    type: 'Doubling',
    trainable: true,
    build: ([shape]) => ({ outputShape: shape!, weights: [] }),
    call: (_, [x]) => tf.mul(x!, 2),
    toConfig: () => ({ type: 'Doubling', config: {} }),
  };

  it.each<[string, () => Model, string, string]>([
    [
      'an activation of one’s own in dense',
      () => sequential([dense(2, { inputShape: [3], name: 'own', activation: (x) => tf.square(x) })]),
      'GS_EXPORT_ACTIVATION',
      '"own"',
    ],
    [
      'an activation of one’s own as a layer',
      () => sequential([activation((x) => tf.square(x), { inputShape: [3] })]),
      'GS_EXPORT_ACTIVATION',
      '"activation"',
    ],
    [
      'a library’s activation with other options',
      () => sequential([activation((x) => activations.leakyRelu(x, { negativeSlope: 0.5 }), { inputShape: [3] })]),
      'GS_EXPORT_ACTIVATION',
      '"activation"',
    ],
    [
      'sparsemax over a size that is not known',
      () => sequential([activation('sparsemax', { inputShape: [null] })]),
      'GS_EXPORT_ACTIVATION',
      'sparsemax',
    ],
    [
      'a layer of one’s own',
      () => sequential([dense(2, { inputShape: [3] }), custom]),
      'GS_EXPORT_LAYER',
      '"doubling"',
    ],
    [
      'a layer of one’s own inside a model',
      () => sequential([dense(2, { inputShape: [3] }), sequential([input({ shape: [2] }), custom], { name: 'inner' })]),
      'GS_EXPORT_LAYER',
      '"inner/doubling"',
    ],
    [
      'more weights than a file can hold',
      () => sequential([dense(30_000, { inputShape: [20_000] })]),
      'GS_EXPORT_SIZE',
      '2.40 GB',
    ],
  ])('refuses %s', async (_, model, code, part) => {
    const error = await savedModel.export(model()).catch((reason: GradstreamError) => reason);
    expect(error).toMatchObject({ code });
    expect((error as GradstreamError).message).toContain(part);
  });
});

// A process of the contract test: chooses a backend, and does on it what it is asked for as JSON. The last line that it writes says what came of it.
import { cpuBackend, fallbackCounts, useBackend } from '@gradstream/backends';
import { tensorflowBackend } from '@gradstream/backends/node';
import { dense, dropout, sequential } from '@gradstream/layers';
import { compile } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';

const { role = 'choose', device } = JSON.parse(process.argv[2] ?? '{}');
const plugins = [tensorflowBackend(device === undefined ? {} : { device }), cpuBackend()];

const values = async (tensor) => {
  const read = [...(await tensor.data())];
  tensor.dispose();
  return read;
};
const product = () => tf.tidy(() => tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])));
/** What something that fails says, and how many tensors it leaves. */
async function failure(work) {
  const before = tf.memory().numTensors;
  const { code, message } = await Promise.resolve()
    .then(work)
    .then(() => ({ message: 'nothing failed' }))
    .catch((error) => error);
  return { code, message, left: tf.memory().numTensors - before };
}
const tell = (what) => (process.env.TF_STUB_FAIL = what);

/** A small classifier, and a batch that it learns from. */
function classifier() {
  const layers = [
    dense(16, { activation: 'relu', inputShape: [8] }),
    dropout(0.1),
    dense(3, { activation: 'softmax' }),
  ];
  const model = sequential(layers, { seed: 7 });
  const trainer = compile(model, { optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  const x = {
    dtype: 'float32',
    shape: [64, 8],
    values: Float32Array.from({ length: 512 }, (_, at) => Math.sin(1.7 * at)),
  };
  const y = {
    dtype: 'int32',
    shape: [64],
    values: Int32Array.from({ length: 64 }, (_, row) => 1 + Math.sign(Math.round(x.values[8 * row]))),
  };
  const dispose = () => (trainer.dispose(), model.dispose());
  return { step: () => trainer.trainOnBatch({ x, y }), dispose };
}

/** The losses of some steps, and the tensors that are alive after each of them. */
async function train(steps) {
  const { step, dispose } = classifier();
  const losses = [];
  const tensors = [];
  for (let index = 0; index < steps; index++) {
    losses.push((await step()).loss);
    tensors.push(tf.memory().numTensors);
    if (tf.getBackend() === 'tensorflow') tf.backend().binding.executeOp('StubReport', [], [], 0);
  }
  dispose();
  return { losses, tensors, left: tf.memory().numTensors };
}

const roles = {
  choose: async () => ({ product: await values(product()) }),
  /** The same training on TensorFlow's side and on the cpu backend. */
  train: async () => {
    const ours = await train(40);
    const served = fallbackCounts('tensorflow');
    await useBackend({ backend: 'cpu', plugins });
    return { ours, cpu: await train(40), served };
  },
  /** Operations that fail, and the same ones again. */
  fail: async () => {
    const { step, dispose } = classifier();
    await step();
    tell('BatchMatMulV2=8=OOM when allocating tensor with shape[2,2]');
    const memory = await failure(product);
    const training = await failure(step);
    tell('BatchMatMulV2=13=cuBLAS does not start');
    const kernel = await failure(product);
    tell('CopyToDevice=8=OOM when copying');
    const copy = await failure(product);
    tell('');
    // tfjs checks the shapes itself: past that.
    const misfit = { a: tf.ones([2, 3]), b: tf.ones([2, 3]) };
    const wrong = await failure(() =>
      tf.engine().runKernel('BatchMatMul', misfit, { transposeA: false, transposeB: false }),
    );
    tf.dispose(misfit);
    const again = await values(product());
    const { loss } = await step();
    const sine = await values(tf.tidy(() => tf.sin(tf.tensor1d([0]))));
    dispose();
    return { memory, training, kernel, copy, wrong, again, loss, sine, served: fallbackCounts('tensorflow') };
  },
};

const { name, detail, rejected } = await useBackend({ plugins });
const did = await roles[role]();
console.log(JSON.stringify({ name, detail, rejected, version: process.versions.node, ...did }));

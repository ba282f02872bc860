import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { activation } from '@gradstream/activations';
import { useBackend } from '@gradstream/backends';
import { earlyStopping } from '@gradstream/callbacks';
import { isGradstreamError, type GradstreamError, type HostArray } from '@gradstream/core';
import { fromArrays, parseIdx, syntheticDigits, type Example } from '@gradstream/datasets';
import { mnist } from '@gradstream/datasets/node';
import { loadWeights } from '@gradstream/exporters/node';
import { readSafetensors } from '@gradstream/formats/safetensors';
import { dense, dropout, sequential, type Model } from '@gradstream/layers';
import { adam } from '@gradstream/optimizers';
import { compile, type LossOptions } from '@gradstream/trainer';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let folder = '';
beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'gradstream-malformed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const floats = (shape: number[], fill: (index: number) => number = () => 0.5): HostArray<'float32'> => ({
  dtype: 'float32',
  shape,
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) => fill(index)),
});
const ints = (values: number[]): HostArray<'int32'> => ({
  dtype: 'int32',
  shape: [values.length],
  values: Int32Array.from(values),
});
const model = (units = 3): Model => sequential([dense(units, { activation: 'softmax', inputShape: [4] })], { seed: 1 });
const fit = (example: Example, options: Partial<LossOptions> = {}, net = model()): Promise<unknown> =>
  compile(net, { loss: 'sparseCategoricalCrossentropy', ...options }).fit(
    fromArrays(example as never).batch(4) as never,
  );
const idx = (header: number[], bytes: number): Uint8Array => Uint8Array.of(...header, ...new Uint8Array(bytes));
const images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28];
const file = async (name: string, bytes: Uint8Array | string): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
const safetensors = (header: string, bytes = 0): Uint8Array => {
  const text = new TextEncoder().encode(header);
  const out = new Uint8Array(8 + text.length + bytes);
  new DataView(out.buffer).setBigUint64(0, BigInt(text.length), true);
  out.set(text, 8);
  return out;
};

/** What was given, the code of the error, and how to get it. */
const table: [string, string, () => unknown][] = [
  // Files
  ['an IDX file with another magic number', 'GS_IDX_MAGIC', () => parseIdx(idx([1, 2, 3, 4], 20))],
  ['a truncated IDX file', 'GS_IDX_TRUNCATED', () => parseIdx(idx(images, 100))],
  ['an IDX file with more bytes than it says', 'GS_IDX_TRAILING', () => parseIdx(idx(images, 2 * 784 + 1))],
  ['an IDX file that claims a terabyte', 'GS_IDX_SIZE', () => parseIdx(idx([0, 0, 8, 2, 0, 16, 0, 0, 0, 16, 0, 0], 0))],
  [
    'an IDX file of other images',
    'GS_IDX_SHAPE',
    () => parseIdx(idx(images, 2 * 784), { expectedShape: [null, 32, 32] }),
  ],
  ['a damaged gzip file', 'GS_IDX_GZIP', () => parseIdx(gzipSync(idx(images, 2 * 784)).subarray(0, 40))],
  ['a folder of MNIST that is not there', 'GS_DATASET_UNAVAILABLE', () => mnist({ folder: join(folder, 'nowhere') })],
  [
    'a safetensors file whose header is longer than the file',
    'GS_SAFETENSORS_TRUNCATED',
    () => readSafetensors(safetensors('{}').subarray(0, 9)),
  ],
  [
    'safetensors whose tensors overlap',
    'GS_SAFETENSORS_OFFSETS',
    () =>
      readSafetensors(
        safetensors(
          '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
          4,
        ),
      ),
  ],
  [
    'weights of another model',
    'GS_EXPORT_WEIGHTS',
    async () =>
      loadWeights(
        model(),
        await file('other.safetensors', safetensors('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4)),
      ),
  ],

  // Options and names
  ['a misspelt option of a layer', 'GS_OPTION_UNKNOWN', () => dense(3, { activaton: 'relu' } as never)],
  [
    'a misspelt option of fit',
    'GS_OPTION_UNKNOWN',
    () =>
      compile(model(), { loss: 'mse' }).fit(fromArrays({ x: floats([4, 4]) }).batch(2) as never, { epoch: 3 } as never),
  ],
  ['a misspelt option of an optimizer', 'GS_OPTION_UNKNOWN', () => adam({ lr: 0.1 } as never)],
  ['an unknown activation', 'GS_ACTIVATION_UNKNOWN', () => activation('rleu')],
  ['an unknown optimizer', 'GS_OPTIMIZER_UNKNOWN', () => compile(model(), { loss: 'mse', optimizer: 'adamm' })],
  ['an unknown loss', 'GS_LOSS_UNKNOWN', () => compile(model(), { loss: 'mean_square_error' })],
  ['a missing loss', 'GS_LOSS_MISSING', () => compile(model(), {} as never)],
  ['an unknown metric', 'GS_METRIC_UNKNOWN', () => compile(model(), { loss: 'mse', metrics: ['acuracy'] })],
  ['an unknown backend', 'GS_BACKEND_UNKNOWN', () => useBackend('wasmm')],
  ['a dropout rate of 150 %', 'GS_OPTION_VALUE', () => dropout(1.5)],
  [
    'no epochs',
    'GS_OPTION_VALUE',
    () => compile(model(), { loss: 'mse' }).fit(fromArrays({ x: floats([4, 4]) }).batch(2) as never, { epochs: 0 }),
  ],
  ['a negative learning rate', 'GS_OPTION_VALUE', () => adam({ learningRate: -1 })],
  ['a negative patience', 'GS_OPTION_VALUE', () => earlyStopping({ patience: -1 })],
  ['a seed that is no integer', 'GS_OPTION_VALUE', () => syntheticDigits({ seed: 0.5 })],
  [
    'callbacks that were not called',
    'GS_TRAIN_CALLBACK',
    () =>
      compile(model(), { loss: 'mse' }).fit(fromArrays({ x: floats([4, 4]) }).batch(2) as never, {
        callbacks: [{}] as never,
      }),
  ],

  // Shapes and numbers
  ['a first layer without an input shape', 'GS_MODEL_INPUT_SHAPE', () => sequential([dense(3)])],
  ['inputs of another width', 'GS_TRAIN_INPUT', () => fit({ x: floats([4, 5]), y: ints([0, 1, 2, 0]) })],
  ['fewer targets than inputs', 'GS_DATASET_LENGTH', () => fit({ x: floats([4, 4]), y: ints([0, 1, 2]) })],
  ['data without targets', 'GS_TRAIN_TARGETS', () => fit({ x: floats([4, 4]) })],
  ['a label outside the classes', 'GS_LOSS_LABEL', () => fit({ x: floats([4, 4]), y: ints([0, 1, 7, 0]) })],
  ['a negative label', 'GS_LOSS_LABEL', () => fit({ x: floats([4, 4]), y: ints([0, 1, -1, 0]) })],
  [
    '[n, 1] against [n, 3] in a mean squared error',
    'GS_LOSS_SHAPE',
    () => fit({ x: floats([4, 4]), y: floats([4, 1]) }, { loss: 'meanSquaredError' }),
  ],
  [
    'class numbers for a categorical cross-entropy',
    'GS_LOSS_SHAPE',
    () => fit({ x: floats([4, 4]), y: ints([0, 1, 2, 0]) }, { loss: 'categoricalCrossentropy' }),
  ],
  [
    'an empty dataset',
    'GS_TRAIN_EMPTY',
    () => compile(model(), { loss: 'mse' }).fit({ async *[Symbol.asyncIterator]() {} } as never),
  ],
  [
    'a batch that is a plain list',
    'GS_TRAIN_DATA',
    () =>
      compile(model(), { loss: 'mse' }).fit({
        async *[Symbol.asyncIterator]() {
          yield [1, 2];
        },
      } as never),
  ],
  ['an array that is no dataset', 'GS_TRAIN_DATA', () => compile(model(), { loss: 'mse' }).fit([1, 2, 3] as never)],
  ['a monitored value that nobody will log', 'GS_CALLBACK_MONITOR', () => monitorNothing()],
];

/** A callback's mistake ends the run where it is critical; otherwise it is reported. */
async function monitorNothing(): Promise<void> {
  const stopping = Object.assign(earlyStopping({ monitor: 'val_los', mode: 'min' }), { critical: true });
  await compile(model(), { loss: 'sparseCategoricalCrossentropy' }).fit(
    fromArrays({ x: floats([4, 4]), y: ints([0, 1, 2, 0]) }).batch(4) as never,
    { callbacks: [stopping] },
  );
}

describe('malformed input', () => {
  it.each(table)('%s: %s', async (_, code, give) => {
    const error = await Promise.resolve()
      .then(give)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(isGradstreamError(error), String(error)).toBe(true);
    const { code: received, where, expected, received: got, next, message } = error as GradstreamError;
    expect(received, message).toBe(code);
    for (const beat of [where, expected, got, next]) expect(beat.length).toBeGreaterThan(0);
    expect(message).toContain(`Expected ${expected}; received ${got}`);
    expect(message).toContain(next);
  });
});

import { randomKey, uniformValues, type GradstreamError, type HostArray } from '@gradstream/core';
import { writeSafetensors } from '@gradstream/formats/safetensors';
import { dense, sequential, type Model } from '@gradstream/layers';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { importWeights } from './import-weights.js';
import { safetensors } from './safetensors.js';

beforeAll(() => tf.setBackend('cpu'));

const model = (seed: number, units = 4): Model =>
  sequential([dense(units, { inputShape: [3] }), dense(2, { useBias: false })], { seed, name: 'net' });

async function bytesOf(of: Model): Promise<Uint8Array> {
  const [file, ...more] = await safetensors.export(of);
  expect([file!.name, more]).toEqual(['model.safetensors', []]);
  return Uint8Array.from(file!.pieces.flatMap((piece) => [...piece]));
}

const f32 = (shape: number[]): HostArray => ({
  dtype: 'float32',
  shape,
  values: new Float32Array(shape.reduce((a, b) => a * b, 1)),
});

/** A file of the model's weights with some changed: undefined leaves one out. */
function fileWith(changes: Record<string, HostArray | undefined>): Uint8Array {
  const all = { 'dense/kernel': f32([3, 4]), 'dense/bias': f32([4]), 'dense_1/kernel': f32([4, 2]), ...changes };
  return writeSafetensors(Object.entries(all).filter((entry): entry is [string, HostArray] => entry[1] !== undefined));
}

describe('safetensors', () => {
  it('takes weights from one model to another, exact to the bit', async () => {
    const [from, to] = [model(1), model(2)];
    from.weights[0]!.variable.assign(tf.tensor(uniformValues(randomKey(1), 0, 12), [3, 4]));
    const file = await bytesOf(from);
    importWeights(to, file);
    expect(await to.getWeights()).toEqual(await from.getWeights());
    expect(await bytesOf(to)).toEqual(file);
    const x = tf.ones([5, 3]);
    expect(to.apply(x).dataSync()).toEqual(from.apply(x).dataSync());
  });

  it('keeps no tensors', async () => {
    const net = model(1);
    importWeights(net, await bytesOf(net));
    const before = tf.memory().numTensors;
    for (let i = 0; i < 5; i++) importWeights(net, await bytesOf(net));
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, Uint8Array, string]>([
    ['a missing weight', fileWith({ 'dense/bias': undefined }), '1 difference: dense/bias is missing'],
    ['a weight too many', fileWith({ 'dense_1/bias': f32([2]) }), '1 difference: "dense_1/bias" is not in the model'],
    [
      'another shape',
      fileWith({ 'dense/kernel': f32([4, 3]) }),
      '1 difference: dense/kernel is F32 [4, 3] instead of F32 [3, 4]',
    ],
    ['another rank', fileWith({ 'dense/bias': f32([4, 1]) }), 'dense/bias is F32 [4, 1] instead of F32 [4]'],
    [
      'another dtype',
      fileWith({ 'dense/bias': { dtype: 'int32', shape: [4], values: new Int32Array(4) } }),
      'dense/bias is I32 [4] instead of F32 [4]',
    ],
    [
      'all at once',
      fileWith({ 'dense/bias': undefined, 'dense/kernel': f32([1]), other: f32([1]) }),
      '3 differences: dense/kernel is F32 [1] instead of F32 [3, 4], dense/bias is missing, "other" is not in the model',
    ],
    [
      'a name of Object.prototype',
      fileWith({ 'dense/bias': undefined, constructor: f32([4]) }),
      '"constructor" is not in the model',
    ],
    [
      'very many',
      fileWith(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`w${i}`, f32([1])]))),
      'and 28 more',
    ],
  ])('lists the differences and changes nothing: %s', async (_, file, text) => {
    const net = model(1);
    const before = await net.getWeights();
    const work = (): void => importWeights(net, file);
    expect(work).toThrow(expect.objectContaining({ code: 'GS_EXPORT_WEIGHTS' }));
    expect(errorOf(work).received).toContain(text);
    expect(await net.getWeights()).toEqual(before);
  });

  it('passes on what is wrong with the file', () => {
    expect(() => importWeights(model(1), new Uint8Array(3))).toThrow(
      expect.objectContaining({ code: 'GS_SAFETENSORS_TRUNCATED' }),
    );
  });
});

function errorOf(work: () => void): GradstreamError {
  try {
    work();
  } catch (error) {
    return error as GradstreamError;
  }
  throw new Error('Nothing was thrown');
}

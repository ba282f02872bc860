import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromKerasJson, toKerasJson } from '@gradstream/layers';
import * as tf from '@tensorflow/tfjs-core';
import { batchFor } from '../zoo/batch-for.mjs';
import { graphs } from '../zoo/graphs.mjs';

const base64 = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).toString('base64');
const described = ({ shape, dtype, values }) => ({ shape, dtype, values: base64(values) });
const tensorOf = ({ shape, dtype, values }) => tf.tensor(values, shape, dtype);

/** Writes every model of the zoo as Keras' JSON, with weights, a batch, and what the model gives for it. */
export async function produceGraphs(folder) {
  const written = [];
  for (const [name, make] of Object.entries(graphs)) {
    const [net, losses] = make(7);
    const { x } = batchFor(net, losses);
    const inputs = net.inputs.map((input) => x[input.name]);
    const outputs = net.applyAll(inputs.map(tensorOf));
    const weights = Object.entries(await net.getWeights()).map(([path, array]) => [path, described(array)]);
    written.push({
      name,
      json: toKerasJson(net),
      weights,
      inputs: inputs.map(described),
      outputs: outputs.map((output) => described({ shape: output.shape, dtype: 'float32', values: output.dataSync() })),
    });
    net.dispose();
  }
  writeFileSync(join(folder, 'graphs.json'), JSON.stringify(written));
}

/** Reads the JSON and weights that Keras wrote for the same models, and compares their outputs: a check for each. */
export function readGraphsBack(folder) {
  const written = JSON.parse(readFileSync(join(folder, 'graphs.json'), 'utf8'));
  const theirs = JSON.parse(readFileSync(join(folder, 'keras-graphs.json'), 'utf8'));
  return written.map(({ name, inputs, outputs }) => {
    const check = { reader: 'gradstream', subject: `Keras' definition of ${name}` };
    try {
      const { json, weights } = theirs[name];
      const net = fromKerasJson(json, { seed: 1 });
      net.setWeights(Object.fromEntries(weights.map(([path, array]) => [path, hostArray(array)])));
      const results = net.applyAll(inputs.map((input) => tensorOf(hostArray(input))));
      const worst = Math.max(...results.map((result, index) => difference(result, hostArray(outputs[index]))));
      net.dispose();
      return { ...check, ok: worst <= 1e-5, seen: `largest difference ${worst.toExponential(1)}` };
    } catch (error) {
      return { ...check, ok: false, seen: error.message };
    }
  });
}

function hostArray({ shape, dtype, values }) {
  const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
  return { shape, dtype, values: dtype === 'int32' ? new Int32Array(bytes.buffer) : new Float32Array(bytes.buffer) };
}

function difference(result, { shape, values }) {
  if (result.shape.join() !== shape.join()) return Number.POSITIVE_INFINITY;
  return result
    .dataSync()
    .reduce(
      (worst, value, index) => Math.max(worst, Math.abs(value - values[index]) / Math.max(1, Math.abs(values[index]))),
      0,
    );
}

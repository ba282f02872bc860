// Which device the adapter takes, and what it says where it takes none.
import assert from 'node:assert/strict';
import { buildEmptyLibraries } from '../stub/build-stub.mjs';
import { expectRefused } from './installation.mjs';

/** What TensorFlow 2.9.1 loads when it looks for a GPU. */
const LIBRARIES = [
  'libcuda.so.1',
  'libcudart.so.11.0',
  'libcublas.so.11',
  'libcublasLt.so.11',
  'libcufft.so.10',
  'libcurand.so.10',
  'libcusolver.so.11',
  'libcusparse.so.11',
  'libcudnn.so.8',
];

/** Whether this machine has a library of its own. */
function isHere(name) {
  try {
    process.dlopen({ exports: {} }, name);
    return true;
  } catch (error) {
    return error.message.includes('self-register');
  }
}

/** The reason where these libraries are missing. */
function reasonWithout(names) {
  const missing = names.filter((name) => !isHere(name)).map((name) => name.replaceAll('.', '\\.'));
  if (missing.length === 0) return /^tfjs-node-gpu computes on the CPU: TensorFlow 2\.9\.1-stub finds no GPU/;
  return new RegExp(`^tfjs-node-gpu computes on the CPU: ${missing.join(', ')} (is|are) missing$`);
}

/** With a GPU, without one, and with each value of `device`. */
export function checkSelection(say, empty) {
  const gpu = say({ device: 'gpu' }, { env: { TF_STUB_GPU: '1' } });
  assert.equal(gpu.detail, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1-stub, GPU');
  assert.ok(gpu.report.at(-1).copies.GPU > 0, 'tensors are brought to the GPU');
  assert.equal(gpu.report.at(-1).copies.CPU, undefined);

  expectRefused(say({}), reasonWithout(LIBRARIES), /./);
  expectRefused(say({ device: 'gpu' }), reasonWithout(LIBRARIES), /./);
  buildEmptyLibraries(empty, LIBRARIES.slice(0, -1));
  const env = { LD_LIBRARY_PATH: empty };
  expectRefused(say({}, { env }), reasonWithout(['libcudnn.so.8']), /cuDNN 8\.1|nvidia-smi/);
  buildEmptyLibraries(empty, LIBRARIES);
  expectRefused(say({}, { env }), reasonWithout([]), /^Check nvidia-smi and CUDA_VISIBLE_DEVICES/);

  const any = say({ device: 'any' });
  assert.equal(any.detail, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1-stub, CPU');
  assert.deepEqual(any.product, [11]);
  assert.ok(any.report.at(-1).copies.CPU > 0);
  console.log("with a GPU: taken; without: refused with the reason, and taken where { device: 'any' } says so");
}

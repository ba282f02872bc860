// The adapter on the TensorFlow that pip installed (PYTHON names the Python): the real tfjs-node, the real tfjs-node-gpu without a GPU and with what it takes for one, and the digits network trained
// on TensorFlow's CPU device beside wasm-simd.
import assert from 'node:assert/strict';
import { cpSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.mjs';
import { buildBinding, compile } from './build-binding.mjs';
import { bundleProgram } from './bundle-program.mjs';
import { compareHeaders } from './compare-headers.mjs';
import { fetchPackage } from './fetch-package.mjs';
import { findTensorflow } from './pip-tensorflow.mjs';
import { nodes, scratch, VERSION } from './places.mjs';
import { buildEmptyLibraries } from './stub/build-stub.mjs';

const folder = scratch('tensorflow');
const gpuFolder = scratch('tensorflow-gpu');
const env = { TF_CPP_MIN_LOG_LEVEL: '3' };
const say = (role, { at = folder, env: more, ...options } = {}) =>
  ask(join(at, 'program.mjs'), role, { ...options, env: { ...env, ...more } });

/** Checks all of it, and says so line by line. Gives the reason where there is no such TensorFlow, or npm cannot fetch the packages. */
export async function checkReal() {
  const tensorflow = findTensorflow();
  if (tensorflow.reason !== undefined) return tensorflow;
  const cpu = fetchPackage(folder, '@tensorflow/tfjs-node', VERSION);
  if (cpu.reason !== undefined) return cpu;
  const gpu = fetchPackage(gpuFolder, '@tensorflow/tfjs-node-gpu', VERSION);
  if (gpu.reason !== undefined) return gpu;
  console.log(`the declarations of the stand-in are TensorFlow's: ${compareHeaders(tensorflow.include)}`);
  await bundleProgram('training-program.mjs', join(folder, 'program.mjs'));
  checkCpu(cpu.folder, tensorflow);
  checkGpu(cpu.folder, gpu.folder);
  checkTraining();
  return {};
}

/** tfjs-node before the addon and the library are there, and on each Node. */
function checkCpu(packageFolder, tensorflow) {
  rmSync(join(packageFolder, 'lib'), { recursive: true, force: true });
  assert.match(say('choose').reason, /^The native addon of tfjs-node is not there/);
  const start = performance.now();
  const { libraries } = buildBinding(packageFolder, tensorflow);
  console.log(`the addon is built on pip's TensorFlow in ${((performance.now() - start) / 1000).toFixed(1)} s`);

  const [library] = libraries;
  renameSync(library, `${library}.away`);
  assert.equal(say('choose').reason, 'tfjs-node cannot be loaded: libtensorflow_cc.so.2 is missing');
  renameSync(`${library}.away`, library);
  for (const node of nodes) {
    const { detail, version } = say('choose', { node });
    assert.match(detail, /^tfjs-node 4\.22\.0, TensorFlow \d+\.\d+\.\d+, CPU$/);
    console.log(`node ${version}: ${detail}`);
  }
}

/** The package for GPUs has the same addon. Without a GPU it computes on the CPU in silence; with a library in front of TensorFlow's that calls the processor a GPU it takes that for one. */
function checkGpu(cpuPackage, gpuPackage) {
  for (const part of ['lib', 'deps']) {
    rmSync(join(gpuPackage, part), { recursive: true, force: true });
    cpSync(join(cpuPackage, part), join(gpuPackage, part), { recursive: true, verbatimSymlinks: true });
  }
  cpSync(join(folder, 'program.mjs'), join(gpuFolder, 'program.mjs'));
  assert.match(say('choose', { at: gpuFolder }).reason, /^tfjs-node-gpu computes on the CPU: \S/);
  const gpu = pretend('gpu', 'extern "C" const char* TF_DeviceListType() { return "GPU"; }');
  for (const node of nodes) {
    const { detail, version } = say('choose', { node, at: gpuFolder, env: { LD_PRELOAD: gpu } });
    assert.match(detail, /^tfjs-node-gpu 4\.22\.0, TensorFlow \d+\.\d+\.\d+, GPU$/);
    console.log(`node ${version}: ${detail}, where a GPU is made believe`);
  }
  const noContext = pretend('no-context', 'extern "C" void* TFE_NewContext() { return nullptr; }');
  const driver = join(gpuFolder, 'driver');
  buildEmptyLibraries(driver, ['libcuda.so.1']);
  const { reason } = say('choose', { at: gpuFolder, env: { LD_PRELOAD: noContext, LD_LIBRARY_PATH: driver } });
  assert.match(reason, /^tfjs-node-gpu ends a process that loads it, with SIGSEGV/);
  console.log(`without a context: ${reason}`);
}

/** Builds a library that is put in front of TensorFlow's. */
function pretend(name, source) {
  const file = join(gpuFolder, `${name}.cc`);
  writeFileSync(file, source);
  compile(['-shared', '-fPIC', file, '-o', join(gpuFolder, `${name}.so`)]);
  return join(gpuFolder, `${name}.so`);
}

function checkTraining() {
  for (const role of ['tensorflow', 'wasm-simd']) {
    const { data, detail, seconds, steps, losses, accuracy, tensors } = say(role);
    assert.ok(accuracy > 0.93, `accuracy ${accuracy}`);
    assert.equal(tensors, 0);
    console.log(
      `${role} (${detail}): ${data}, ${steps} steps of 128, ${((1000 * seconds) / steps).toFixed(2)} ms a step, loss ${losses[0].toFixed(3)} to ${losses.at(-1).toFixed(3)}, test accuracy ${accuracy.toFixed(4)}`,
    );
  }
}

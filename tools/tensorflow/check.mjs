// `npm run tensorflow`: the adapter on the real @tensorflow/tfjs-node, whose addon is built on the TensorFlow that pip installed (PYTHON names the Python): what it says before the addon and the
// library are there, the real @tensorflow/tfjs-node-gpu without a GPU and with what it takes for one, and the MNIST network trained on TensorFlow's CPU device beside wasm-simd. Skipped where there is no such TensorFlow. npm fetches tfjs-node without its install script.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildBinding, findTensorflow } from './build-binding.mjs';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'node_modules/.cache/tensorflow');
const packageFolder = join(folder, 'node_modules/@tensorflow/tfjs-node');
const gpuFolder = join(root, 'node_modules/.cache/tensorflow-gpu');
const newerNode = join(root, `tools/newer-node/node_modules/node-${process.platform}-${process.arch}/bin/node`);

const skip = (reason) => {
  console.log(`skipped: ${reason}.`);
  process.exit(0);
};

if (process.platform !== 'linux') skip('pip has TensorFlow as a C library on Linux only');
const tensorflow = findTensorflow();
if ('reason' in tensorflow) skip(tensorflow.reason);
if (spawnSync(process.env.CXX ?? 'g++', ['--version']).error) skip('there is no g++');

/** The package in a folder of its own, as npm has it without its install script. */
function fetchPackage(into, name) {
  if (existsSync(join(into, 'node_modules', name, 'package.json'))) return;
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--workspaces=false'];
  const { status, stderr } = spawnSync('npm', [...install, `${name}@4.22.0`], { cwd: into, encoding: 'utf8' });
  if (status !== 0) skip(`npm cannot fetch ${name}: ${stderr.split('\n')[0]}`);
}
fetchPackage(folder, '@tensorflow/tfjs-node');
fetchPackage(gpuFolder, '@tensorflow/tfjs-node-gpu');

await build({
  entryPoints: [join(import.meta.dirname, 'program.mjs')],
  outfile: join(folder, 'program.mjs'),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  conditions: ['@gradstream/source'],
  external: ['@tensorflow/*', '@gradstream/backend-cuda', 'webgpu', 'koffi'],
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  logLevel: 'error',
});

/** What a process says that asks for the backend, or trains on it. */
function ask(role, { node = process.execPath, at = folder, env = {} } = {}) {
  const { stdout, stderr, status } = spawnSync(node, [join(at, 'program.mjs'), role], {
    encoding: 'utf8',
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', ...env },
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

rmSync(join(packageFolder, 'lib'), { recursive: true, force: true });
assert.match(ask('choose').reason, /^The native addon of tfjs-node is not there/);

const start = performance.now();
const { libraries } = buildBinding(packageFolder, tensorflow.folder);
console.log(`the addon is built in ${((performance.now() - start) / 1000).toFixed(1)} s`);

const library = join(libraries, 'libtensorflow_cc.so.2');
renameSync(library, `${library}.away`);
assert.equal(ask('choose').reason, 'tfjs-node cannot be loaded: libtensorflow_cc.so.2 is missing');
renameSync(`${library}.away`, library);

const nodes = [process.execPath, newerNode].filter(existsSync);
for (const node of nodes) {
  const { detail, version } = ask('choose', { node });
  assert.match(detail, /^tfjs-node 4\.22\.0, TensorFlow \d+\.\d+\.\d+, CPU$/);
  console.log(`node ${version}: ${detail}`);
}
// The package for GPUs has the same addon. Without a GPU it computes on the CPU in silence; with a library in front of TensorFlow's that calls the processor a GPU it takes that for one.
for (const part of ['lib', 'deps'])
  cpSync(join(packageFolder, part), join(gpuFolder, 'node_modules/@tensorflow/tfjs-node-gpu', part), {
    recursive: true,
    verbatimSymlinks: true,
  });
cpSync(join(folder, 'program.mjs'), join(gpuFolder, 'program.mjs'));
assert.match(ask('choose', { at: gpuFolder }).reason, /^tfjs-node-gpu computes on the CPU: \S/);
const pretence = join(gpuFolder, 'pretence.so');
writeFileSync(join(gpuFolder, 'pretence.c'), 'const char* TF_DeviceListType() { return "GPU"; }\n');
assert.equal(spawnSync('gcc', ['-shared', '-fPIC', '-o', pretence, join(gpuFolder, 'pretence.c')]).status, 0);
for (const node of nodes) {
  const { detail, version } = ask('choose', { node, at: gpuFolder, env: { LD_PRELOAD: pretence } });
  assert.match(detail, /^tfjs-node-gpu 4\.22\.0, TensorFlow \d+\.\d+\.\d+, GPU$/);
  console.log(`node ${version}: ${detail}, where a GPU is made believe`);
}
for (const role of ['tensorflow', 'wasm-simd']) {
  const { data, detail, seconds, steps, losses, accuracy, tensors } = ask(role);
  assert.ok(accuracy > 0.93, `accuracy ${accuracy}`);
  assert.equal(tensors, 0);
  console.log(
    `${role} (${detail}): ${data}, ${steps} steps of 128, ${((1000 * seconds) / steps).toFixed(2)} ms a step, loss ${losses[0].toFixed(3)} to ${losses.at(-1).toFixed(3)}, test accuracy ${accuracy.toFixed(4)}`,
  );
}

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { bundleSource, cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const GPU = '@tensorflow/tfjs-node-gpu';
const CPU = '@tensorflow/tfjs-node';

/** Chooses a backend and writes what came of it, and what of the process has changed. */
const PROGRAM = `
import util from 'node:util';
import { cpuBackend, doctor, useBackend } from '@gradstream/backends';
import { tensorflowBackend } from '@gradstream/backends/node';
import * as tf from '@tensorflow/tfjs-core';

const { device, removed } = JSON.parse(process.argv[2]);
if (removed) for (const name of ['isNullOrUndefined', 'isArray']) delete util[name];
const warnings = [];
console.warn = (text) => warnings.push(text);
const ours = () => ({});
tf.registerGradient({ kernelName: 'BatchMatMul', gradFunc: ours });
const plugins = [tensorflowBackend(device ? { device } : {}), cpuBackend()];
const choice = await useBackend({ plugins });
const x = tf.tensor2d([1, 2, 3, 4, 5, 6], [1, 6]);
const y = tf.tensor2d([1, 1, 1], [3, 1]);
// The same data in another shape, as gradstream's own code makes it, twice.
const view = tf.engine().makeTensorFromTensorInfo({ dataId: x.dataId, shape: [2, 3], dtype: 'float32' });
tf.engine().backend.incRef(x.dataId);
const products = [view, view].map((one) => tf.matMul(one, y));
const values = [...(await products[0].data()), ...(await products[1].data())];
// A kernel that the stand-in lacks.
const filled = [...(await tf.relu(tf.tensor1d([-1, 2])).data())];
const { backends, active } = await doctor(plugins);
const named = await useBackend({ backend: 'tensorflow', plugins }).then(({ detail }) => ({ detail }), ({ code, next }) => ({ code, next }));
console.log(JSON.stringify({
  choice, values, filled, warnings, active, named,
  backend: tf.getBackend(),
  found: backends.map(({ name, available, detail, reason }) => [name, available, detail ?? reason]),
  growth: process.env.TF_FORCE_GPU_ALLOW_GROWTH,
  gradient: tf.getGradient('BatchMatMul').gradFunc === ours,
}));
`;

/** Which packages are installed, and what is asked for. */
export interface Case {
  /** What the packages that are installed are like. */
  readonly gpu?: string;
  readonly cpu?: string;
  readonly device?: 'gpu' | 'any';
  readonly removed?: boolean;
}

interface Outcome {
  readonly choice: { readonly name: string; readonly detail: string; readonly rejected: readonly unknown[] };
  readonly [key: string]: unknown;
}

/** Runs the program in a folder of its own, with packages that are like what a case says. */
async function run(cache: string, { gpu, cpu, ...asked }: Case): Promise<Outcome> {
  const folder = mkdtempSync(join(cache, 'case-'));
  cpSync(join(cache, 'program'), folder, { recursive: true });
  for (const [name, like] of [
    [GPU, gpu],
    [CPU, cpu],
  ] as const) {
    if (like === undefined) continue;
    const at = join(folder, 'node_modules', name);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, version: '4.22.0', main: 'index.js' }));
    cpSync(join(root, 'test/fixtures/tensorflow/index.js'), join(at, 'index.js'));
  }
  const { GRADSTREAM_BACKEND: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.mjs'), JSON.stringify(asked)], {
    env: { ...env, STUB_GPU: gpu ?? '', STUB_CPU: cpu ?? '' },
    timeout: 30_000,
  });
  return JSON.parse(stdout) as Outcome;
}

/** Bundles the program to a folder of its own, which is given. */
export async function prepare(name: string): Promise<string> {
  const cache = cacheFolder(root, name);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'program.ts'), PROGRAM);
  await bundleSource({ program: join(cache, 'program.ts') }, join(cache, 'program'));
  return cache;
}

/** Cases in which the backend is taken, with what it says of itself. Those of `npm test` come first. */
export const taken: readonly (readonly [string, Case, string])[] = [
  ['tfjs-node-gpu on a GPU', { gpu: 'gpu' }, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1, GPU'],
  ['the same on Node 23 and newer', { gpu: 'gpu', removed: true }, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1, GPU'],
  ['tfjs-node', { cpu: '' }, 'tfjs-node 4.22.0, TensorFlow 2.9.1, CPU'],
  [
    'tfjs-node-gpu on a GPU that is wanted',
    { gpu: 'gpu', device: 'gpu' },
    'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1, GPU',
  ],
  ['tfjs-node-gpu on the CPU beside tfjs-node', { gpu: '', cpu: '' }, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1, CPU'],
  ['tfjs-node-gpu on whatever it finds', { gpu: '', device: 'any' }, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1, CPU'],
  ['tfjs-node where tfjs-node-gpu is broken', { gpu: 'no-addon', cpu: '' }, 'tfjs-node 4.22.0, TensorFlow 2.9.1, CPU'],
];

/** How many of `taken` and of `refused` are tested each time; the others take longer than they tell. */
export const often = { taken: 2, refused: 2 } as const;

/** Checks such a case. */
export async function expectTaken(cache: string, asked: Case, detail: string): Promise<void> {
  const outcome = await run(cache, asked);
  expect(outcome).toMatchObject({
    choice: { name: 'tensorflow', detail },
    filled: [0, 2],
    named: { detail },
    backend: 'tensorflow',
    active: 'tensorflow',
    values: [6, 15, 6, 15],
    warnings: [],
    growth: 'true',
    gradient: true,
  });
}

/** Cases in which it is not, with the reason and the remedy. */
export const refused: readonly (readonly [string, Case, RegExp, RegExp])[] = [
  ['tfjs-node-gpu finds no GPU', { gpu: '' }, /^tfjs-node-gpu computes on the CPU: \S/, /nvidia-smi|CUDA|NVIDIA/],
  ['the addon is missing', { gpu: 'no-addon' }, /addon of tfjs-node-gpu is not there.*install script$/, /npm rebuild/],
  ['libcudart is missing', { gpu: 'libcudart.so.0.0' }, /: libcudart\.so\.0\.0 is missing$/, /^Install CUDA 11\.2/],
  ['the numbers are wrong', { gpu: 'gpu wrong' }, /^A matrix product came out wrong: 65 where 64 is right$/, /report/],
  ['it throws while it loads', { gpu: 'throws' }, /^tfjs-node-gpu cannot be loaded: boom$/, /npm install/],
  ['none is installed', {}, /^Neither \S+-gpu nor \S+tfjs-node is installed$/, /npm install/],
  ['tfjs-node-gpu is not installed and a GPU is wanted', { cpu: '', device: 'gpu' }, /gpu is not installed$/, /npm/],
  ['a GPU is wanted', { gpu: '', cpu: '', device: 'gpu' }, /^tfjs-node-gpu computes on the CPU: \S/, /./],
  ['libtensorflow is missing', { cpu: 'libtensorflow.so.0' }, /libtensorflow\.so\.0 is missing$/, /npm rebuild/],
  [
    'an operation fails',
    { gpu: 'gpu op-throws' },
    /^TensorFlow could not do BatchMatMulV2: TF_Status: 13 \(INTERNAL\), CUDNN_STATUS_NOT_INITIALIZED$/,
    /another backend/,
  ],
  ['both fail', { gpu: 'throws', cpu: 'no-addon' }, /^tfjs-node-gpu .*boom; The native addon of tfjs-node /, /;/],
];

/** Checks such a case: the next backend computes, and nothing stands in for this one where it is named. */
export async function expectRefused(cache: string, asked: Case, reason: RegExp, remedy: RegExp): Promise<void> {
  const outcome = await run(cache, asked);
  const rejection = {
    name: 'tensorflow',
    reason: expect.stringMatching(reason),
    remedy: expect.stringMatching(remedy),
  };
  expect(outcome).toMatchObject({
    choice: { name: 'cpu', rejected: [rejection] },
    backend: 'cpu',
    active: 'cpu',
    values: [6, 15, 6, 15],
    warnings: [],
    gradient: true,
    named: { code: 'GS_BACKEND_UNAVAILABLE', next: rejection.remedy },
    found: [
      ['tensorflow', false, rejection.reason],
      ['cpu', true, expect.any(String)],
    ],
  });
}

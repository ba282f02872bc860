import { valueAndGradients, lstmSequence, gruSequence, registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { binaries, firstDifference, randomNumbers } from '../../testing/binaries.js';
import { wasmSimdBackend } from '../index.js';
import { compileWide as notHere } from '../internal/wide/not-here.js';
import { environmentWide } from '../internal/wide/wide-module.js';
import { variants } from '../internal/binaries/variants.js';
import { registerWasmSimd } from '../wasm-simd.js';
import { tryWide } from './try-wide.js';
import { compileWide } from './wide.js';

const numbers = (...shape: number[]): tf.Tensor =>
  tf.tensor(
    randomNumbers(
      shape.reduce((product, length) => product * length, 1),
      shape.length + shape[0]!,
    ),
    shape,
  );

/** A recurrent layer and its gradients. */
function recurrent(kind: 'lstm' | 'gru', units: number): tf.Tensor[] {
  const gates = kind === 'lstm' ? 4 : 3;
  const variables = {
    x: tf.variable(numbers(37, 3, 11)),
    kernel: tf.variable(numbers(11, gates * units)),
    recurrentKernel: tf.variable(numbers(units, gates * units)),
    h: tf.variable(numbers(37, units)),
  };
  const all: tf.Tensor[] = [];
  const { value, gradients } = valueAndGradients(() => {
    const operands = { ...variables, returnSequences: true };
    const y = kind === 'lstm' ? lstmSequence({ ...operands, c: variables.h }).h : gruSequence(operands);
    all.push(tf.keep(tf.clone(y)));
    return tf.sum(tf.square(y)) as tf.Scalar;
  }, variables);
  return [...all, value, ...Object.values(gradients)];
}

const works: Readonly<Record<string, () => tf.Tensor[]>> = {
  products: () =>
    [
      [5, 15, 9],
      [7, 16, 300],
      [33, 47, 129],
      [130, 70, 64],
      [300, 33, 257],
      [1, 40, 600],
    ].flatMap(([m, n, k]) => [
      tf.matMul(numbers(m!, k!) as tf.Tensor2D, numbers(k!, n!) as tf.Tensor2D),
      tf.matMul(numbers(k!, m!) as tf.Tensor2D, numbers(k!, n!) as tf.Tensor2D, true),
      tf.matMul(numbers(m!, k!) as tf.Tensor2D, numbers(n!, k!) as tf.Tensor2D, false, true),
      tf.matMul(numbers(3, m!, k!) as tf.Tensor3D, numbers(3, k!, n!) as tf.Tensor3D),
    ]),
  convolutions: () => [
    tf.conv2d(numbers(2, 9, 11, 5) as tf.Tensor4D, numbers(3, 3, 5, 21) as tf.Tensor4D, 2, 'same'),
    tf.conv2d(numbers(2, 9, 11, 16) as tf.Tensor4D, numbers(3, 3, 16, 36) as tf.Tensor4D, 1, 'same'),
  ],
  'an lstm': () => [3, 8, 21, 64].flatMap((units) => recurrent('lstm', units)),
  'a gru': () => [3, 8, 21, 64].flatMap((units) => recurrent('gru', units)),
};

async function resultsOn(backend: string, work: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const tensors = work();
  const results = tensors.map((tensor) => tensor.dataSync<'float32'>().slice());
  tf.dispose(tensors);
  tf.disposeVariables();
  return results;
}

describe.each(binaries)('$variant', ({ variant, threads }) => {
  beforeAll(async () => {
    registerGradients();
    await registerWasmSimd(`narrow-${variant}`, variant, 1, undefined, false);
    await registerWasmSimd(`wide-${variant}`, variant, threads, undefined, true);
    return () => {
      for (const name of ['narrow', 'wide']) tf.removeBackend(`${name}-${variant}`);
    };
  });

  it.each(Object.entries(works))('gives the same bits of %s with wide vectors, if it has them', async (_, work) => {
    const [narrow, wide] = [await resultsOn(`narrow-${variant}`, work), await resultsOn(`wide-${variant}`, work)];
    expect(narrow.length).toBeGreaterThan(1);
    for (const [index, values] of narrow.entries()) expect(firstDifference(wide[index]!, values)).toBeUndefined();
  });

  it('says what came of it', async () => {
    const backend = tf.findBackend(`wide-${variant}`) as Awaited<ReturnType<typeof registerWasmSimd>>;
    const wide = await compileWide(variants.find(({ name }) => name === variant)!);
    expect(backend.runtime.wide).toBe(wide);
    expect(backend.detail).toMatch(
      wide.module === undefined ? /128-bit vectors \(no wider ones: .+\)$/ : /256-bit vectors \(products \d.\d times/,
    );
  });
});

it.skipIf(process.platform !== 'linux' || process.arch !== 'x64' || Number(process.versions.node.split('.')[0]) !== 24)(
  'has them in Node.js 24 on processors with AVX2',
  async () => {
    const { readFile } = await import('node:fs/promises');
    if (!/\bavx2\b/.test(await readFile('/proc/cpuinfo', 'utf8'))) return;
    const wide = await compileWide(variants.find(({ name }) => name === 'simd')!);
    // Some processors take two turns for 256 bits.
    if (wide.module === undefined) expect(wide.reason).toMatch(/no faster/);
    else expect(wide.gain).toBeGreaterThan(1);
  },
);

describe('what does not work', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('is said of bytes that are no module, and of a process that ends', async () => {
    expect((await tryWide(Buffer.from('no module'), false)).reason).toMatch(
      /does not know|process that tries them failed/,
    );
  });

  it('is said in a browser', async () => {
    expect(await notHere(variants[0]!)).toEqual({ reason: 'they are for Node.js only' });
  });

  it('is asked for by the environment too', () => {
    vi.stubEnv('GRADSTREAM_WASM_WIDE', '');
    expect(environmentWide()).toBe(false);
    vi.stubEnv('GRADSTREAM_WASM_WIDE', '1');
    expect(environmentWide()).toBe(true);
  });

  it('is refused where it is no choice', () => {
    expect(() => wasmSimdBackend({ wide: 1 as never })).toThrow('GS_OPTION');
  });
});

import { gruSequence, lstmSequence, registerGradients, valueAndGradients } from '@gradstream/autodiff';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, randomNumbers, runKernel, useBinary } from '../../../testing/binaries.js';
import { registerWasmSimd } from '../../wasm-simd.js';

interface Sizes {
  readonly batch: number;
  readonly steps: number;
  readonly features: number;
  readonly units: number;
}

const drawn = (seed: number, ...shape: number[]): tf.Tensor =>
  tf.tensor(randomNumbers(tf.util.sizeFromShape(shape), seed), shape);

/** States, and gradients by everything, of one sequence; the numbers in one list each. */
function run(
  kind: 'lstm' | 'gru',
  sizes: Sizes,
  options: { masked: boolean; bias: boolean; sequences: boolean },
): Float32Array[] {
  const { batch, steps, features, units } = sizes;
  const gates = kind === 'lstm' ? 4 : 3;
  const variables = {
    x: tf.variable(drawn(1, batch, steps, features)),
    kernel: tf.variable(drawn(2, features, gates * units)),
    recurrentKernel: tf.variable(drawn(3, units, gates * units)),
    h: tf.variable(drawn(4, batch, units)),
    ...(kind === 'lstm' ? { c: tf.variable(drawn(5, batch, units)) } : {}),
    ...(options.bias ? { bias: tf.variable(kind === 'lstm' ? drawn(6, 4 * units) : drawn(6, 2, 3 * units)) } : {}),
  };
  const mask = options.masked
    ? tf.tensor(
        randomNumbers(batch * steps, 7).map((value) => Number(value > -0.3)),
        [batch, steps],
        'bool',
      )
    : undefined;
  const results: Float32Array[] = [];
  const { value, gradients } = valueAndGradients(() => {
    const operands = { ...variables, mask, returnSequences: options.sequences };
    const outputs = kind === 'lstm' ? Object.values(lstmSequence(operands)) : [gruSequence(operands)];
    for (const output of outputs) results.push(output.dataSync<'float32'>().slice());
    const sums = outputs.map((output, index) => tf.sum(tf.mul(output, drawn(8 + index, ...output.shape))));
    return sums.reduce((sum, next) => tf.add(sum, next)) as tf.Scalar;
  }, variables);
  for (const name of Object.keys(variables)) results.push(gradients[name]!.dataSync<'float32'>().slice());
  tf.dispose([value, gradients, variables, mask ?? []]);
  return results;
}

function expectClose(got: readonly Float32Array[], expected: readonly Float32Array[]): void {
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  for (const [output, list] of expected.entries()) {
    const scale = list.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    for (const [index, value] of list.entries())
      if (!(Math.abs(got[output]![index]! - value) <= 1e-5 * scale))
        expect([output, index, got[output]![index]]).toEqual([output, index, value]);
  }
}

const SEQUENCES: readonly (readonly [batch: number, steps: number, features: number, units: number])[] = [
  [1, 1, 1, 1],
  [2, 3, 2, 3],
  [5, 4, 7, 4],
  [11, 3, 5, 6],
  [33, 5, 3, 10],
  [64, 3, 40, 17],
  [9, 2, 4, 80],
];

describe.each(binaries)('$variant', (binary) => {
  beforeAll(async () => {
    registerGradients();
    await useBinary(binary);
  });

  describe.each(['lstm', 'gru'] as const)('%s', (kind) => {
    it.each(SEQUENCES)(
      'is what single kernels give, for %i sequences of %i steps of %i by %i units',
      async (batch, steps, features, units) => {
        const sizes = { batch, steps, features, units };
        for (const masked of [false, true]) {
          for (const [bias, sequences] of [
            [true, false],
            [false, true],
          ] as const) {
            const options = { masked, bias, sequences };
            await tf.setBackend('cpu');
            const plain = run(kind, sizes, options);
            const backend = await useBinary(binary);
            backend.resetFallbacks();
            expectClose(run(kind, sizes, options), plain);
            expect(backend.fallbacks()).toEqual({});
          }
        }
      },
    );

    it('lets nothing through from masked steps', async () => {
      await useBinary(binary);
      const gates = kind === 'lstm' ? 4 : 3;
      tf.tidy(() => {
        const x = tf.tensor3d([[[1], [Number.NaN], [1]]]);
        const mask = tf.tensor2d([[true, false, true]], undefined, 'bool');
        const weights = { kernel: drawn(1, 1, gates * 5), recurrentKernel: drawn(2, 5, gates * 5) };
        const h = drawn(3, 1, 5);
        const states = (sequence: tf.Tensor, of?: tf.Tensor): tf.Tensor => {
          const operands = { x: sequence, ...weights, h, mask: of };
          return kind === 'lstm' ? lstmSequence(operands).h : gruSequence(operands);
        };
        const [got, expected] = [states(x, mask), states(tf.ones([1, 2, 1]))].map((y) => y.dataSync());
        expect(firstDifference(got!, expected!)).toBeUndefined();
      });
    });
  });

  it('refuses what does not fit', () => {
    tf.tidy(() => {
      const [x, h] = [tf.ones([2, 3, 4]), tf.ones([2, 5])];
      const lstm = { x, kernel: tf.ones([4, 20]), recurrentKernel: tf.ones([5, 20]), h, c: h };
      const gru = { x, kernel: tf.ones([4, 15]), recurrentKernel: tf.ones([5, 15]), h };
      const bad: [string, Record<string, tf.Tensor>][] = [
        ['GradstreamLstm', { ...lstm, kernel: tf.ones([4, 16]) }],
        ['GradstreamLstm', { ...lstm, bias: tf.ones([5]) }],
        ['GradstreamLstm', { ...lstm, c: tf.ones([2, 4]) }],
        ['GradstreamLstm', { ...lstm, mask: tf.ones([2, 3]) }],
        ['GradstreamLstm', { ...lstm, x: tf.ones([2, 0, 4]) }],
        ['GradstreamLstm', { ...lstm, x: tf.ones([2, 3, 4], 'int32') }],
        ['GradstreamGru', { ...gru, bias: tf.ones([15]) }],
        ['GradstreamGru', { ...gru, mask: tf.ones([2, 2], 'bool') }],
        [
          'GradstreamLstmGradient',
          {
            dh: h,
            dc: h,
            gates: tf.ones([2, 3, 20]),
            cells: h,
            squashed: h,
            x,
            before: h,
            recurrentKernel: tf.ones([5, 20]),
          },
        ],
        [
          'GradstreamGruGradient',
          { dh: h, gates: tf.ones([2, 3, 20]), inner: h, x, before: h, recurrentKernel: tf.ones([5, 15]) },
        ],
      ];
      for (const [name, inputs] of bad) expect(() => runKernel(name, inputs, { sequences: false })).toThrow(name);
    });
  });
});

const threaded = binaries.filter(({ threads }) => threads > 1);
describe.each(threaded)('$variant', ({ variant, backendName }) => {
  it.each(['lstm', 'gru'] as const)('%s has the same bits on one thread', async (kind) => {
    const alone = `${backendName}-alone`;
    if (tf.findBackend(alone) === null) await registerWasmSimd(alone, variant, 1);
    const sizes = { batch: 70, steps: 4, features: 9, units: 21 };
    const options = { masked: true, bias: true, sequences: true };
    const lists: Float32Array[][] = [];
    for (const name of [backendName, alone]) {
      await tf.setBackend(name);
      lists.push(run(kind, sizes, options));
    }
    lists[0]!.forEach((list, index) => expect(firstDifference(list, lists[1]![index]!)).toBeUndefined());
  });
});

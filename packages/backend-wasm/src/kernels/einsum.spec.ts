import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WasmSimdBackend } from '../index.js';
import { binaries, randomNumbers, useBinary } from '../../testing/binaries.js';

const SIZES: Readonly<Record<string, number>> = { a: 2, b: 3, c: 4, d: 5, e: 6, f: 1 };

/** The definition: for each value of all letters, the product of the operands is added to its place. In float64. */
function reference(equation: string, operands: readonly Float32Array[]): number[] {
  const [left, result] = equation.split('->') as [string, string];
  const terms = left.split(',');
  const letters = [...new Set(left.replace(',', ''))];
  const place = (labels: string, at: ReadonlyMap<string, number>): number =>
    [...labels].reduce((sum, label) => sum * SIZES[label]! + at.get(label)!, 0);
  const y = Array.from({ length: [...result].reduce((size, label) => size * SIZES[label]!, 1) }, () => 0);
  const total = letters.reduce((size, label) => size * SIZES[label]!, 1);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const at = new Map<string, number>();
    for (const label of letters) {
      at.set(label, rest % SIZES[label]!);
      rest = Math.floor(rest / SIZES[label]!);
    }
    y[place(result, at)]! += terms.reduce((product, labels, term) => product * operands[term]![place(labels, at)]!, 1);
  }
  return y;
}

describe.each(binaries)('$variant', (binary) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => {
    backend = await useBinary(binary);
    backend.resetFallbacks();
  });

  it.each([
    'ab->ab',
    'ab->ba',
    'ab->a',
    'ab->',
    'abc->cb',
    'ab,bc->ac',
    'ab,cb->ca',
    'ba,bc->ac',
    'ba,cb->ac',
    'a,a->',
    'a,b->ab',
    'a,b->ba',
    'ab,ab->ab',
    'ab,a->ab',
    'abc,bd->acd',
    'abcd,aecd->acbe',
    'acbe,aecd->abcd',
    'abc,dc->abd',
    'abc,abd->cd',
    'abc,e->ab',
    'af,fb->ab',
    'ab,cd->',
    'abc,cab->b',
  ])('%s', (equation) => {
    const shapes = equation
      .split('->')[0]!
      .split(',')
      .map((labels) => [...labels].map((label) => SIZES[label]!));
    const operands = shapes.map((shape, index) =>
      randomNumbers(
        shape.reduce((product, size) => product * size, 1),
        index + 1,
      ),
    );
    const run = (): Float32Array =>
      tf.tidy(() =>
        tf
          .einsum(equation, ...operands.map((values, index) => tf.tensor(values, shapes[index]!)))
          .dataSync<'float32'>(),
      );
    // The first call takes the scratch space of products.
    run();
    const before = tf.memory().numTensors;
    const { used } = backend.memory().heap;
    const got = run();
    const expected = reference(equation, operands);
    expect(got.length).toBe(expected.length);
    for (const [index, value] of got.entries()) expect(Math.abs(value - expected[index]!)).toBeLessThan(1e-5);
    expect(backend.fallbacks()).toEqual({});
    expect([tf.memory().numTensors, backend.memory().heap.used]).toEqual([before, used]);
  });

  it('names what is wrong with an equation', () => {
    const [x, y] = [tf.ones([2, 3]), tf.ones([4, 5])];
    expect(() => tf.einsum('ab,bc->ac', x, y)).toThrow(/dimension/i);
    expect(() => tf.einsum('ab,bc->ad', x, tf.ones([3, 4]))).toThrow(/label d not present/);
    expect(() => tf.einsum('aa->a', tf.ones([2, 2]))).toThrow(/duplicate axes/);
    expect(() => tf.einsum('abc->a', x)).toThrow(/GS_BACKEND_KERNEL .*Einsum.*float32 \[2, ?3\].*abc->a/s);
  });
});

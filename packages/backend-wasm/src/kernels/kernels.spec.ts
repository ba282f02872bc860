import { readFileSync, readdirSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { binaries, firstDifference, useBinary } from '../../testing/binaries.js';
import type { Expected, KernelCase, Values } from '../../testing/cases/kernel-case.js';
import { kernelCases } from '../../testing/kernel-cases.js';
import { recordedCase } from '../../testing/recorded-case.js';
import { difference, runCase, type Ran } from '../../testing/run-case.js';
import type { WasmSimdBackend } from '../index.js';
import { kernels } from './kernels.js';

const names = kernels.map(({ name }) => name);

/** Every binary that runs here; those with threads on one and on two. */
const setups = binaries.flatMap((binary) =>
  binary.threads === 1
    ? [{ ...binary, label: binary.variant }]
    : [1, 2].map((threads) => ({
        ...binary,
        threads,
        backendName: `${binary.backendName}-${threads}`,
        label: `${binary.variant} on ${threads}`,
      })),
);

/** The cases with their results: those of tfjs-backend-cpu are computed once. */
const cases = new Map<string, readonly (KernelCase & { readonly outputs: readonly Expected[] })[]>();

/** What the first of the binaries with the same arithmetic gave, by the name of the kernel. */
const first = new Map<string, readonly Ran[]>();

beforeAll(async () => {
  await tf.setBackend('cpu');
  for (const [name, make] of Object.entries(kernelCases))
    cases.set(
      name,
      make().map((test) => ({ ...test, outputs: test.outputs === 'cpu' ? runCase(name, test).outputs : test.outputs })),
    );
});

it('has cases for every kernel, and for no other', () => {
  expect(Object.keys(kernelCases).sort()).toEqual([...names].sort());
  expect([...cases].filter(([, list]) => list.length === 0)).toEqual([]);
});

describe.each(setups)('$label', (setup) => {
  let backend: WasmSimdBackend;
  beforeAll(async () => {
    backend = await useBinary(setup);
  });

  it.each(setup.variant.endsWith('threads') ? [] : names)(
    'a recorded %s gives the same bits and touches nothing else',
    (name) => {
      for (const [index, test] of (cases.get(name) ?? []).entries()) {
        const wrong = recordedCase(name, test, backend);
        // A matcher for each would take longer than the kernels do.
        if (wrong !== undefined) expect({ index, ...wrong }).toBeUndefined();
      }
    },
  );

  it.each(names)('%s gives what its definition says and changes nothing else', (name) => {
    const arithmetic = setup.variant.replace('-threads', '');
    const ran: Ran[] = [];
    for (const [index, test] of (cases.get(name) ?? []).entries()) {
      const described = { index, attrs: test.attrs, shapes: Object.values(test.inputs).map(({ shape }) => shape) };
      const got = runCase(name, test, backend);
      ran.push(got);
      expect({ ...described, results: got.outputs.length }).toEqual({ ...described, results: test.outputs.length });
      for (const [place, expected] of test.outputs.entries()) {
        const wrong = difference(got.outputs[place], expected, test.tolerance);
        if (wrong !== undefined) expect({ ...described, place, wrong }).toBeUndefined();
      }
      for (const [key, input] of Object.entries(test.inputs)) {
        const change = test.changes?.[key];
        const wrong =
          change === undefined
            ? firstDifference(got.after[key]!.values, input.values)
            : difference(got.after[key], change, test.tolerance);
        if (wrong !== undefined) expect({ ...described, input: key, wrong }).toBeUndefined();
      }
    }
    // One arithmetic has the same bits with and without threads, whatever their number.
    const reference = first.get(`${arithmetic} ${name}`);
    if (reference === undefined) first.set(`${arithmetic} ${name}`, ran);
    for (const [index, one] of (reference ?? []).entries()) {
      const written = Object.keys(cases.get(name)![index]!.changes ?? {});
      const all = (given: Ran): readonly Values[] => [...given.outputs, ...written.map((key) => given.after[key]!)];
      const others = all(ran[index]!);
      for (const [place, { values }] of all(one).entries()) {
        const wrong = firstDifference(others[place]!.values, values);
        if (wrong !== undefined) expect({ index, place, wrong }).toBeUndefined();
      }
    }
  });
});

it('kernels take memory where the step that is recorded has its own', () => {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  expect(sources.length).toBeGreaterThan(30);
  expect(
    sources.filter((file) =>
      /runtime\.heap|\.readSync|numberIn/.test(readFileSync(`${import.meta.dirname}/${file}`, 'utf8')),
    ),
  ).toEqual(['movement/scatter.ts']);
});

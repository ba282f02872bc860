import { beforeAll, describe, expect, it } from 'vitest';
import { kernels } from '../packages/backend-cuda/src/kernels/kernels.js';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { kernelCases } from '../packages/backend-wasm/testing/kernel-cases.js';
import { expectCases } from './cuda-kernel-case.js';

it('the table of cases that own backends share has every kernel of the CUDA backend, and no other', () => {
  expect(Object.keys(kernelCases).toSorted()).toEqual(kernels.map(({ name }) => name).toSorted());
});

// A part of the table: the whole is in cuda-kernels.long.spec.ts.
describe.skipIf(noEmulator !== undefined)(`kernels of the CUDA backend, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each(kernels.map(({ name }) => name))(
    '%s gives what its definition says, changes nothing else and leaves nothing behind',
    (name) => expectCases(name, 6),
  );
});

import { beforeAll, describe, it } from 'vitest';
import { kernels } from '../packages/backend-cuda/src/kernels/kernels.js';
import { noEmulator, onEmulator, startOnEmulator } from '../packages/backend-cuda/testing/emulator.js';
import { expectCases } from './cuda-kernel-case.js';

describe.skipIf(noEmulator !== undefined)(`kernels of the CUDA backend, ${onEmulator}`, () => {
  beforeAll(async () => void (await startOnEmulator()), 600_000);

  it.each(kernels.map(({ name }) => name))(
    '%s gives what its definition says, changes nothing else and leaves nothing behind',
    (name) => expectCases(name),
  );
});

import { registerGradients } from '@gradstream/autodiff';
import { cudaBackend } from '@gradstream/backend-cuda';
import { wasmSimdBackend } from '@gradstream/backend-wasm';
import { cpuBackend, wasmBackend } from '@gradstream/backends';
import { testBackend, type CheckedBackend } from '@gradstream/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, onEmulator } from '../packages/backend-cuda/testing/emulator.js';

registerGradients();

describe.each<[string, () => CheckedBackend]>([
  ['cpu', cpuBackend],
  ['wasm', () => wasmBackend()],
  ['wasm-simd', () => wasmSimdBackend()],
])('%s', (name, make) => {
  const plugin = make();
  it('has its name', () => expect(plugin.name).toBe(name));
  testBackend(() => plugin, it);
});

describe.skipIf(noEmulator !== undefined)(`cuda, ${onEmulator}`, () => {
  let plugin: CheckedBackend;
  beforeAll(async () => {
    const emulator = await loadEmulator();
    emulator.mend();
    emulator.configure();
    plugin = cudaBackend({ library: emulator.library });
  }, 600_000);
  testBackend(() => plugin, it);
});

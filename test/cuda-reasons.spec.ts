import { cpuBackend, doctor, useBackend } from '@gradstream/backends';
import { cudaBackend } from '@gradstream/backend-cuda';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, onEmulator, type Emulator } from '../packages/backend-cuda/testing/emulator.js';

describe.skipIf(noEmulator !== undefined)(`why CUDA is not taken, ${onEmulator}`, () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await loadEmulator()), 600_000);
  afterEach(() => {
    emulator.mend();
    emulator.configure();
    if (tf.findBackendFactory('cuda') !== null) tf.removeBackend('cuda');
  });

  const product = async (): Promise<number[]> => {
    const y = tf.tidy(() => tf.matMul(tf.tensor2d([1, 2], [1, 2]), tf.tensor2d([3, 4], [2, 1])));
    return [...(await y.data().finally(() => y.dispose()))];
  };

  it.each<[string, (library: Emulator) => string | void, RegExp, RegExp]>([
    ['a wrong library path', () => '/nowhere/libcuda.so.1', /^No CUDA driver: \/nowhere\/libcuda/, /path/],
    ['a library of something else', () => process.execPath, /^No CUDA driver: /, /path/],
    ['an old driver', (one) => one.configure(10_020), /^The CUDA driver is too old: it is for CUDA 10\.2$/, /450/],
    ['no device', (one) => one.configure(13_000, 0), /^The CUDA driver finds no device \(CUDA_ERROR_NO_DEVICE\)$/, /./],
    ['an old device', (one) => one.configure(13_000, 1, 61), /is too old: compute capability 6\.1$/, /Turing/],
    ['a driver that does not start', (one) => one.fail('cuInit', 0, 803), /start: CUDA_ERROR_SYSTEM_DRIVER/, /Restart/],
    [
      'a device without memory',
      (one) => one.configure(13_000, 1, 90, 1),
      /^The memory of the device is used up: .+$/,
      /nvidia-smi/,
    ],
    [
      'a device whose memory another process has',
      (one) => one.fail('cuDevicePrimaryCtxRetain', 0, 2),
      /^The memory of the device is used up: CUDA_ERROR_OUT_OF_MEMORY$/,
      /end what else uses this device/,
    ],
    [
      'a device that another process has for itself',
      (one) => one.fail('cuDevicePrimaryCtxRetain', 0, 46),
      /^Another process has the device for itself: CUDA_ERROR_DEVICE_UNAVAILABLE$/,
      /nvidia-smi -c DEFAULT/,
    ],
  ])(
    '%s: said in one line; the next backend computes, and CUDA by name is refused',
    async (_, spoil, reason, remedy) => {
      // Each time as in a new process: no backend of an earlier attempt is there.
      const plugins = (): [ReturnType<typeof cudaBackend>, ReturnType<typeof cpuBackend>] => {
        if (tf.findBackendFactory('cuda') !== null) tf.removeBackend('cuda');
        return [cudaBackend({ library: spoil(emulator) ?? emulator.library }), cpuBackend()];
      };
      const why = { reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) };
      const { name, rejected } = await useBackend({ plugins: plugins() });
      expect([name, rejected]).toEqual(['cpu', [{ name: 'cuda', ...why }]]);
      expect(await product()).toEqual([11]);
      expect((await doctor(plugins())).backends[0]).toMatchObject({ available: false, ...why });
      await expect(useBackend({ backend: 'cuda', plugins: plugins() })).rejects.toMatchObject({
        code: 'GS_BACKEND_UNAVAILABLE',
        received: expect.stringMatching(new RegExp(reason.source.replace('^', '^cuda: '))),
      });
      // Nothing is left behind: once it is mended, CUDA is taken.
      if (tf.findBackendFactory('cuda') !== null) tf.removeBackend('cuda');
      emulator.mend();
      emulator.configure();
      const choice = await useBackend({ backend: 'cuda', plugins: [cudaBackend({ library: emulator.library })] });
      expect(choice.detail).toMatch(/^CPU emulation 0, compute capability 9\.0, 2\.0 GiB, driver for CUDA 13\.0$/);
      expect(await product()).toEqual([11]);
      await useBackend({ plugins: [cpuBackend()] });
    },
  );
});

import '@tensorflow/tfjs-backend-cpu';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, numbers, onEmulator, type Emulator } from '../../testing/emulator.js';
import { CUDA, cudaBackend } from '../cuda.js';
import type { CudaBackend } from '../cuda-backend.js';

/** Takes so many bytes of a device that it shares, says so, and has them until its input ends. */
const OTHER_PROCESS = `
  const koffi = require('koffi');
  const driver = koffi.load(process.argv[1]);
  const call = (name, list, ...values) => driver.func('int ' + name + '(' + list + ')')(...values);
  const out = [0n];
  call('emulator_share', 'str', process.argv[2]);
  driver.func('void emulator_configure(int, int, int, longlong)')(13000, 1, 90, Number(process.argv[3]));
  call('cuInit', 'uint', 0);
  call('cuDevicePrimaryCtxRetain', '_Out_ uint64*, int', out, 0);
  call('cuCtxSetCurrent', 'uint64', out[0]);
  console.log(call('cuMemAlloc_v2', '_Out_ uint64*, uint64', out, Number(process.argv[4])));
  process.stdin.resume();`;

describe.skipIf(noEmulator !== undefined)(`devices, ${onEmulator}`, () => {
  let emulator: Emulator;
  let folder: string;
  beforeAll(async () => void (emulator = await loadEmulator()), 600_000);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cuda-devices-'));
    emulator.mend();
    await tf.setBackend('cpu');
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
  });
  afterEach(() => {
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    emulator.share(null);
    emulator.configure();
    rmSync(folder, { recursive: true });
  });

  const sum = (): number => tf.tidy(() => tf.sum(tf.square(numbers([30, 40]))).dataSync()[0]!);

  it('are listed where there are several, and any of them can be taken, one after the other', async () => {
    const wanted = sum();
    emulator.configure(13_000, 3, 90, 2 ** 30);
    for (const device of [0, 2, 1]) {
      const plugin = cudaBackend({ library: emulator.library, device });
      const detail = expect.stringContaining(
        `CPU emulation ${device}, compute capability 9.0, 1.0 GiB, driver for CUDA 13.0; device ${device} of 0: CPU emulation 0, 1:`,
      );
      expect(await plugin.probe()).toEqual({ available: true, detail });
      await plugin.start();
      expect((tf.backend() as CudaBackend).runtime.device.index).toBe(device);
      expect(sum()).toBeCloseTo(wanted, 2);
      // What was on the last one went with it.
      expect(emulator.blocks()).toBeGreaterThan(0);
    }
    const none = await cudaBackend({ library: emulator.library, device: 3 }).probe();
    expect(none).toMatchObject({ reason: 'There is no device 3 that can be used; there are 0, 1, 2' });
  });

  it('that another process has most of say so, and go on when it is gone', async () => {
    const shared = join(folder, 'devices');
    const [total, taken] = [2 ** 26, 2 ** 26 - 2 ** 20];
    const other = spawn(process.execPath, ['-e', OTHER_PROCESS, emulator.library, shared, `${total}`, `${taken}`]);
    try {
      expect(String((await once(other.stdout, 'data'))[0])).toBe('0\n');
      emulator.share(shared);
      emulator.configure(13_000, 1, 90, total);
      await cudaBackend({ library: emulator.library }).start();
      sum();
      const large = (): tf.Tensor => tf.fill([2 ** 21], 1);
      expect(large).toThrow(/GS_BACKEND_MEMORY[\s\S]*others have taken 66060288[\s\S]*nvidia-smi/);
      other.stdin.end();
      await once(other, 'exit');
      large().dispose();
      expect(sum()).toBeGreaterThan(0);
    } finally {
      other.kill();
    }
  });
});

import { isGradstreamError, type GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendPlugin } from './backend-plugin.js';
import { cpuBackend } from './cpu/cpu-backend.js';
import { activeBackend, restoreBackend } from './internal/active-backend.js';
import { useBackend } from './use-backend.js';
import { wasmBackend } from './wasm/wasm-backend.js';

const plugin = (name: string, parts: Partial<BackendPlugin> = {}): BackendPlugin => ({
  name,
  probe: async () => ({ available: true, detail: name }),
  start: async () => undefined,
  ...parts,
});

const absent = plugin('cuda', {
  probe: async () => ({ available: false, reason: 'There is no GPU', remedy: 'Put one in' }),
});

/** A backend made of the cpu backend, whose products are off by one. */
async function wrongBackend(name: string): Promise<BackendPlugin> {
  const { MathBackendCPU } = await import('@tensorflow/tfjs-backend-cpu');
  return plugin(name, {
    start: async () => {
      if (!tf.findBackendFactory(name)) {
        tf.registerBackend(name, () => Object.assign(new MathBackendCPU(), { firstUse: false }));
        tf.copyRegisteredKernels('cpu', name);
        const { kernelFunc } = tf.getKernel('BatchMatMul', 'cpu');
        tf.unregisterKernel('BatchMatMul', name);
        tf.registerKernel({
          kernelName: 'BatchMatMul',
          backendName: name,
          kernelFunc: (args) => {
            const output = kernelFunc(args) as tf.TensorInfo;
            ((args.backend as InstanceType<typeof MathBackendCPU>).readSync(output.dataId) as Float32Array)[0]! += 1;
            return output;
          },
        });
      }
      await tf.setBackend(name);
    },
  });
}

async function errorOf(promise: Promise<unknown>): Promise<GradstreamError> {
  const error: unknown = await promise.then(
    () => new Error('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!isGradstreamError(error)) throw error;
  return error;
}

beforeEach(() => restoreBackend(null));
afterEach(() => vi.unstubAllEnvs());

describe('useBackend', () => {
  it('takes wasm before cpu and says why cpu was not', async () => {
    expect(await useBackend()).toEqual({
      name: 'wasm',
      detail: 'tfjs-backend-wasm 4.22.0, SIMD, 1 thread',
      rejected: [{ name: 'cpu', reason: 'wasm comes before it and works', remedy: "Name it: useBackend('cpu')" }],
    });
    expect(tf.getBackend()).toBe('wasm');
  });

  it('takes the one that is named', async () => {
    const { name, rejected } = await useBackend('cpu');
    expect([name, tf.getBackend()]).toEqual(['cpu', 'cpu']);
    expect(rejected).toEqual([
      { name: 'wasm', reason: 'cpu was named by the caller', remedy: "Name it: useBackend('wasm')" },
    ]);
  });

  it('keeps to the order of the plugins', async () => {
    expect((await useBackend({ plugins: [cpuBackend(), wasmBackend()] })).name).toBe('cpu');
  });

  it('passes by what cannot run, with its reason and remedy', async () => {
    const { name, rejected } = await useBackend({ plugins: [absent, cpuBackend()] });
    expect(name).toBe('cpu');
    expect(rejected).toEqual([{ name: 'cuda', reason: 'There is no GPU', remedy: 'Put one in' }]);
  });

  it('takes what the environment names, and what the caller names before that', async () => {
    vi.stubEnv('GRADSTREAM_BACKEND', 'cpu');
    const choice = await useBackend();
    expect(choice.name).toBe('cpu');
    expect(choice.rejected[0]!.reason).toBe('cpu was named by the environment variable GRADSTREAM_BACKEND');
    expect((await useBackend('wasm')).name).toBe('wasm');
    vi.stubEnv('GRADSTREAM_BACKEND', ' ');
    expect((await useBackend()).name).toBe('wasm');
  });

  it('runs where there is no process', async () => {
    vi.stubGlobal('process', undefined);
    try {
      expect((await useBackend({ plugins: [cpuBackend()] })).name).toBe('cpu');
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('chooses one after another when asked twice at once', async () => {
    const choices = await Promise.all([useBackend(), useBackend('cpu'), useBackend()]);
    expect(choices.map(({ name }) => name)).toEqual(['wasm', 'cpu', 'wasm']);
  });

  it.each([
    [
      'a probe that throws',
      plugin('bad', {
        probe: () => {
          throw new Error('boom');
        },
      }),
      'Its probe failed: boom',
    ],
    [
      'a probe that rejects',
      plugin('bad', { probe: () => Promise.reject(new Error('boom')) }),
      'Its probe failed: boom',
    ],
    [
      'a probe that gives nothing',
      plugin('bad', { probe: async () => undefined as never }),
      'Its probe gave undefined',
    ],
    [
      'a probe without a reason',
      plugin('bad', { probe: async () => ({ available: false }) as never }),
      'Its probe gave no reason',
    ],
    [
      'a start that throws',
      plugin('bad', {
        start: () => {
          throw new Error('boom');
        },
      }),
      'Its start failed: boom',
    ],
    ['a start that rejects with no error', plugin('bad', { start: () => Promise.reject(7) }), 'Its start failed: 7'],
    ['a start that registers nothing', plugin('bad'), "Its check failed: Backend name 'bad' not found in registry"],
  ])('passes by %s', async (_, bad, reason) => {
    const { name, rejected } = await useBackend({ plugins: [bad, cpuBackend()] });
    expect(name).toBe('cpu');
    expect(rejected).toEqual([{ name: 'bad', reason, remedy: expect.stringContaining('maintainers of "bad"') }]);
  });

  it('passes by a backend that computes a wrong number', async () => {
    await cpuBackend().start();
    const { name, rejected } = await useBackend({ plugins: [await wrongBackend('wrong'), cpuBackend()] });
    expect([name, tf.getBackend()]).toEqual(['cpu', 'cpu']);
    expect(rejected[0]!.reason).toBe('A matrix product came out wrong: 65 where 64 is right');
  });

  it('passes by a backend whose initialization fails', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    tf.registerBackend('broken', () => Promise.reject(new Error('no device')));
    const { name, rejected } = await useBackend({ plugins: [plugin('broken'), cpuBackend()] });
    expect(name).toBe('cpu');
    expect(rejected[0]!.reason).toBe('Its initialization failed');
    warn.mockRestore();
    tf.removeBackend('broken');
  });

  it('refuses a named backend that cannot start, with reason and remedy, and leaves the active one', async () => {
    await useBackend('cpu');
    const error = await errorOf(useBackend({ backend: 'cuda', plugins: [absent, cpuBackend()] }));
    expect(error).toMatchObject({
      code: 'GS_BACKEND_UNAVAILABLE',
      received: 'cuda: There is no GPU',
      next: 'Put one in',
    });
    const wrong = await wrongBackend('wrong');
    await errorOf(useBackend({ backend: 'wrong', plugins: [wrong] }));
    expect(tf.getBackend()).toBe('cpu');
  });

  it('says of every backend why it failed when none works, and leaves none active', async () => {
    const error = await errorOf(useBackend({ plugins: [absent, plugin('bad')] }));
    expect(error.code).toBe('GS_BACKEND_UNAVAILABLE');
    expect(error.received).toContain('cuda: There is no GPU; bad: Its check failed');
    expect(error.next).toContain('cuda: Put one in');
    expect(activeBackend()).toBe(null);
  });

  it.each([
    ['wsm', 'GS_BACKEND_UNKNOWN', 'Did you mean "wasm"?'],
    ['', 'GS_BACKEND_UNKNOWN', 'Choose one of these'],
    ['constructor', 'GS_BACKEND_UNKNOWN', 'Choose one of these'],
    [{ backend: 5 }, 'GS_BACKEND_UNKNOWN', 'Choose one of these'],
    [null, 'GS_OPTION_TYPE', ''],
    [5, 'GS_OPTION_TYPE', ''],
    [{ backed: 'cpu' }, 'GS_OPTION_UNKNOWN', 'Did you mean "backend"?'],
    [{ plugins: [] }, 'GS_OPTION_VALUE', ''],
    [{ plugins: 'cpu' }, 'GS_OPTION_VALUE', ''],
    [{ plugins: [{ name: 'x' }] }, 'GS_OPTION_VALUE', ''],
    [{ plugins: [null] }, 'GS_OPTION_VALUE', ''],
    [{ plugins: [plugin('x'), plugin('x')] }, 'GS_OPTION_VALUE', ''],
  ])('refuses %j with %s', async (choice, code, next) => {
    const error = await errorOf(useBackend(choice as never));
    expect(error.code).toBe(code);
    expect(error.next).toContain(next);
  });

  it('names the environment variable when that holds the unknown name', async () => {
    vi.stubEnv('GRADSTREAM_BACKEND', 'gpu');
    const error = await errorOf(useBackend());
    expect(error).toMatchObject({ code: 'GS_BACKEND_UNKNOWN', what: expect.stringContaining('GRADSTREAM_BACKEND') });
  });
});

import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackendPlugin } from './backend-plugin.js';
import { cpuBackend } from './cpu/cpu-backend.js';
import { doctor } from './doctor.js';
import { formatDoctor } from './format-doctor.js';
import { activeBackend, restoreBackend } from './internal/active-backend.js';
import { wasmBackend } from './wasm/wasm-backend.js';

const FALLBACKS = [
  'Conv2DBackpropFilter',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'UnsortedSegmentSum',
];
const absent: BackendPlugin = {
  name: 'cuda',
  probe: async () => ({ available: false, reason: 'There is no GPU', remedy: 'Put one in' }),
  start: async () => undefined,
};

beforeEach(() => restoreBackend(null));
afterEach(() => vi.unstubAllEnvs());

describe('doctor', () => {
  it('finds each backend, what would be chosen, and leaves none active where none was', async () => {
    const report = await doctor();
    expect(report.backends).toEqual([
      {
        name: 'wasm',
        kernels: 157,
        ownKernels: expect.arrayContaining(['BatchMatMul', 'Conv2D', '_FusedMatMul']),
        fallbackKernels: FALLBACKS,
        fallbackCalls: {},
        missingKernels: [],
        available: true,
        detail: expect.stringContaining('SIMD'),
      },
      {
        name: 'cpu',
        kernels: 172,
        ownKernels: expect.arrayContaining(['BatchMatMul', 'Conv2DBackpropFilter']),
        fallbackKernels: [],
        fallbackCalls: {},
        missingKernels: [],
        available: true,
        detail: expect.stringContaining('4.22.0'),
      },
    ]);
    expect(report).toMatchObject({ chosen: 'wasm', environment: null, active: null });
    expect(report.packages).toEqual({
      '@tensorflow/tfjs-core': '4.22.0',
      '@tensorflow/tfjs-backend-wasm': '4.22.0',
      '@tensorflow/tfjs-backend-cpu': '4.22.0',
    });
    expect(activeBackend()).toBe(null);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it('shows what a backend says of itself once it was examined, and what went wrong then', async () => {
    const cpu = cpuBackend();
    const saying = async (examine: () => Promise<string>): Promise<string> => {
      const { backends } = await doctor([{ ...cpu, examine }]);
      return (backends[0] as { detail: string }).detail;
    };
    expect(await saying(async () => 'a device with a library')).toBe('a device with a library');
    expect(await saying(() => Promise.reject(new Error('The library failed')))).toMatch(
      /4\.22\.0.*; Error: The library failed/,
    );
  });

  it('leaves the active backend and its tensors as they were', async () => {
    await cpuBackend().start();
    const x = tf.tensor1d([1, 2]);
    const before = tf.memory().numTensors;
    expect((await doctor()).active).toBe('cpu');
    expect(tf.getBackend()).toBe('cpu');
    expect(tf.memory().numTensors).toBe(before);
    expect(Array.from(x.dataSync())).toEqual([1, 2]);
    x.dispose();
  });

  it('says what does not work, and heeds the environment', async () => {
    vi.stubEnv('GRADSTREAM_BACKEND', 'cpu');
    const report = await doctor([absent, wasmBackend(), cpuBackend()]);
    expect(report.backends[0]).toMatchObject({ available: false, reason: 'There is no GPU', remedy: 'Put one in' });
    expect(report).toMatchObject({ chosen: 'cpu', environment: 'cpu' });
    vi.stubEnv('GRADSTREAM_BACKEND', 'cuda');
    expect((await doctor([absent, cpuBackend()])).chosen).toBe(null);
  });

  it('refuses a list that is none', async () => {
    await expect(doctor([] as never)).rejects.toMatchObject({ code: 'GS_OPTION_VALUE' });
  });
});

describe('formatDoctor', () => {
  const host = {
    runtime: 'node 20.20.2',
    platform: 'linux x64',
    cores: 2,
    memory: { total: 8 * 2 ** 30, used: 2 ** 29 },
  };
  const report = {
    host,
    packages: { '@tensorflow/tfjs-core': '4.22.0', '@tensorflow/tfjs-backend-wasm': null },
    backends: [
      {
        name: 'wasm',
        kernels: 0,
        ownKernels: [],
        fallbackKernels: [],
        fallbackCalls: {},
        missingKernels: [],
        available: false,
        reason: 'It is not installed',
        remedy: 'Install it',
      },
      {
        name: 'cpu',
        kernels: 2,
        ownKernels: ['Abs', 'Neg'],
        fallbackKernels: ['Sum'],
        fallbackCalls: { Sum: 3 },
        missingKernels: ['Max'],
        available: true,
        detail: 'slow',
      },
    ],
    chosen: 'cpu',
    environment: null,
    active: null,
  } as const;

  it('draws a report', () => {
    expect(formatDoctor(report).split('\n')).toEqual([
      'Host',
      '  runtime            node 20.20.2, linux x64',
      '  cores              2',
      '  memory             8.0 GiB, 0.5 GiB used by this process',
      '  tfjs-core          4.22.0',
      '  tfjs-backend-wasm  not installed',
      '',
      'Backends',
      '  wasm: not available',
      '    why:  It is not installed',
      '    next: Install it',
      '* cpu: works, slow',
      '    2 kernels of its own',
      '    served by the cpu backend: Sum',
      '    missing without tfjs-backend-cpu: Max',
      '',
      'useBackend() takes cpu.',
      'No backend is active.',
    ]);
  });

  it('names all kernels on demand, and counts many of them otherwise', () => {
    expect(formatDoctor(report, { kernels: true })).toContain(
      '    2 kernels of its own: Abs, Neg\n    served by the cpu backend: Sum\n    served so far: Sum 3 times\n',
    );
    const many = Array.from({ length: 20 }, (_, index) => `Kernel${index}`);
    const backends = [{ ...report.backends[1], fallbackKernels: many, fallbackCalls: {} }];
    expect(formatDoctor({ ...report, backends })).toContain('served by the cpu backend: 20 kernels\n');
    expect(formatDoctor({ ...report, backends }, { kernels: true })).toContain(
      'Kernel19\n    served so far: nothing\n',
    );
    expect(() => formatDoctor(report, { kernel: true } as never)).toThrow(/GS_OPTION_UNKNOWN/);
  });

  it('draws what is not known and what fails', () => {
    const unknown = { ...report, host: { ...host, cores: null, memory: { total: null, used: null } } };
    expect(formatDoctor(unknown)).toContain('cores              not known');
    expect(formatDoctor({ ...report, chosen: null })).toContain('No backend works here.');
    expect(formatDoctor({ ...report, environment: 'cpu' })).toContain('as GRADSTREAM_BACKEND says');
    expect(formatDoctor({ ...report, environment: 'gpu', chosen: null })).toContain('names "gpu", which does not work');
  });
});

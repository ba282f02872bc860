import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { cudnnAt, cudnnCandidates, environmentDnn, loadCudnn } from './cudnn.js';

afterEach(() => vi.unstubAllEnvs());

describe('environmentDnn', () => {
  it.each([
    [undefined, {}],
    ['off', { library: false }],
    [' /opt/libcudnn.so.9 ', { library: '/opt/libcudnn.so.9' }],
  ])('of GRADSTREAM_CUDNN=%s', (library, options) => {
    vi.stubEnv('GRADSTREAM_CUDNN', library);
    expect(environmentDnn()).toEqual(options);
  });
});

describe('loadCudnn', () => {
  it('gives nothing where the library is not there or is something else', () => {
    expect(loadCudnn('/nowhere/libcudnn.so.9')).toBeUndefined();
    expect(loadCudnn(import.meta.filename)).toBeUndefined();
  });
});

describe.skipIf(process.platform === 'win32')('the search for cuDNN', () => {
  it('asks the dynamic loader first, then looks in a toolkit and in the folder of a pip package; of a folder the newest', () => {
    const root = mkdtempSync(join(tmpdir(), 'cudnn-'));
    try {
      for (const name of ['CUDA_HOME', 'CUDA_PATH', 'VIRTUAL_ENV', 'CONDA_PREFIX']) vi.stubEnv(name, undefined);
      const [toolkit, wheel] = ['toolkit/lib64', 'python/lib/python3.12/site-packages/nvidia/cudnn/lib'].map((name) =>
        join(root, name),
      ) as [string, string];
      for (const folder of [toolkit, wheel]) mkdirSync(folder, { recursive: true });
      for (const file of [join(toolkit, 'libcudnn.so.8'), join(wheel, 'libcudnn.so.8'), join(wheel, 'libcudnn.so.9')])
        writeFileSync(file, '');
      writeFileSync(join(wheel, 'libcudnn_ops.so.9'), '');
      vi.stubEnv('CUDA_HOME', join(root, 'toolkit'));
      vi.stubEnv('VIRTUAL_ENV', join(root, 'python'));
      const names = cudnnCandidates();
      expect(names.slice(0, 2)).toEqual(['libcudnn.so.9', 'libcudnn.so.8']);
      expect(names.filter((path) => path.startsWith(root))).toEqual([
        join(toolkit, 'libcudnn.so.8'),
        join(wheel, 'libcudnn.so.9'),
        join(wheel, 'libcudnn.so.8'),
      ]);
      expect(cudnnAt(wheel)).toBe(join(wheel, 'libcudnn.so.9'));
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

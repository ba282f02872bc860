import { describe, expect, it } from 'vitest';
import { readInShape, type PackageBackend } from './package-backend.js';
import { tensorflowBackend, tensorflowPlugin } from './tensorflow-backend.js';
import { thisHost } from './tensorflow-packages.js';
import { whyNoGpu, whyNotLoaded } from './why-not.js';

// test/tensorflow-adapter.spec.ts runs it on packages that are like the real ones, each in a process of its own.
const GPU = '@tensorflow/tfjs-node-gpu';

describe('tensorflowBackend', () => {
  it.each([
    [{ gpu: true }, 'GS_OPTION_UNKNOWN'],
    [{ device: 'cpu' }, 'GS_OPTION_VALUE'],
    [null, 'GS_OPTION_TYPE'],
  ])('refuses %j with %s', (options, code) => {
    expect(() => tensorflowBackend(options as never)).toThrow(code);
  });

  it('looks without loading anything', async () => {
    const host = { ...thisHost, load: () => Promise.reject(new Error('not asked')), versionOf: () => '4.22.0' };
    expect(await tensorflowPlugin(undefined, host).probe()).toEqual({
      available: true,
      detail: 'tfjs-node-gpu 4.22.0, tfjs-node 4.22.0',
    });
    expect(await tensorflowBackend({ device: 'gpu' }).probe()).toMatchObject({
      available: false,
      reason: `The package ${GPU} is not installed`,
    });
  });

  it('does not load a package here that ends a process', async () => {
    const host = {
      ...thisHost,
      versionOf: (name: string) => (name === GPU ? '4.22.0' : undefined),
      hasLibrary: (name: string) => name === 'libcuda.so.1',
      crashOf: () => Promise.resolve('SIGSEGV'),
      load: () => Promise.reject(new Error('not asked')),
    };
    await expect(tensorflowPlugin(undefined, host).start()).rejects.toMatchObject({
      code: 'GS_BACKEND_UNAVAILABLE',
      what: expect.stringMatching(/^tfjs-node-gpu ends a process that loads it, with SIGSEGV/),
      next: expect.stringContaining('nvidia-smi'),
    });
    const wellBehaved = { ...host, crashOf: () => Promise.resolve(undefined) };
    await expect(tensorflowPlugin(undefined, wellBehaved).start()).rejects.toThrow('not asked');
  });

  it('knows that a package that cannot be found ends nothing', async () => {
    expect(await thisHost.crashOf(GPU)).toBeUndefined();
  });

  it('knows which libraries the loader finds', () => {
    expect(thisHost.hasLibrary('libgradstream-is-not-there.so.1')).toBe(false);
    if (process.platform === 'linux') expect(thisHost.hasLibrary('libdl.so.2')).toBe(true);
  });
});

describe('why', () => {
  it.each([
    [
      'libtensorflow.so.2: cannot open shared object file: No such file',
      /: libtensorflow\.so\.2 is missing$/,
      /rebuild/,
    ],
    ['libcudnn.so.8: cannot open shared object file: No such file', /: libcudnn\.so\.8 is missing$/, /^Install CUDA/],
    [
      "dlopen(/a/tfjs_binding.node): Library not loaded: '@rpath/libtensorflow.2.dylib' (no such file)",
      /libtensorflow\.2\.dylib is missing$/,
      /rebuild/,
    ],
    ["Module did not self-register: '/a/tfjs_binding.node'.", /built for another Node\.js/, /build-addon-from-source/],
    ['/a/tfjs_binding.node: invalid ELF header', /another processor$/, /build-addon-from-source/],
    ['first\nsecond', /^tfjs-node-gpu cannot be loaded: first$/, /^Install it afresh/],
  ])('%s', (message, reason, remedy) => {
    expect(whyNotLoaded(GPU, new Error(message))).toEqual({
      reason: expect.stringMatching(reason),
      remedy: expect.stringMatching(remedy),
    });
  });

  it.each<[string, string[], RegExp, RegExp]>([
    [
      '2.9.1',
      ['libcudart.so.11.0', 'libcudnn.so.8'],
      /: libcudart\.so\.11\.0, libcudnn\.so\.8 are missing$/,
      /^Install CUDA 11/,
    ],
    ['2.9.1', ['libcuda.so.1'], /: libcuda\.so\.1 is missing$/, /^Install the NVIDIA driver[^.]*$/],
    ['2.9.1', ['libcuda.so.1', 'libcudnn.so.8'], /are missing$/, /NVIDIA driver.*CUDA 11/],
    ['2.9.1', [], /: TensorFlow 2\.9\.1 finds no GPU that it can use$/, /nvidia-smi/],
    ['2.21.0', ['libcudart.so.11.0'], /: TensorFlow 2\.21\.0 finds no GPU/, /nvidia-smi/],
  ])('TensorFlow %s without %j computes on the CPU', (version, missing, reason, remedy) => {
    const why = whyNoGpu(version, { hasLibrary: (name) => !missing.includes(name) });
    expect(why).toEqual({ reason: expect.stringMatching(reason), remedy: expect.stringMatching(remedy) });
  });
});

describe('readInShape', () => {
  it('reads data in the shape that is asked for, in two at once, and keeps nothing of others', () => {
    const alive = new Map([[1, [6]]]);
    const binding = {
      TF_INT32: 3,
      TF_ATTR_TYPE: 2,
      createTensor: (_: number[], __: number, values: Int32Array) => made([...values]),
      deleteTensor: (id: number) => void alive.delete(id),
      executeOp: (_: string, __: object[], [, shape]: number[]) => [{ id: made(alive.get(shape!)!) }],
    };
    const made = (shape: number[]): number => {
      const id = Math.max(0, ...alive.keys()) + 1;
      alive.set(id, shape);
      return id;
    };
    const [data, fresh] = [{}, {}];
    const tensorMap = new Map<object, { shape: number[]; dtype: number; id: number; values: unknown }>([
      [data, { shape: [6], dtype: 1, id: 1, values: null }],
      [fresh, { shape: [2], dtype: 1, id: -1, values: [1, 2] }],
    ]);
    const getInputTensorIds = (inputs: { dataId: object }[]): number[] =>
      inputs.map(({ dataId }) => tensorMap.get(dataId)?.id ?? 99);
    const backend = { binding, tensorMap, getInputTensorIds } as unknown as PackageBackend;
    readInShape(backend);
    readInShape(backend);
    const read = (...inputs: { dataId?: object; shape: number[] }[]): (number[] | undefined)[] =>
      backend.getInputTensorIds(inputs).map((id) => alive.get(id));
    expect(read({ dataId: data, shape: [6] })).toEqual([[6]]);
    expect(alive.size).toBe(1);
    expect(read({ dataId: data, shape: [2, 3] }, { dataId: data, shape: [3, 2] })).toEqual([
      [2, 3],
      [3, 2],
    ]);
    expect(read({ dataId: data, shape: [3, 2] })).toEqual([[3, 2]]);
    expect(alive.size).toBe(1);
    read({ dataId: fresh, shape: [1, 2] }, { shape: [] });
    expect(tensorMap.get(fresh)!.shape).toEqual([1, 2]);
  });
});

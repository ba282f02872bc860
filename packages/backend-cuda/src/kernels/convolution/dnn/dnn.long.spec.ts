import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCudnnLookAlike, type CudnnLookAlike } from '../../../../testing/cudnn.js';
import {
  expectSameAsCpu,
  noEmulator,
  numbers,
  onEmulator,
  startOnEmulator,
  type Emulator,
} from '../../../../testing/emulator.js';
import { captureStep } from '../../../capture/capture-step.js';
import { CUDA, cudaBackend } from '../../../cuda.js';
import type { CudaBackend } from '../../../cuda-backend.js';

const RUNS = ['cudnnConvolutionForward', 'cudnnConvolutionBackwardData', 'cudnnConvolutionBackwardFilter'];
/** Each product of the check that a start makes. */
const CHECK = [1, 1, 1];
const NONE = [0, 0, 0];

/** A convolution and its gradients: of an image, a filter, a stride, a padding and dilations. */
interface Given {
  readonly image: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly strides?: [number, number];
  readonly pad?: 'same' | 'valid' | number | readonly (readonly [number, number])[];
  readonly dilations?: [number, number];
}

const SMALL: Given = { image: [2, 6, 7, 5], filter: [3, 3, 5, 4] };

describe.skipIf(noEmulator !== undefined)(`convolutions by a look-alike of cuDNN, ${onEmulator}`, () => {
  let emulator: Emulator;
  let cudnn: CudnnLookAlike;
  let backend: CudaBackend;
  beforeAll(async () => void (cudnn = await loadCudnnLookAlike()), 600_000);
  beforeEach(async () => void ({ backend, emulator } = await startOnEmulator({ cudnn: cudnn.library })));
  afterEach(() => {
    cudnn.mend();
    vi.unstubAllEnvs();
    if (tf.findBackendFactory(CUDA) !== null) tf.removeBackend(CUDA);
    expect([cudnn.alive(), emulator.blocks()]).toEqual([0, 0]);
  });

  /** How many products of each kind cuDNN made meanwhile. */
  const products = async (run: () => unknown): Promise<readonly number[]> => {
    const before = RUNS.map(cudnn.called);
    await run();
    return RUNS.map((name, index) => cudnn.called(name) - before[index]!);
  };
  const convolved = ({ image, filter, strides = [1, 1], pad = 'same', dilations = [1, 1] }: Given): tf.Tensor[] => {
    const attrs = { strides, pad, dilations, dataFormat: 'NHWC' };
    const run = (name: string, inputs: Record<string, tf.Tensor>, more: object): tf.Tensor =>
      tf.engine().runKernel(name, inputs, { ...attrs, ...more } as never) as tf.Tensor;
    const [x, f] = [numbers(image), numbers(filter, 2)];
    const y = run('Conv2D', { x, filter: f }, {});
    const dy = numbers(y.shape, 3);
    return [
      y,
      run('Conv2DBackpropInput', { dy, filter: f }, { inputShape: image }),
      run('Conv2DBackpropFilter', { x, dy }, { filterShape: filter }),
    ];
  };
  const every = (): boolean => backend.useCudnn({ library: cudnn.library, every: true });
  /** What is said of cuDNN. */
  const said = (): string => backend.detail.split('; ').at(-1)!;

  it.each<[string, Given, readonly number[]]>([
    ['one', SMALL, [1, 1, 1]],
    ['one with a stride', { ...SMALL, image: [2, 7, 7, 5], strides: [2, 2] }, [1, 1, 1]],
    ['one that does not see the last row', { ...SMALL, image: [1, 8, 8, 5], strides: [2, 2], pad: 'valid' }, [1, 1, 1]],
    ['one with more below than above', { ...SMALL, image: [1, 8, 8, 5], strides: [2, 2] }, NONE],
    [
      'one with more above than below',
      {
        ...SMALL,
        pad: [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 0],
        ],
      },
      NONE,
    ],
  ])('%s is what tfjs-backend-cpu gives', async (_, given, counts) => {
    expect([every(), said()]).toEqual([true, 'cuDNN 9.10.2']);
    expect(await products(() => expectSameAsCpu(() => convolved(given), 1e-5))).toEqual(counts);
  });

  it('one with dilations is what own kernels give', async () => {
    const given: Given = { ...SMALL, image: [1, 9, 8, 5], dilations: [2, 3], pad: 'valid' };
    const all = (): number[] => {
      const tensors = convolved(given);
      const values = tensors.flatMap((x) => [...x.dataSync()]);
      tf.dispose(tensors);
      return values;
    };
    every();
    let theirs: number[] = [];
    expect(await products(() => void (theirs = all()))).toEqual([1, 1, 1]);
    backend.useCudnn({ library: false });
    const ours = all();
    expect(theirs.every((value, index) => Math.abs(value - ours[index]!) <= 1e-5 * (1 + Math.abs(value)))).toBe(true);
  });

  it('gets its bias and its activation afterwards', async () => {
    every();
    const fused = (): tf.Tensor =>
      tf.fused.conv2d({
        x: numbers([1, 6, 6, 4]) as tf.Tensor4D,
        filter: numbers([3, 3, 4, 6], 2) as tf.Tensor4D,
        strides: 1,
        pad: 'same',
        bias: numbers([6], 3) as tf.Tensor1D,
        activation: 'relu',
      });
    expect(await products(() => expectSameAsCpu(fused, 1e-5))).toEqual([1, 0, 0]);
  });

  it('are its own from 128 channels on, where they are large, and the algorithm is chosen once', async () => {
    const find = 'cudnnGetConvolutionForwardAlgorithm_v7';
    const convolve = (size: number, channels: number): number =>
      tf.tidy(() => {
        const x = numbers([1, size, size, channels]) as tf.Tensor4D;
        return tf.conv2d(x, tf.ones([3, 3, channels, 128]), 1, 'same').dataSync()[0]!;
      });
    expect(await products(() => convolve(15, 127))).toEqual(NONE);
    expect(await products(() => convolve(14, 128))).toEqual(NONE);
    expect(await products(() => convolve(16, 128))).toEqual([2, 1, 1]);
    const before = cudnn.called(find);
    expect([await products(() => convolve(16, 128)), cudnn.called(find) - before]).toEqual([[1, 0, 0], 0]);
  });

  it('are of numbers rounded to TF32 only where that is allowed', () => {
    every();
    // 1 + 2^-12 is 1 in TF32, and the product is large enough to be rounded.
    const off = (): number =>
      tf.tidy(() => {
        const x = tf.fill([1, 24, 24, 16], 1 + 2 ** -12) as tf.Tensor4D;
        return tf.conv2d(x, tf.ones([3, 3, 16, 16]), 1, 'valid').dataSync()[5]! - 144;
      });
    expect(off()).toBeCloseTo(144 * 2 ** -12, 5);
    backend.useCublas({ library: false, tf32: true });
    expect([off(), said()]).toEqual([0, 'cuDNN 9.10.2']);
  });

  it('are recorded with a step once they were done; those that were not are own ones there', async () => {
    every();
    const [x, filter] = [numbers([2, 6, 6, 5]) as tf.Tensor4D, numbers([3, 3, 5, 4], 2) as tf.Tensor4D];
    const step = (): tf.Tensor => tf.tidy(() => tf.sum(tf.square(tf.conv2d(x, filter, 1, 'same'))));
    const unseen = (): tf.Tensor => tf.tidy(() => tf.sum(tf.square(tf.conv2d(x, filter, 1, 'valid'))));
    const wanted = tf.tidy(() => step().dataSync()[0]!);
    const choices = cudnn.called('cudnnGetConvolutionForwardAlgorithm_v7');
    const captured = captureStep(step);
    expect([captured.isCaptured, captured.reason]).toEqual([true, undefined]);
    const launched = cudnn.called(RUNS[0]!);
    captured.run();
    expect([captured.results.dataSync()[0], cudnn.called(RUNS[0]!)]).toEqual([wanted, launched]);
    expect(cudnn.called('cudnnGetConvolutionForwardAlgorithm_v7')).toBe(choices);
    captured.dispose();
    const recorded = backend.recordStep(
      () => unseen().dispose(),
      () => [],
    );
    expect(cudnn.called(RUNS[0]!)).toBe(launched);
    if ('dispose' in recorded) recorded.dispose();
    tf.dispose([x, filter]);
  });

  it.each([
    'cudnnCreate',
    'cudnnSetStream',
    'cudnnCreateTensorDescriptor',
    'cudnnSetTensor4dDescriptor',
    'cudnnCreateFilterDescriptor',
    'cudnnSetFilter4dDescriptor',
    'cudnnCreateConvolutionDescriptor',
    'cudnnSetConvolution2dDescriptor',
    'cudnnSetConvolutionMathType',
    'cudnnGetConvolutionForwardAlgorithm_v7',
    'cudnnGetConvolutionBackwardDataAlgorithm_v7',
    'cudnnGetConvolutionBackwardFilterAlgorithm_v7',
    'cudnnGetConvolutionForwardWorkspaceSize',
    'cudnnGetConvolutionBackwardDataWorkspaceSize',
    'cudnnGetConvolutionBackwardFilterWorkspaceSize',
    ...RUNS,
  ])('are own ones, and it is said why, where %s fails at the start', async (call) => {
    cudnn.fail(call, 0, 5000);
    expect(every()).toBe(false);
    expect(said()).toBe(`no cuDNN: ${call} gave CUDNN_STATUS_OF_A_TEST (5000)`);
    expect(cudnn.alive()).toBe(0);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
    // It can be asked for again.
    expect(every()).toBe(true);
  });

  it.each(RUNS)('are own ones from then on where %s fails later', async (call) => {
    every();
    cudnn.fail(call, 0, 5001);
    await expectSameAsCpu(() => convolved(SMALL), 1e-5);
    expect(said()).toBe(`no cuDNN: ${call} gave CUDNN_STATUS_OF_A_TEST (5001)`);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
  });

  it.each(RUNS)('are own ones for one shape where %s does not know that', async (call) => {
    every();
    cudnn.fail(call, 0, 3000);
    await expectSameAsCpu(() => convolved(SMALL), 1e-5);
    const wanted = RUNS.map((name) => Number(name !== call));
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(wanted);
    expect(await products(() => expectSameAsCpu(() => convolved({ ...SMALL, pad: 'valid' }), 1e-5))).toEqual([1, 1, 1]);
    expect(said()).toBe('cuDNN 9.10.2');
  });

  it('are own ones where its numbers are wrong', async () => {
    cudnn.spoil(0.1, 1000);
    expect([every(), said()]).toEqual([
      false,
      expect.stringMatching(/^no cuDNN: its numbers are wrong: off by .*conv/),
    ]);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
    cudnn.spoil(Number.NaN, 1000);
    expect(every()).toBe(false);
  });

  it('are own ones where every algorithm wants too much memory, or there is none', async () => {
    every();
    cudnn.spoil(0, 2 ** 28);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
    ({ backend } = await startOnEmulator({ cudnn: cudnn.library, memoryLimit: 2 ** 21 }));
    cudnn.spoil(0, 2 ** 22);
    expect(every()).toBe(false);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
  });

  it('hold no memory after a convolution', async () => {
    every();
    const used = backend.memory().device.used;
    await expectSameAsCpu(() => convolved(SMALL), 1e-5);
    expect(backend.memory().device.used).toBe(used);
  });

  it('are own ones where that is asked for, and of a backend that is started again its own', async () => {
    expect([backend.useCudnn({ library: false }), said()]).toEqual([false, expect.not.stringContaining('cuDNN')]);
    expect(await products(() => expectSameAsCpu(() => convolved(SMALL), 1e-5))).toEqual(NONE);
    expect(backend.useCudnn({ library: '/nowhere/libcudnn.so.9' })).toBe(false);
    expect(said()).toBe('no cuDNN: /nowhere/libcudnn.so.9 is no cuDNN 8 or 9');
  });

  it('are examined for who asks what the backend runs on', async () => {
    const plugin = cudaBackend();
    expect(await plugin.examine()).toMatch(/^CPU emulation 0.*; cuDNN 9\.10\.2; no cuBLAS$/);
    backend.useCudnn({ library: false });
    expect(await plugin.examine()).toMatch(/13\.0; no cuBLAS$/);
    tf.removeBackend(CUDA);
    expect(await plugin.examine()).toBe('not started');
  });

  it('a library that is named and not there is an error at the start, from an option or from the environment', async () => {
    tf.removeBackend(CUDA);
    const { library } = emulator;
    await expect(cudaBackend({ library, cudnn: '/nowhere/libcudnn.so.9' }).start()).rejects.toThrow(
      /GS_BACKEND_START[\s\S]*cuDNN[\s\S]*\/nowhere\/libcudnn/,
    );
    // One of another library has none of its functions.
    vi.stubEnv('GRADSTREAM_CUDNN', library);
    await expect(cudaBackend({ library }).start()).rejects.toThrow(/GS_BACKEND_START[\s\S]*GRADSTREAM_CUDNN/);
    vi.stubEnv('GRADSTREAM_CUDNN', cudnn.library);
    await cudaBackend({ library }).start();
    const now = tf.backend() as CudaBackend;
    expect(now.useCudnn()).toBe(true);
    expect(CHECK).toEqual(await products(() => now.useCudnn()));
  });
});

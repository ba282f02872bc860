import type { backend_util } from '@tensorflow/tfjs-core';
import type { Address, Handle } from '../../../driver/driver.js';
import type { Cudnn } from '../../../node/cudnn.js';
import type { ConvolutionKind } from '../own-products.js';

/** What products are of: float32 numbers as they are, or rounded to TF32. As cuDNN numbers it: 3 is fused multiplication and addition, 0 lets tensor cores round. */
export type DnnMath = 'float32' | 'tf32';
const MATH: Readonly<Record<DnnMath, number>> = { float32: 3, tf32: 0 };
/** How results may say that they compute: never by a conversion to float16, which is 2. */
const MAY_BE: Readonly<Record<DnnMath, readonly number[]>> = { float32: [3, 0], tf32: [0, 1] };

/** As cuDNN numbers them: [batch, height, width, channels] and filters [out][height][width][in], numbers of 32 bits, filters that are not mirrored. */
const NHWC = 1;
const FLOAT32 = 0;
const CROSS_CORRELATION = 1;
const DETERMINISTIC = 1;

/** Algorithms asked for, the bytes that tell of each (`cudnnConvolutionFwdAlgoPerf_t` and its like), and where its parts begin. */
const ASKED = 8;
const BYTES_EACH = 48;
const AT = { algorithm: 0, status: 4, determinism: 24, math: 28 } as const;

/** The most bytes that an algorithm may use meanwhile: those that want more cost the memory of other steps. */
export const MOST_WORKSPACE: number = 128 * 2 ** 20;

/** The functions for each product, and the algorithms taken: sums of products in a fixed order, none by transforms, which have larger errors. */
const kinds = {
  conv: {
    find: 'cudnnGetConvolutionForwardAlgorithm_v7',
    size: 'cudnnGetConvolutionForwardWorkspaceSize',
    run: 'cudnnConvolutionForward',
    algorithms: [0, 1, 2],
  },
  conv_input: {
    find: 'cudnnGetConvolutionBackwardDataAlgorithm_v7',
    size: 'cudnnGetConvolutionBackwardDataWorkspaceSize',
    run: 'cudnnConvolutionBackwardData',
    algorithms: [1],
  },
  conv_filter: {
    find: 'cudnnGetConvolutionBackwardFilterAlgorithm_v7',
    size: 'cudnnGetConvolutionBackwardFilterWorkspaceSize',
    run: 'cudnnConvolutionBackwardFilter',
    algorithms: [1],
  },
} as const;

const one = Float32Array.of(1);
const none = Float32Array.of(0);

/** A call of cuDNN that failed. `isUnsupported`: only this convolution cannot be had. */
export class DnnFailure extends Error {
  readonly isUnsupported: boolean;

  constructor(call: string, status: number, text: string) {
    super(`${call} gave ${text} (${status})`);
    // 9 in cuDNN 8, and 3000 to 3999 in cuDNN 9.
    this.isUnsupported = status === 9 || (status >= 3000 && status < 4000);
  }
}

/** Throws `DnnFailure` where a call did not give 0. */
export function checkDnn(cudnn: Cudnn, call: keyof Cudnn, status: number): void {
  if (status !== 0) throw new DnnFailure(call, status, cudnn.cudnnGetErrorString(status));
}

/** One convolution, ready to be run: what describes it to cuDNN, and the algorithm. */
export class DnnPlan {
  /** Bytes that it needs meanwhile. */
  readonly bytes: number;
  readonly #cudnn: Cudnn;
  readonly #handle: Handle;
  readonly #kind: ConvolutionKind;
  readonly #made: (() => number)[] = [];
  readonly #operands: readonly [first: Handle, second: Handle, result: Handle];
  readonly #convolution: Handle;
  readonly #algorithm: number;

  /** Throws `DnnFailure` where a call fails, or where no algorithm will do. */
  constructor(cudnn: Cudnn, handle: Handle, kind: ConvolutionKind, info: backend_util.Conv2DInfo, math: DnnMath) {
    this.#cudnn = cudnn;
    this.#handle = handle;
    this.#kind = kind;
    try {
      const { batchSize, inChannels, inHeight, inWidth, outChannels, outHeight, outWidth } = info;
      const x = this.#describe('Tensor');
      this.#call('cudnnSetTensor4dDescriptor', x, NHWC, FLOAT32, batchSize, inChannels, inHeight, inWidth);
      const y = this.#describe('Tensor');
      this.#call('cudnnSetTensor4dDescriptor', y, NHWC, FLOAT32, batchSize, outChannels, outHeight, outWidth);
      const filter = this.#describe('Filter');
      const taps = [info.filterHeight, info.filterWidth];
      this.#call('cudnnSetFilter4dDescriptor', filter, FLOAT32, NHWC, outChannels, inChannels, ...taps);
      this.#convolution = this.#describe('Convolution');
      const windows = [info.padInfo.top, info.padInfo.left, info.strideHeight, info.strideWidth];
      const dilations = [info.dilationHeight, info.dilationWidth];
      const values = [...windows, ...dilations, CROSS_CORRELATION, FLOAT32];
      this.#call('cudnnSetConvolution2dDescriptor', this.#convolution, ...values);
      this.#call('cudnnSetConvolutionMathType', this.#convolution, MATH[math]);
      this.#operands = kind === 'conv' ? [x, filter, y] : kind === 'conv_input' ? [filter, y, x] : [x, y, filter];
      [this.#algorithm, this.bytes] = this.#choose(math);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** Throws `DnnFailure`. Addresses are those of the operands as cuDNN takes them: a filter comes first where it is one of two. */
  run(first: Address, second: Address, result: Address, workspace: Address): void {
    const [a, b, c] = this.#operands;
    const { run } = kinds[this.#kind];
    const status = this.#cudnn[run](
      ...[this.#handle, one],
      ...([a, first, b, second] as const),
      ...([this.#convolution, this.#algorithm, workspace, this.bytes, none, c, result] as const),
    );
    checkDnn(this.#cudnn, run, status);
  }

  dispose(): void {
    for (const undo of this.#made.splice(0)) undo();
  }

  #call(name: keyof Cudnn, ...values: readonly (number | [number] | Uint8Array)[]): void {
    const call = this.#cudnn[name] as (...all: typeof values) => number;
    checkDnn(this.#cudnn, name, call(...values));
  }

  #describe(what: 'Tensor' | 'Filter' | 'Convolution'): Handle {
    const made: [Handle] = [0];
    this.#call(`cudnnCreate${what}Descriptor`, made);
    const handle = Number(made[0]);
    this.#made.push(() => this.#cudnn[`cudnnDestroy${what}Descriptor`](handle));
    return handle;
  }

  /** The algorithm that cuDNN expects to be fastest of those that will do, and its bytes. */
  #choose(math: DnnMath): [algorithm: number, bytes: number] {
    const { find, size, algorithms } = kinds[this.#kind];
    const [a, b, c] = this.#operands;
    const count: [number] = [0];
    const found = new Uint8Array(ASKED * BYTES_EACH);
    this.#call(find, this.#handle, a, b, this.#convolution, c, ASKED, count, found);
    const view = new DataView(found.buffer);
    for (let index = 0; index < Math.min(ASKED, count[0]); index++) {
      const part = (at: number): number => view.getInt32(index * BYTES_EACH + at, true);
      const [algorithm, itsMath] = [part(AT.algorithm), part(AT.math)];
      if (part(AT.status) !== 0 || part(AT.determinism) !== DETERMINISTIC) continue;
      if (!MAY_BE[math].includes(itsMath) || !(algorithms as readonly number[]).includes(algorithm)) continue;
      if (math === 'tf32') this.#call('cudnnSetConvolutionMathType', this.#convolution, itsMath);
      const bytes: [number] = [0];
      this.#call(size, this.#handle, a, b, this.#convolution, c, algorithm, bytes);
      if (Number(bytes[0]) <= MOST_WORKSPACE) return [algorithm, Number(bytes[0])];
    }
    throw new DnnFailure(find, 3000, 'no algorithm that is exact, of a fixed order, and of little memory');
  }
}

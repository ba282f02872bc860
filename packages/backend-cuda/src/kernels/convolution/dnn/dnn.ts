import type { backend_util } from '@tensorflow/tfjs-core';
import type { Address, Handle } from '../../../driver/driver.js';
import { blocks, WARPS } from '../../../internal/grid.js';
import { kernelsIn } from '../../../internal/modules.js';
import type { CudaRuntime } from '../../../internal/runtime.js';
import { cudnnAt, environmentDnn, loadCudnn, type Cudnn, type DnnOptions } from '../../../node/cudnn.js';
import type { ConvolutionAddresses, ConvolutionKind } from '../own-products.js';
import { checkDnn, DnnFailure, DnnPlan, type DnnMath } from './plan.js';

const kernels = kernelsIn('movement', { transpose_words: 'ppii' });

/** So many shapes are remembered: those of the batches of some models. */
const MOST_PLANS = 512;

/** cuDNN at work on one device. What goes wrong in it for good is kept as the reason why it is not used. */
export class Dnn {
  /** Its release, as 9.10.2. */
  readonly version: string;
  readonly #runtime: CudaRuntime;
  readonly #cudnn: Cudnn;
  readonly #handle: Handle;
  readonly #plans = new Map<string, DnnPlan | 'unsupported'>();

  /** Throws `DnnFailure` where it cannot be started. */
  constructor(runtime: CudaRuntime, cudnn: Cudnn) {
    this.#runtime = runtime;
    this.#cudnn = cudnn;
    const number = Number(cudnn.cudnnGetVersion());
    const [major, rest] = number < 90_000 ? [1000, number % 1000] : [10_000, number % 10_000];
    this.version = [Math.floor(number / major), Math.floor(rest / 100), rest % 100].join('.');
    const handle: [Handle] = [0];
    checkDnn(cudnn, 'cudnnCreate', cudnn.cudnnCreate(handle));
    this.#handle = Number(handle[0]);
    try {
      checkDnn(cudnn, 'cudnnSetStream', cudnn.cudnnSetStream(this.#handle, runtime.stream));
    } catch (error) {
      cudnn.cudnnDestroy(this.#handle);
      throw error;
    }
  }

  /**
   * One product of a convolution. False where it cannot do that one, or has not seen it and a step is being recorded: choosing an algorithm is not for recordings.
   * Throws `DnnFailure` for any other failure; what was written then means nothing.
   */
  convolve(kind: ConvolutionKind, info: backend_util.Conv2DInfo, at: ConvolutionAddresses, math: DnnMath): boolean {
    const plan = this.#planned(kind, info, math);
    if (plan === undefined) return false;
    const [taps, channels, outChannels] = [info.filterHeight * info.filterWidth, info.inChannels, info.outChannels];
    const rows = taps * channels;
    // Where the filter lies as cuDNN wants it: output channels first.
    const filterBytes = Math.ceil((rows * outChannels * 4) / 256) * 256;
    const block = this.#runtime.pool.allocateIfThere(filterBytes + Math.max(1, plan.bytes));
    if (block === undefined) return false;
    const [filter, workspace] = [block.address, block.address + filterBytes];
    const [a, b, to] = at;
    try {
      if (kind !== 'conv_filter') this.#transpose(b, filter, rows, outChannels);
      if (kind === 'conv') plan.run(a, filter, to, workspace);
      else if (kind === 'conv_input') plan.run(filter, a, to, workspace);
      else plan.run(a, b, filter, workspace);
      this.#runtime.launches++;
      if (kind === 'conv_filter') this.#transpose(filter, to, outChannels, rows);
    } catch (error) {
      if (error instanceof DnnFailure && error.isUnsupported) return this.#give(kind, info, math);
      throw error;
    } finally {
      block.pool.release(block);
    }
    return true;
  }

  dispose(): void {
    this.#forget();
    this.#cudnn.cudnnDestroy(this.#handle);
  }

  #planned(kind: ConvolutionKind, info: backend_util.Conv2DInfo, math: DnnMath): DnnPlan | undefined {
    const key = keyOf(kind, info, math);
    let plan = this.#plans.get(key);
    if (plan === undefined) {
      if (this.#runtime.capturing) return undefined;
      if (this.#plans.size >= MOST_PLANS) this.#forget();
      try {
        plan = new DnnPlan(this.#cudnn, this.#handle, kind, info, math);
      } catch (error) {
        if (!(error instanceof DnnFailure) || !error.isUnsupported) throw error;
        plan = 'unsupported';
      }
      this.#plans.set(key, plan);
    }
    return plan === 'unsupported' ? undefined : plan;
  }

  /** Leaves a convolution to own kernels from now on. */
  #give(kind: ConvolutionKind, info: backend_util.Conv2DInfo, math: DnnMath): false {
    const key = keyOf(kind, info, math);
    (this.#plans.get(key) as DnnPlan).dispose();
    this.#plans.set(key, 'unsupported');
    return false;
  }

  #forget(): void {
    for (const plan of this.#plans.values()) if (plan !== 'unsupported') plan.dispose();
    this.#plans.clear();
  }

  #transpose(from: Address, to: Address, rows: number, columns: number): void {
    const grid = [blocks(rows, 32) * blocks(columns, 32), 1, 1] as const;
    this.#runtime.launch(kernels.transpose_words, grid, WARPS, [from, to, rows, columns]);
  }
}

function keyOf(kind: ConvolutionKind, info: backend_util.Conv2DInfo, math: DnnMath): string {
  const { top, left } = info.padInfo;
  return [
    ...[kind, math, info.inShape, info.outShape, info.outHeight, info.outWidth, info.filterHeight, info.filterWidth],
    ...[info.strideHeight, info.strideWidth, info.dilationHeight, info.dilationWidth, top, left],
  ].join();
}

/** Starts cuDNN as the options say; a text says why it is not used, nothing where that was asked for. */
export function startDnn(runtime: CudaRuntime, options: DnnOptions): Dnn | string | undefined {
  const { library } = { ...environmentDnn(), ...options };
  // The emulated device has no cuDNN but one that a test names.
  if (library === false || (library === undefined && runtime.device.name.startsWith('CPU emulation'))) return undefined;
  const cudnn = loadCudnn(library === undefined ? undefined : cudnnAt(library));
  if (cudnn === undefined) return library === undefined ? 'it is not found' : `${library} is no cuDNN 8 or 9`;
  try {
    return new Dnn(runtime, cudnn);
  } catch (error) {
    if (error instanceof DnnFailure) return error.message;
    throw error;
  }
}

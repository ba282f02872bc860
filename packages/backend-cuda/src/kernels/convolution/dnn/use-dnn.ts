import type { backend_util } from '@tensorflow/tfjs-core';
import type { CudaRuntime } from '../../../internal/runtime.js';
import type { DnnOptions } from '../../../node/cudnn.js';
import type { ConvolutionAddresses, ConvolutionKind } from '../own-products.js';
import { differenceOf } from './check.js';
import { startDnn, type Dnn } from './dnn.js';
import { DnnFailure, type DnnMath } from './plan.js';

/**
 * cuDNN does convolutions from so many channels on, on both sides. With fewer own kernels, which make no copy of the filter, are faster: a step of ResNet-20, of at most
 * 64 channels, took three quarters of the time of one whose convolutions were cuDNN's, on an H100. With more the products are what a device's libraries are best at:
 * own ones of large matrices ran at 81 % of cuBLAS' speed there. To be measured for convolutions.
 */
const LEAST_CHANNELS = 128;
/** And from so many multiplications on: below, they take less time than the launch that turns the filter round. */
const LEAST_MULTIPLICATIONS = 2 ** 25;

/** What became of cuDNN on a device. */
interface State {
  readonly options: DnnOptions;
  /** What runs, or why it does not; undefined where it is not wanted, and before it was needed. */
  now: Dnn | string | undefined;
  isStarted: boolean;
  readonly checked: Set<DnnMath>;
}

const states = new WeakMap<CudaRuntime, State>();

/** Uses cuDNN as the options say from now on; it is started when a convolution needs it. */
export function useDnn(runtime: CudaRuntime, options: DnnOptions = {}): void {
  const known = states.get(runtime);
  if (isDnn(known?.now)) known.now.dispose();
  const state: State = { options, now: undefined, isStarted: false, checked: new Set() };
  states.set(runtime, state);
  if (known === undefined)
    runtime.atEnd(() => {
      const last = states.get(runtime)!;
      if (isDnn(last.now)) last.now.dispose();
      states.delete(runtime);
    });
}

/** What became of cuDNN, for people; undefined where it is not wanted, and before a convolution needed it. */
export function aboutDnn(runtime: CudaRuntime): string | undefined {
  const now = states.get(runtime)?.now;
  return now === undefined ? undefined : typeof now === 'string' ? `no cuDNN: ${now}` : `cuDNN ${now.version}`;
}

/** Starts cuDNN and checks it now, and says whether it is used: for who wants to know before a convolution needs it. */
export function examineDnn(runtime: CudaRuntime): boolean {
  // In mixed precision it is not used, and own kernels round too much to be compared with.
  if (runtime.roundings.of(1) !== 'none') return false;
  return atWork(runtime, runtime.roundings.mayBeTf32 ? 'tf32' : 'float32') !== undefined;
}

/** One product of a convolution by cuDNN. False where that is not at hand, cannot do it, or is not worth while: own kernels do it then. */
export function convolveByDnn(
  runtime: CudaRuntime,
  kind: ConvolutionKind,
  info: backend_util.Conv2DInfo,
  at: ConvolutionAddresses,
  multiplications: number,
): boolean {
  const rounding = runtime.roundings.of(multiplications);
  // In mixed precision own kernels round float32 numbers while they read them; cuDNN would have to be given copies.
  if (rounding === 'bf16' || rounding === 'f16') return false;
  if (!isWorthWhile(runtime, info, multiplications) || !isCovered(info)) return false;
  const math = rounding === 'tf32' ? 'tf32' : 'float32';
  const dnn = atWork(runtime, math);
  if (dnn === undefined) return false;
  try {
    return dnn.convolve(kind, info, at, math);
  } catch (error) {
    giveUp(states.get(runtime)!, error);
    return false;
  }
}

function isWorthWhile(runtime: CudaRuntime, info: backend_util.Conv2DInfo, multiplications: number): boolean {
  if ((states.get(runtime)?.options ?? runtime.dnn).every === true) return true;
  return Math.min(info.inChannels, info.outChannels) >= LEAST_CHANNELS && multiplications >= LEAST_MULTIPLICATIONS;
}

/** cuDNN pads by as much on both sides. What lies behind the last window does not matter: where it finds as many windows, they are the same ones. */
function isCovered(info: backend_util.Conv2DInfo): boolean {
  const windows = (size: number, pad: number, filter: number, dilation: number, stride: number): number =>
    Math.floor((size + 2 * pad - ((filter - 1) * dilation + 1)) / stride) + 1;
  const { top, left } = info.padInfo;
  const { inHeight, inWidth, filterHeight, filterWidth } = info;
  return (
    Math.min(top, left) >= 0 &&
    windows(inHeight, top, filterHeight, info.dilationHeight, info.strideHeight) === info.outHeight &&
    windows(inWidth, left, filterWidth, info.dilationWidth, info.strideWidth) === info.outWidth
  );
}

/** cuDNN, started and checked; undefined where it is not to be used. */
function atWork(runtime: CudaRuntime, math: DnnMath): Dnn | undefined {
  if (!states.has(runtime)) useDnn(runtime, runtime.dnn);
  const state = states.get(runtime)!;
  if (!state.isStarted || (isDnn(state.now) && !state.checked.has(math))) {
    // It is neither started nor checked while a step is being recorded: both do what a recording forbids.
    if (runtime.capturing || runtime.isBroken) return undefined;
    if (!state.isStarted) state.now = startDnn(runtime, state.options);
    state.isStarted = true;
    if (!isDnn(state.now)) return undefined;
    state.checked.add(math);
    try {
      const difference = differenceOf(runtime, state.now, math);
      if (difference !== undefined) stop(state, difference);
    } catch (error) {
      giveUp(state, error);
    }
  }
  return isDnn(state.now) ? state.now : undefined;
}

const isDnn = (now: Dnn | string | undefined): now is Dnn => now !== undefined && typeof now !== 'string';

/** Keeps why it is not used any more. An error that is not cuDNN's is passed on. */
function giveUp(state: State, error: unknown): void {
  if (!(error instanceof DnnFailure)) throw error;
  stop(state, error.message);
}

function stop(state: State, reason: string): void {
  if (isDnn(state.now)) state.now.dispose();
  state.now = reason;
}

import { GradstreamError, type ErrorCode } from '@gradstream/core';
import { tensor, tidy, Variable, type DataId, type Tensor } from '@tensorflow/tfjs-core';
import type { Address } from '../driver/driver.js';
import { kernelsIn } from './modules.js';
import type { CudaRuntime } from './runtime.js';
import { typed, type TensorData, type TypedArray } from './tensor-data.js';
import { gridFor, THREADS } from './grid.js';

const convert = kernelsIn('convert', { write_bytes: 'pis', fill_words: 'pii', fill_bytes: 'pii' });

/** So many bytes travel with the launch of a kernel. */
const WITH_LAUNCH = 256;
/** The host keeps its copy of no more elements than this, for who asks whether it knows them. */
const KEPT = 4096;

/**
 * Brings the numbers of a tensor to the device. A few travel with a kernel's launch and equal ones are written by a kernel: neither waits for a copy, and both may
 * be captured. All else goes through pinned memory, and the host goes on.
 */
export function uploadValues(runtime: CudaRuntime, data: TensorData): void {
  const values = typed(data.values, data.dtype);
  const block = runtime.pool.allocate(data.bytes);
  try {
    write(runtime, values, block.address);
  } catch (error) {
    block.pool.release(block);
    throw error;
  }
  data.block = block;
  data.host = values.length <= KEPT ? values : undefined;
}

function write(runtime: CudaRuntime, values: TypedArray, address: number): void {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  if (bytes.length <= WITH_LAUNCH) return writeWithLaunch(runtime, bytes, address);
  if (allEqual(values)) {
    const isByte = values instanceof Uint8Array;
    const word = isByte ? values[0]! : new Int32Array(values.buffer, values.byteOffset, 1)[0]!;
    runtime.launch(isByte ? convert.fill_bytes : convert.fill_words, gridFor(values.length), THREADS, [
      address,
      values.length,
      word,
    ]);
    return;
  }
  runtime.upload(bytes, address);
}

function writeWithLaunch(runtime: CudaRuntime, bytes: Uint8Array, address: number): void {
  const words = new Int32Array(WITH_LAUNCH / 4);
  new Uint8Array(words.buffer).set(bytes);
  runtime.launch(convert.write_bytes, gridFor(bytes.length), THREADS, [address, bytes.length, words]);
}

/** Writes numbers that are the same in every step: a step that is being recorded keeps them, in as many launches as they need. */
export function writeConstant(runtime: CudaRuntime, values: TypedArray, address: number): void {
  if (!runtime.capturing) return write(runtime, values, address);
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let at = 0; at < bytes.length; at += WITH_LAUNCH)
    writeWithLaunch(runtime, bytes.subarray(at, at + WITH_LAUNCH), address + at);
}

function allEqual(values: TypedArray): boolean {
  const first = values[0]!;
  for (let index = 1; index < values.length; index++) if (!Object.is(values[index], first)) return false;
  return true;
}

/** What `rewrite` needs of the backend. */
interface Holder {
  readonly runtime: CudaRuntime;
  readonly data: { has(dataId: DataId): boolean };
  writable(x: Tensor): Address;
}

/**
 * Writes other numbers over those of a tensor, in the order of the stream. On other backends that can only be done to a variable. Throws `GS_TENSOR_SHAPE` for
 * another number of elements, and `GS_TENSOR_DTYPE` for a tensor of another backend that is no variable.
 */
export function rewrite(backend: Holder | undefined, x: Tensor, values: TypedArray): void {
  if (values.length !== x.size)
    throw refused('GS_TENSOR_SHAPE', 'The numbers do not fit the tensor', `${x.size} elements`, `${values.length}`);
  if (backend !== undefined && backend.data.has(x.dataId)) {
    write(backend.runtime, typed(values, x.dtype), backend.writable(x));
    return;
  }
  if (!(x instanceof Variable))
    throw refused(
      'GS_TENSOR_DTYPE',
      'The tensor cannot be written over',
      'a variable, where cuda is not the backend',
      'a tensor',
    );
  tidy(() => x.assign(tensor(values, x.shape, x.dtype as 'float32')));
}

function refused(code: ErrorCode, what: string, expected: string, received: string): GradstreamError {
  const next = 'Give a step batches of one size, in variables.';
  return new GradstreamError(code, { where: 'backend-cuda/captureStep', what, expected, received, next });
}

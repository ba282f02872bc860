import { KernelBackend, backend_util, buffer, engine, kernel_impls, util } from '@tensorflow/tfjs-core';
import type { DataId, DataType, Rank, Tensor, Tensor2D, TensorBuffer, TensorInfo } from '@tensorflow/tfjs-core';
import type { NotRecorded, RecordedStep, StepRecorder } from '@gradstream/core';
import type { HeapStatistics } from './internal/heap.js';
import type { Runtime } from './internal/runtime.js';
import { recordStep } from './internal/record-step.js';
import { describeWide } from './internal/wide/wide-module.js';
import { TensorData } from './internal/tensor-data.js';
import { TensorStore } from './internal/tensor-store.js';

/** The memory of the backend as `tf.memory()` reports it, in bytes. */
export interface WasmMemory {
  unreliable: boolean;
  /** The WebAssembly memory and how much of it tensors hold. */
  heap: HeapStatistics;
}

/**
 * The backend `wasm-simd`: tensors live in one WebAssembly memory, kernels are WebAssembly SIMD, and whatever has no kernel of its own runs
 * tfjs-backend-cpu's on views of that memory.
 */
export class WasmSimdBackend extends KernelBackend implements StepRecorder<Tensor> {
  /** What the kernels of tfjs-backend-cpu look for: data by id, `values` a view of the heap. */
  readonly data: TensorStore;
  /** A constant of tfjs-backend-cpu's matrix product. */
  readonly blockSize = 48;
  readonly runtime: Runtime;
  /** The kernels that only tfjs-backend-cpu has. */
  readonly servedKernels: readonly string[];
  readonly #fallbacks = new Map<string, number>();
  readonly #released: TensorData[] = [];
  #fallbackDepth = 0;
  #scratch = { address: 0, bytes: 0 };

  constructor(runtime: Runtime, servedKernels: readonly string[]) {
    super();
    this.runtime = runtime;
    this.servedKernels = servedKernels;
    this.data = new TensorStore(this, engine());
  }

  /** The binary and the number of threads that run, for people; with the reason where there is one thread and more were asked for. */
  get detail(): string {
    const { variant, pool, wide } = this.runtime;
    const threads = `${pool.threads} ${pool.threads === 1 ? 'thread' : 'threads'}${pool.reason === undefined ? '' : ` (${pool.reason})`}`;
    return `binary ${variant.name}, ${threads}${wide === undefined ? '' : `, ${describeWide(wide)}`}`;
  }

  /** How often kernels of tfjs-backend-cpu ran, by kernel name. */
  fallbacks(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#fallbacks].sort(([a], [b]) => a.localeCompare(b)));
  }

  /** Sets the count of fallbacks back to nothing. */
  resetFallbacks(): void {
    this.#fallbacks.clear();
  }

  override write(values: backend_util.BackendValues, shape: number[], dtype: DataType): DataId {
    const data = this.#take(values, dtype, 1);
    // Kernels of tfjs-backend-cpu leave the values undefined for complex pairs only.
    if (values === undefined && dtype !== 'complex64') data.allocate(this.runtime.blocks, util.sizeFromShape(shape));
    this.data.set(data, data);
    return data;
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    _shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    if (dtype === 'complex64') {
      const { real, imag } = backend_util.splitRealAndImagArrays(values as Float32Array);
      const data = this.#take(undefined, dtype, refCount);
      data.complexTensorInfos = {
        real: this.makeTensorInfo([real.length], 'float32', real),
        imag: this.makeTensorInfo([imag.length], 'float32', imag),
      };
      this.data.set(dataId, data);
      return;
    }
    this.data.set(dataId, this.#take(values, dtype, refCount));
  }

  /** A tensor whose elements are about to be written by a kernel. */
  output(shape: number[], dtype: DataType): TensorInfo {
    const data = new TensorData(this.runtime.memory, dtype, 1);
    data.allocate(this.runtime.blocks, util.sizeFromShape(shape));
    this.data.set(data, data);
    return { dataId: data, shape, dtype };
  }

  /** The same data under another shape. */
  share(x: TensorInfo, shape: number[] = x.shape): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape, dtype: x.dtype };
  }

  /** The address of a tensor's elements; what a fallback left outside is moved in. */
  address(x: TensorInfo): number {
    const data = this.data.get(x.dataId);
    if (!data.inHeap) data.settle(this.runtime.blocks);
    this.runtime.recorder?.touch(data);
    return data.address;
  }

  /** So many bytes for a kernel to work in, valid until the next call. */
  scratch(bytes: number): number {
    const { recorder } = this.runtime;
    if (recorder !== undefined) return recorder.scratch(bytes);
    if (bytes > this.#scratch.bytes) {
      if (this.#scratch.bytes > 0) this.runtime.heap.free(this.#scratch.address, this.#scratch.bytes);
      this.#scratch = { address: 0, bytes: 0 };
      this.#scratch = { address: this.runtime.heap.allocate(bytes), bytes };
    }
    return this.#scratch.address;
  }

  makeTensorInfo(shape: number[], dtype: DataType, values?: backend_util.BackendValues | string[]): TensorInfo {
    const isText = dtype === 'string' && typeof values?.[0] === 'string';
    const encoded = isText
      ? (values as string[]).map((text) => util.encodeString(text))
      : (values as backend_util.BackendValues);
    return { dataId: this.write(encoded, shape, dtype), shape, dtype };
  }

  makeOutput(values: backend_util.BackendValues, shape: number[], dtype: DataType): Tensor {
    return engine().makeTensorFromTensorInfo(this.makeTensorInfo(shape, dtype, values), this);
  }

  override refCount(dataId: DataId): number {
    return this.data.has(dataId) ? this.data.get(dataId).refCount : 0;
  }

  override incRef(dataId: DataId): void {
    this.data.get(dataId).refCount++;
  }

  decRef(dataId: DataId): void {
    if (this.data.has(dataId)) this.data.get(dataId).refCount--;
  }

  override disposeData(dataId: DataId, force = false): boolean {
    if (!this.data.has(dataId)) return true;
    const data = this.data.get(dataId);
    data.refCount--;
    if (!force && data.refCount > 0) return false;
    if (data.complexTensorInfos !== undefined) {
      this.disposeData(data.complexTensorInfos.real.dataId, true);
      this.disposeData(data.complexTensorInfos.imag.dataId, true);
    }
    this.data.delete(dataId);
    // A fallback may return a view of what it disposes of: the block stays until its results are moved.
    if (this.#fallbackDepth > 0) this.#released.push(data);
    else data.release();
    return true;
  }

  disposeIntermediateTensorInfo(x: TensorInfo): void {
    this.disposeData(x.dataId);
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override read(dataId: DataId): Promise<backend_util.BackendValues> {
    return Promise.resolve(this.readSync(dataId));
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    this.runtime.recorder?.refuse('the step reads its numbers on the host');
    const data = this.data.get(dataId);
    if (data.complexTensorInfos !== undefined) {
      const { real, imag } = data.complexTensorInfos;
      return backend_util.mergeRealAndImagArrays(
        this.readSync(real.dataId) as Float32Array,
        this.readSync(imag.dataId) as Float32Array,
      );
    }
    const { values } = data;
    // Inside a fallback the view is read before anything else can run; whoever reads from outside gets a copy of his own.
    if (!data.inHeap || this.#fallbackDepth > 0)
      return util.convertBackendValuesAndArrayBuffer(values as Float32Array, data.dtype as 'float32');
    const copy = new (values.constructor as Float32ArrayConstructor)((values as Float32Array).length);
    copy.set(values as Float32Array);
    return copy;
  }

  bufferSync<R extends Rank, D extends DataType>(x: TensorInfo): TensorBuffer<R, D> {
    const values = this.readSync(x.dataId);
    const decoded = x.dtype === 'string' ? (values as Uint8Array[]).map((bytes) => util.decodeString(bytes)) : values;
    return buffer(x.shape as never, x.dtype as D, decoded as never) as TensorBuffer<R, D>;
  }

  where(condition: Tensor): Tensor2D {
    return kernel_impls.whereImpl(condition.shape, this.readSync(condition.dataId) as Uint8Array);
  }

  /** Runs a kernel of tfjs-backend-cpu on this backend's data, counts it, and moves its results into the heap. */
  fallback<T extends TensorInfo | TensorInfo[]>(name: string, kernel: () => T): T {
    this.#fallbacks.set(name, (this.#fallbacks.get(name) ?? 0) + 1);
    this.runtime.recorder?.refuse(`the kernel ${name} is tfjs-backend-cpu's`);
    this.#fallbackDepth++;
    try {
      const results = kernel();
      return (Array.isArray(results) ? results.map((result) => this.#settled(result)) : this.#settled(results)) as T;
    } finally {
      this.#fallbackDepth--;
      if (this.#fallbackDepth === 0) {
        for (const data of this.#released) data.release();
        this.#released.length = 0;
      }
    }
  }

  /** Does a step and records it; see `StepRecorder` of @gradstream/core. */
  recordStep(
    step: () => void,
    state: () => readonly Tensor[],
    inputs: readonly Tensor[] = [],
  ): RecordedStep<Tensor> | NotRecorded {
    return recordStep(this, step, state, inputs);
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    const start = util.now();
    f();
    return { kernelMs: util.now() - start };
  }

  override memory(): WasmMemory {
    return { unreliable: false, heap: this.runtime.heap.statistics() };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.runtime.pool.stop();
    if (this.#scratch.bytes > 0) this.runtime.heap.free(this.#scratch.address, this.#scratch.bytes);
    this.#scratch = { address: 0, bytes: 0 };
  }

  #take(values: backend_util.BackendValues | undefined, dtype: DataType, refCount: number): TensorData {
    const data = new TensorData(this.runtime.memory, dtype, refCount);
    data.hold(values);
    if (this.#fallbackDepth === 0) data.settle(this.runtime.blocks);
    // What a step takes from the host is a constant: other numbers come by the recording's own way.
    if (values !== undefined && data.inHeap) this.runtime.recorder?.constant(data.address, data.bytes);
    return data;
  }

  /** A result of a fallback with its data in the heap, in the type it claims: tfjs-backend-cpu casts to a wider type by renaming. */
  #settled(result: TensorInfo): TensorInfo {
    const data = this.data.get(result.dataId);
    if (data.dtype === result.dtype || data.complexTensorInfos !== undefined) {
      this.#settle(result.dataId);
      return result;
    }
    const typed = this.#take(data.values, result.dtype, 1);
    typed.settle(this.runtime.blocks);
    this.data.set(typed, typed);
    this.disposeData(result.dataId);
    return { dataId: typed, shape: result.shape, dtype: result.dtype };
  }

  #settle(dataId: DataId): void {
    const data = this.data.get(dataId);
    if (data.complexTensorInfos === undefined) return data.settle(this.runtime.blocks);
    this.#settle(data.complexTensorInfos.real.dataId);
    this.#settle(data.complexTensorInfos.imag.dataId);
  }
}

import type { NotRecorded, RecordedStep, StepRecorder } from '@gradstream/core';
import { DataStorage, KernelBackend, backend_util, buffer, engine, kernel_impls, util } from '@tensorflow/tfjs-core';
import type { DataId, DataType, Rank, Tensor, Tensor2D, TensorBuffer, TensorInfo } from '@tensorflow/tfjs-core';
import { recordStep } from './capture/record-step.js';
import type { Address } from './driver/driver.js';
import { Faults } from './internal/faults.js';
import { forgetHalf, widen, type Half } from './internal/half.js';
import { readLater } from './internal/read-later.js';
import type { Precision } from './internal/rounding.js';
import type { CudaRuntime } from './internal/runtime.js';
import { arrayOf, TensorData, type TypedArray } from './internal/tensor-data.js';
import { settled } from './internal/settled.js';
import { uploadValues } from './internal/upload.js';
import type { Block, CudaMemory } from './memory/pool.js';
import { aboutLt, useBlas } from './kernels/blas.js';
import { aboutDnn, examineDnn, useDnn } from './kernels/convolution/dnn/use-dnn.js';
import type { BlasOptions } from './node/cublas.js';
import type { DnnOptions } from './node/cudnn.js';

/**
 * The backend `cuda`: tensors live on the device, kernels are CUDA, and whatever has no kernel of its own runs tfjs-backend-cpu's on copies in the host's memory.
 */
export class CudaBackend extends KernelBackend implements StepRecorder<Tensor> {
  /** What the kernels of tfjs-backend-cpu look for: data by id, `values` on the host. */
  readonly data: DataStorage<TensorData>;
  /** A constant of tfjs-backend-cpu's matrix product. */
  readonly blockSize = 48;
  readonly runtime: CudaRuntime;
  /** The kernels that only tfjs-backend-cpu has. */
  readonly servedKernels: readonly string[];
  /** Indices out of range that kernels found. */
  readonly faults: Faults;
  /** The pieces of memory that a step which is being recorded reads and writes. */
  touched: Set<Block> | undefined;
  readonly #detail: string;
  readonly #fallbacks = new Map<string, number>();
  #fallbackDepth = 0;

  constructor(runtime: CudaRuntime, servedKernels: readonly string[], detail: string) {
    super();
    this.runtime = runtime;
    this.servedKernels = servedKernels;
    this.#detail = detail;
    this.faults = new Faults(runtime);
    this.data = new DataStorage<TensorData>(this, engine());
  }

  /** The device and the driver, and what became of cuDNN and cuBLASLt where that is known, for people. */
  get detail(): string {
    const parts = [this.#detail, aboutDnn(this.runtime), aboutLt(this.runtime)];
    return parts.filter((part) => part !== undefined).join('; ');
  }

  /** What a step can be computed in, as the option `precision` of a trainer names it; in others than float32 on devices with tensor cores alone. */
  get precisions(): readonly Precision[] {
    return this.runtime.roundings.precisions;
  }

  /**
   * What steps are computed in from now on. In mixed precision the operands of matrix products and convolutions are rounded to bfloat16 or float16, and their sums are
   * float32. What convolutions give lies in 16 bits on the device, and what batch normalization, addition, pooling and relu make of that; all else is float32. Throws `GS_OPTION_VALUE` for one that the device does not have.
   */
  usePrecision(precision: Precision): void {
    this.runtime.roundings.use(precision);
  }

  /** Uses cuBLAS for large matrix products from now on, as the options say, and says whether it does: false where it is not found. */
  useCublas(options: BlasOptions = {}): boolean {
    return useBlas(this.runtime, options);
  }

  /** Uses cuDNN for convolutions from now on, as the options say, and says whether it does: false where it is not found, or fails a check. `detail` says why. */
  useCudnn(options: DnnOptions = {}): boolean {
    useDnn(this.runtime, options);
    return examineDnn(this.runtime);
  }

  /** Does a step and records it; see `StepRecorder` of @gradstream/core. */
  recordStep(
    step: () => void,
    state: () => readonly Tensor[],
    inputs: readonly Tensor[] = [],
  ): RecordedStep<Tensor> | NotRecorded {
    return recordStep(this, step, state, inputs);
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
    const data = this.#hold(values, util.sizeFromShape(shape), dtype, 1);
    this.data.set(data, data);
    return data;
  }

  override move(
    dataId: DataId,
    values: backend_util.BackendValues,
    shape: number[],
    dtype: DataType,
    refCount: number,
  ): void {
    if (dtype !== 'complex64') {
      this.data.set(dataId, this.#hold(values, util.sizeFromShape(shape), dtype, refCount));
      return;
    }
    const { real, imag } = backend_util.splitRealAndImagArrays(values as Float32Array);
    const data = this.#hold(undefined, util.sizeFromShape(shape), dtype, refCount);
    data.complexTensorInfos = {
      real: this.makeTensorInfo([real.length], 'float32', real),
      imag: this.makeTensorInfo([imag.length], 'float32', imag),
    };
    this.data.set(dataId, data);
  }

  /** A tensor whose elements are about to be written by a kernel, in 16 bits where `half` says so. */
  output(shape: readonly number[], dtype: DataType, half?: Half): TensorInfo {
    const length = util.sizeFromShape(shape as number[]);
    const data = this.#hold(undefined, length, dtype, 1);
    if (length > 0 && half !== undefined) data.half = { kind: half, block: this.runtime.pool.allocate(2 * length) };
    else if (length > 0) data.block = this.runtime.pool.allocate(data.bytes);
    this.data.set(data, data);
    return { dataId: data, shape: shape as number[], dtype };
  }

  /** The same data under another shape. */
  share(x: TensorInfo, shape: number[] = x.shape): TensorInfo {
    this.incRef(x.dataId);
    return { dataId: x.dataId, shape, dtype: x.dtype };
  }

  /** Where a tensor's elements lie on the device; brings them there where they are not. */
  address(x: TensorInfo): Address {
    const data = this.data.get(x.dataId);
    if (data.half !== undefined) widen(this.runtime, data);
    else if (data.block === undefined && data.length > 0) uploadValues(this.runtime, data);
    if (data.block !== undefined) this.touch(data.block);
    return data.block?.address ?? 0;
  }

  /** The same for a tensor that a kernel writes over. */
  writable(x: TensorInfo): Address {
    const address = this.address(x);
    this.data.get(x.dataId).host = undefined;
    forgetHalf(this.data.get(x.dataId));
    return address;
  }

  /** The numbers of a tensor where the host has them anyway, else undefined: nothing is read. */
  known(x: TensorInfo): TypedArray | undefined {
    return this.data.get(x.dataId).host as TypedArray | undefined;
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
    this.#release(data);
    return true;
  }

  disposeIntermediateTensorInfo(x: TensorInfo): void {
    this.disposeData(x.dataId);
  }

  override numDataIds(): number {
    return this.data.numDataIds();
  }

  override async read(dataId: DataId): Promise<backend_util.BackendValues> {
    const data = this.data.get(dataId);
    widen(this.runtime, data);
    if (data.complexTensorInfos !== undefined || data.host !== undefined || data.block === undefined)
      return this.readSync(dataId);
    const to = arrayOf(data.dtype, data.length);
    await readLater(this.runtime, data.block.address, new Uint8Array(to.buffer));
    this.faults.raise();
    return to;
  }

  override readSync(dataId: DataId): backend_util.BackendValues {
    const data = this.data.get(dataId);
    if (data.complexTensorInfos !== undefined) {
      const { real, imag } = data.complexTensorInfos;
      return backend_util.mergeRealAndImagArrays(
        this.readSync(real.dataId) as Float32Array,
        this.readSync(imag.dataId) as Float32Array,
      );
    }
    const values = data.values;
    if (this.#fallbackDepth === 0 && data.block !== undefined) this.faults.raise();
    return util.convertBackendValuesAndArrayBuffer(values as Float32Array, data.dtype as 'float32');
  }

  bufferSync<R extends Rank, D extends DataType>(x: TensorInfo): TensorBuffer<R, D> {
    const values = this.readSync(x.dataId);
    const decoded = x.dtype === 'string' ? (values as Uint8Array[]).map((bytes) => util.decodeString(bytes)) : values;
    return buffer(x.shape as never, x.dtype as D, decoded as never) as TensorBuffer<R, D>;
  }

  where(condition: Tensor): Tensor2D {
    return kernel_impls.whereImpl(condition.shape, this.readSync(condition.dataId) as Uint8Array);
  }

  /** Runs a kernel of tfjs-backend-cpu on the host and counts it; what it gives goes to the device when a kernel needs it. */
  fallback<T extends TensorInfo | TensorInfo[]>(name: string, kernel: () => T): T {
    this.#fallbacks.set(name, (this.#fallbacks.get(name) ?? 0) + 1);
    this.#fallbackDepth++;
    try {
      const results = kernel();
      return (Array.isArray(results) ? results.map((result) => settled(this, result)) : settled(this, results)) as T;
    } finally {
      this.#fallbackDepth--;
    }
  }

  override async time(f: () => void): Promise<{ kernelMs: number }> {
    this.runtime.synchronize();
    const start = util.now();
    f();
    this.runtime.synchronize();
    return { kernelMs: util.now() - start };
  }

  override memory(): CudaMemory {
    return { unreliable: false, device: this.runtime.mainPool.statistics() };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.runtime.dispose();
  }

  #hold(values: backend_util.BackendValues | undefined, length: number, dtype: DataType, refCount: number): TensorData {
    const data = new TensorData(dtype, length, refCount, (from) => this.#fetched(from));
    data.host = values;
    return data;
  }

  /** Numbers of the device, waited for. */
  #fetched(data: TensorData): TypedArray {
    const to = arrayOf(data.dtype, data.length);
    widen(this.runtime, data);
    if (data.block !== undefined) this.runtime.downloadNow(data.block.address, new Uint8Array(to.buffer));
    return to;
  }

  #release(data: TensorData): void {
    forgetHalf(data);
    data.block?.pool.release(data.block);
    data.block = undefined;
  }

  /** Keeps a piece of memory for the step that is being recorded: what is not of the step's own pool has to stay as long as it. */
  touch(block: Block): void {
    if (this.touched === undefined || block.pool === this.runtime.pool || this.touched.has(block)) return;
    this.touched.add(block);
    block.holds++;
  }
}

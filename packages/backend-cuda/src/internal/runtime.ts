import { GradstreamError, isGradstreamError } from '@gradstream/core';
import { check, driverError } from '../driver/driver-error.js';
import type { CudaDevice } from '../driver/devices.js';
import type { Address, Driver, Handle } from '../driver/driver.js';
import { KernelArguments, type KernelArgument } from '../driver/kernel-arguments.js';
import { isExactMemory, Pool, type Block } from '../memory/pool.js';
import { Staging } from '../memory/staging.js';
import { Roundings } from './rounding.js';
import { Modules, type KernelName } from './modules.js';
import type { BlasOptions } from '../node/cublas.js';
import type { DnnOptions } from '../node/cudnn.js';

const NON_BLOCKING = 1;
/** Three numbers of a grid or a block. */
export type Size3 = readonly [number, number, number];

/** Errors after which a context can do nothing more. */
const FATAL: ReadonlySet<number> = new Set([4, 201, 214, 700, 702, 708, 709, 710, 714, 715, 716, 717, 718, 719, 999]);

/** One device at work: its context, one stream that everything runs on in order, its memory and its kernels. */
export class CudaRuntime {
  readonly driver: Driver;
  readonly device: CudaDevice;
  readonly stream: Handle;
  readonly staging: Staging;
  /** Where new tensors lie: the backend's own pool, or that of a step that is being captured. */
  pool: Pool;
  readonly mainPool: Pool;
  /** What cuBLAS may do, once the first product asks for it. */
  blas: BlasOptions = {};
  /** The same for cuDNN and the first convolution. */
  dnn: DnnOptions = {};
  /** What products are rounded to. */
  readonly roundings: Roundings;
  /** Launches since the start. */
  launches = 0;
  /** True while the stream records instead of running. */
  capturing = false;
  readonly #modules: Modules;
  readonly #arguments = new KernelArguments();
  readonly #ordinal: number;
  readonly #pools = new Set<Pool>();
  readonly #atEnd: (() => void)[] = [];
  #broken: GradstreamError | undefined;
  #isDisposed = false;

  /** Throws `GS_CUDA_DRIVER` where the device cannot be used. */
  constructor(driver: Driver, device: CudaDevice, memoryLimit?: number) {
    this.driver = driver;
    this.device = device;
    this.roundings = new Roundings(device.capability);
    const found: [number] = [0];
    check(driver, driver.cuDeviceGet(found, device.index), 'cuDeviceGet');
    this.#ordinal = found[0];
    const context: [number] = [0];
    check(driver, driver.cuDevicePrimaryCtxRetain(context, this.#ordinal), 'cuDevicePrimaryCtxRetain');
    try {
      check(driver, driver.cuCtxSetCurrent(Number(context[0])), 'cuCtxSetCurrent');
      const stream: [number] = [0];
      check(driver, driver.cuStreamCreate(stream, NON_BLOCKING), 'cuStreamCreate');
      this.stream = Number(stream[0]);
    } catch (error) {
      driver.cuDevicePrimaryCtxRelease_v2(this.#ordinal);
      throw error;
    }
    this.mainPool = this.newPool(memoryLimit);
    this.staging = new Staging(driver, this.stream, (bytes) => this.mainPool.allocateIfThere(bytes)?.address);
    this.pool = this.mainPool;
    this.#modules = new Modules(driver, device.capability);
  }

  /** A pool of its own on this device. */
  newPool(limit?: number): Pool {
    const pool = new Pool(
      {
        allocate: (bytes) => {
          if (this.#broken !== undefined) throw this.#broken;
          const address: [number] = [0];
          const error = this.driver.cuMemAlloc_v2(address, bytes);
          if (error === 2) return undefined;
          this.#check(error, 'cuMemAlloc');
          return Number(address[0]);
        },
        free: (address) => void this.driver.cuMemFree_v2(address),
        describe: () => this.#memory(),
      },
      limit,
      isExactMemory(),
    );
    this.#pools.add(pool);
    return pool;
  }

  /** Closes a pool of its own: what is used of it is freed when it is given back. */
  closePool(pool: Pool): void {
    pool.close();
    if (pool.statistics().reserved === 0) this.#pools.delete(pool);
  }

  /** Starts a kernel; the host does not wait. */
  launch(kernel: KernelName, grid: Size3, block: Size3, values: readonly KernelArgument[]): void {
    if (this.#broken !== undefined) throw this.#broken;
    const handle = this.#modules.find(kernel);
    this.#arguments.write(kernel.signature, values);
    const error = this.driver.cuLaunchKernel(
      handle,
      grid[0],
      grid[1],
      grid[2],
      block[0],
      block[1],
      block[2],
      0,
      this.stream,
      this.#arguments.places,
      null,
    );
    this.launches++;
    if (error !== 0) this.#check(error, `cuLaunchKernel(${kernel.name})`);
  }

  upload(from: Uint8Array, to: Address): void {
    this.#refuseInCapture('copies from the host');
    this.#run('cuMemcpyHtoDAsync', () => this.staging.upload(from, to));
  }

  downloadNow(from: Address, to: Uint8Array): void {
    this.#refuseInCapture('reads its numbers on the host');
    this.#run('cuMemcpyDtoHAsync', () => this.staging.downloadNow(from, to));
  }

  async download(from: Address, to: Uint8Array): Promise<void> {
    this.#refuseInCapture('reads its numbers on the host');
    if (this.#broken !== undefined) throw this.#broken;
    await this.staging.download(from, to);
  }

  copy(from: Address, to: Address, bytes: number): void {
    if (this.#broken !== undefined) throw this.#broken;
    if (bytes > 0) this.#check(this.driver.cuMemcpyDtoDAsync_v2(to, from, bytes, this.stream), 'cuMemcpyDtoDAsync');
  }

  /** Starts a recorded step. */
  replay(executable: Handle): void {
    if (this.#broken !== undefined) throw this.#broken;
    this.#check(this.driver.cuGraphLaunch(executable, this.stream), 'cuGraphLaunch');
  }

  /** Waits until all that was started is done. Throws what went wrong in it. */
  synchronize(): void {
    if (this.#broken !== undefined) throw this.#broken;
    this.#check(this.driver.cuStreamSynchronize(this.stream), 'cuStreamSynchronize');
  }

  /** Memory for so long as `work` is at it. Work on the stream after that may have it at once. */
  withScratch<T>(bytes: number, work: (address: Address) => T): T {
    const block: Block = this.pool.allocate(bytes);
    try {
      return work(block.address);
    } finally {
      block.pool.release(block);
    }
  }

  /** Lets a library that runs on the stream give up what it holds, before the stream goes. */
  atEnd(work: () => void): void {
    this.#atEnd.push(work);
  }

  /** True after an error that nothing comes after, and after `dispose`. */
  get isBroken(): boolean {
    return this.#broken !== undefined;
  }

  /** True once the device is given up: handles and addresses mean nothing then. */
  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Frees all that was taken, what tensors still hold too, and lets the context go. Whatever is asked for afterwards is refused. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.driver.cuStreamSynchronize(this.stream);
    for (const work of this.#atEnd) work();
    this.staging.dispose();
    for (const pool of this.#pools) pool.destroy();
    this.#pools.clear();
    this.#modules.dispose();
    this.driver.cuStreamDestroy_v2(this.stream);
    this.driver.cuDevicePrimaryCtxRelease_v2(this.#ordinal);
    this.#isDisposed = true;
    this.#broken = new GradstreamError('GS_CUDA_DISPOSED', {
      where: 'backend-cuda',
      what: 'The backend was disposed of',
      expected: 'a backend at work',
      received: 'a call after tf.removeBackend, or after the engine was reset',
      next: 'Start it again: await cudaBackend().start(). Its tensors are gone.',
    });
  }

  /** What the device has left, and what is neither free nor ours. */
  #memory(): string {
    const [free, total]: [[number], [number]] = [[0], [0]];
    if (this.driver.cuMemGetInfo_v2(free, total) !== 0) return '';
    const own = [...this.#pools].reduce((sum, pool) => sum + pool.statistics().reserved, 0);
    const others = Math.max(0, Number(total[0]) - Number(free[0]) - own);
    return `; the device has ${Number(free[0])} of ${Number(total[0])} bytes free, others have taken ${others}`;
  }

  #run(call: string, work: () => void): void {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      work();
    } catch (error) {
      if (isGradstreamError(error)) this.#remember(error);
      else throw new Error(`${call} failed`, { cause: error });
      throw error;
    }
  }

  #check(error: number, call: string): void {
    if (error === 0) return;
    const failure = driverError(this.driver, error, call);
    if (FATAL.has(error)) this.#broken = failure;
    throw failure;
  }

  /** After a fatal error every later call gives the same answer, at once. */
  #remember(error: GradstreamError): void {
    const fatal = this.driver.cuStreamSynchronize(this.stream);
    if (FATAL.has(fatal)) this.#broken = error;
  }

  #refuseInCapture(what: string): void {
    if (!this.capturing) return;
    throw new GradstreamError('GS_CUDA_CAPTURE', {
      where: 'backend-cuda/captureStep',
      what: `The step ${what}`,
      expected: 'a step that runs on the device alone',
      received: 'a copy between host and device',
      next: 'Let the step use tensors that were made before it, and read results after it.',
    });
  }
}

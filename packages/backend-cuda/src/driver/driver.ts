import koffi from 'koffi';

/** Where something lies on the device: an address, below 2^53 on every machine. */
export type Address = number;

/** A handle that the driver gave: a context, a stream, a module, a function, an event, a graph. */
export type Handle = number;

type Out<T> = [T];

/** The functions of the CUDA driver that are used here. Each gives 0 or the number of an error. */
export interface Driver {
  cuInit(flags: number): number;
  cuDriverGetVersion(version: Out<number>): number;
  cuDeviceGetCount(count: Out<number>): number;
  cuDeviceGet(device: Out<number>, ordinal: number): number;
  cuDeviceGetName(name: Uint8Array, length: number, device: number): number;
  cuDeviceGetAttribute(value: Out<number>, attribute: number, device: number): number;
  cuDeviceTotalMem_v2(bytes: Out<number>, device: number): number;
  cuDevicePrimaryCtxRetain(context: Out<Handle>, device: number): number;
  cuDevicePrimaryCtxRelease_v2(device: number): number;
  cuCtxSetCurrent(context: Handle): number;
  cuMemGetInfo_v2(free: Out<number>, total: Out<number>): number;
  cuMemAlloc_v2(address: Out<Address>, bytes: number): number;
  cuMemFree_v2(address: Address): number;
  cuMemHostAlloc(address: Out<Address>, bytes: number, flags: number): number;
  cuMemFreeHost(address: Address): number;
  cuMemcpyHtoDAsync_v2(to: Address, from: Address, bytes: number, stream: Handle): number;
  cuMemcpyDtoHAsync_v2(to: Address, from: Address, bytes: number, stream: Handle): number;
  cuMemcpyDtoDAsync_v2(to: Address, from: Address, bytes: number, stream: Handle): number;
  cuStreamCreate(stream: Out<Handle>, flags: number): number;
  cuStreamDestroy_v2(stream: Handle): number;
  cuStreamSynchronize(stream: Handle): number;
  cuStreamWaitEvent(stream: Handle, event: Handle, flags: number): number;
  cuEventCreate(event: Out<Handle>, flags: number): number;
  cuEventDestroy_v2(event: Handle): number;
  cuEventRecord(event: Handle, stream: Handle): number;
  cuEventQuery(event: Handle): number;
  cuEventSynchronize(event: Handle): number;
  cuModuleLoadData(module: Out<Handle>, image: Uint8Array): number;
  cuModuleUnload(module: Handle): number;
  cuModuleGetFunction(kernel: Out<Handle>, module: Handle, name: string): number;
  cuLaunchKernel(
    ...values: [
      kernel: Handle,
      ...grid: [number, number, number],
      ...block: [number, number, number],
      sharedBytes: number,
      stream: Handle,
      parameters: BigUint64Array,
      extra: null,
    ]
  ): number;
  cuStreamBeginCapture_v2(stream: Handle, mode: number): number;
  cuStreamEndCapture(stream: Handle, graph: Out<Handle>): number;
  cuGraphInstantiateWithFlags(executable: Out<Handle>, graph: Handle, flags: number): number;
  cuGraphLaunch(executable: Handle, stream: Handle): number;
  cuGraphExecDestroy(executable: Handle): number;
  cuGraphDestroy(graph: Handle): number;
  cuGetErrorName(error: number, name: Out<string | null>): number;
}

/** What each function takes; the names are those of `Driver`. Declared by hand: no toolkit and no header is needed. */
const parameters: Readonly<Record<keyof Driver, string>> = {
  cuInit: 'uint',
  cuDriverGetVersion: '_Out_ int*',
  cuDeviceGetCount: '_Out_ int*',
  cuDeviceGet: '_Out_ int*, int',
  cuDeviceGetName: 'void*, int, int',
  cuDeviceGetAttribute: '_Out_ int*, int, int',
  cuDeviceTotalMem_v2: '_Out_ uint64*, int',
  cuDevicePrimaryCtxRetain: '_Out_ uint64*, int',
  cuDevicePrimaryCtxRelease_v2: 'int',
  cuCtxSetCurrent: 'uint64',
  cuMemGetInfo_v2: '_Out_ uint64*, _Out_ uint64*',
  cuMemAlloc_v2: '_Out_ uint64*, uint64',
  cuMemFree_v2: 'uint64',
  cuMemHostAlloc: '_Out_ uint64*, uint64, uint',
  cuMemFreeHost: 'uint64',
  cuMemcpyHtoDAsync_v2: 'uint64, uint64, uint64, uint64',
  cuMemcpyDtoHAsync_v2: 'uint64, uint64, uint64, uint64',
  cuMemcpyDtoDAsync_v2: 'uint64, uint64, uint64, uint64',
  cuStreamCreate: '_Out_ uint64*, uint',
  cuStreamDestroy_v2: 'uint64',
  cuStreamSynchronize: 'uint64',
  cuStreamWaitEvent: 'uint64, uint64, uint',
  cuEventCreate: '_Out_ uint64*, uint',
  cuEventDestroy_v2: 'uint64',
  cuEventRecord: 'uint64, uint64',
  cuEventQuery: 'uint64',
  cuEventSynchronize: 'uint64',
  cuModuleLoadData: '_Out_ uint64*, void*',
  cuModuleUnload: 'uint64',
  cuModuleGetFunction: '_Out_ uint64*, uint64, str',
  cuLaunchKernel: 'uint64, uint, uint, uint, uint, uint, uint, uint, uint64, void*, void*',
  cuStreamBeginCapture_v2: 'uint64, int',
  cuStreamEndCapture: 'uint64, _Out_ uint64*',
  cuGraphInstantiateWithFlags: '_Out_ uint64*, uint64, uint64',
  cuGraphLaunch: 'uint64, uint64',
  cuGraphExecDestroy: 'uint64',
  cuGraphDestroy: 'uint64',
  cuGetErrorName: 'int, _Out_ const char**',
};

/** The functions of the driver that are used, by name. */
export const driverCalls: readonly string[] = Object.keys(parameters);

/** The names of the library, by system; the first that the dynamic loader finds is taken. */
const libraries: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['libcuda.so.1', '/usr/lib/wsl/lib/libcuda.so.1'],
  win32: ['nvcuda.dll'],
};

/** Loads the driver's library, or says why there is none. `path`: a library of one's own. Loading starts nothing. */
export function loadDriver(path?: string): { readonly driver: Driver } | { readonly reason: string } {
  const candidates = path === undefined ? libraries[process.platform] : [path];
  if (candidates === undefined) return { reason: `CUDA has no driver for ${process.platform}` };
  let reason = '';
  for (const candidate of candidates) {
    let library: ReturnType<typeof koffi.load>;
    try {
      library = koffi.load(candidate);
    } catch (error) {
      if (reason === '') reason = `${candidate}: ${String((error as Error).message).split('\n')[0]}`;
      continue;
    }
    try {
      const functions = Object.entries(parameters).map(([name, list]) => [
        name,
        library.func(`int ${name}(${list})`) as unknown,
      ]);
      return { driver: Object.fromEntries(functions) as Driver };
    } catch (error) {
      return { reason: `${candidate} is no driver that this backend can use: ${(error as Error).message}` };
    }
  }
  return { reason };
}

/** The bytes of memory of the host as an array buffer. The memory must live as long as it. */
export function viewOfHost(address: Address, bytes: number): ArrayBuffer {
  return koffi.view(BigInt(address), bytes);
}

/** Where the bytes of an array lie. The array must be kept as long as this is used, and never be resized. */
export function addressOf(array: ArrayBufferView): Address {
  return Number(koffi.address(array));
}

import koffi from 'koffi';
import type { Address, Handle } from '../driver/driver.js';
import { firstLoaded, libraryCandidates, libraryIn } from './libraries.js';

type Out<T> = [T];

/** How cuDNN is used for convolutions. */
export interface DnnOptions {
  /** Its library or the folder that has it; `false`: own kernels alone. By default it is used where it is found. */
  readonly library?: string | false;
  /** Whether it does all convolutions that it can, for comparisons; by default it does those that it should be faster at. */
  readonly every?: boolean;
}

/** Two operands of a convolution and its result, each with what describes it, and the numbers between them. */
type Run = [
  handle: Handle,
  alpha: Float32Array,
  ...first: [descriptor: Handle, address: Address],
  ...second: [descriptor: Handle, address: Address],
  convolution: Handle,
  algorithm: number,
  ...workspace: [address: Address, bytes: number],
  beta: Float32Array,
  ...result: [descriptor: Handle, address: Address],
];
type Ask = [handle: Handle, first: Handle, second: Handle, convolution: Handle, result: Handle];

/** The functions of cuDNN that are used here, which 8 and 9 have. All but the last two give 0 or the number of an error. */
export interface Cudnn {
  cudnnCreate(handle: Out<Handle>): number;
  cudnnDestroy(handle: Handle): number;
  cudnnSetStream(handle: Handle, stream: Handle): number;
  cudnnCreateTensorDescriptor(made: Out<Handle>): number;
  cudnnDestroyTensorDescriptor(tensor: Handle): number;
  cudnnSetTensor4dDescriptor(tensor: Handle, format: number, type: number, ...nchw: number[]): number;
  cudnnCreateFilterDescriptor(made: Out<Handle>): number;
  cudnnDestroyFilterDescriptor(filter: Handle): number;
  cudnnSetFilter4dDescriptor(filter: Handle, type: number, format: number, ...kchw: number[]): number;
  cudnnCreateConvolutionDescriptor(made: Out<Handle>): number;
  cudnnDestroyConvolutionDescriptor(convolution: Handle): number;
  /** Paddings, strides, dilations, the mode and the type of the sums. */
  cudnnSetConvolution2dDescriptor(convolution: Handle, ...values: number[]): number;
  cudnnSetConvolutionMathType(convolution: Handle, math: number): number;
  cudnnGetConvolutionForwardAlgorithm_v7(...values: [...Ask, most: number, Out<number>, found: Uint8Array]): number;
  cudnnGetConvolutionBackwardDataAlgorithm_v7(
    ...values: [...Ask, most: number, Out<number>, found: Uint8Array]
  ): number;
  cudnnGetConvolutionBackwardFilterAlgorithm_v7(
    ...values: [...Ask, most: number, Out<number>, found: Uint8Array]
  ): number;
  cudnnGetConvolutionForwardWorkspaceSize(...values: [...Ask, algorithm: number, Out<number>]): number;
  cudnnGetConvolutionBackwardDataWorkspaceSize(...values: [...Ask, algorithm: number, Out<number>]): number;
  cudnnGetConvolutionBackwardFilterWorkspaceSize(...values: [...Ask, algorithm: number, Out<number>]): number;
  cudnnConvolutionForward(...values: Run): number;
  cudnnConvolutionBackwardData(...values: Run): number;
  cudnnConvolutionBackwardFilter(...values: Run): number;
  cudnnGetErrorString(status: number): string;
  /** 91002 is 9.10.2, 8907 is 8.9.7. */
  cudnnGetVersion(): number;
}

const made = '_Out_ uint64*';
const ask = 'uint64, uint64, uint64, uint64, uint64, int';
const run = 'uint64, void*, uint64, uint64, uint64, uint64, uint64, int, uint64, uint64, void*, uint64, uint64';
const parameters: Readonly<Record<keyof Cudnn, string>> = {
  cudnnCreate: made,
  cudnnDestroy: 'uint64',
  cudnnSetStream: 'uint64, uint64',
  cudnnCreateTensorDescriptor: made,
  cudnnDestroyTensorDescriptor: 'uint64',
  cudnnSetTensor4dDescriptor: 'uint64, int, int, int, int, int, int',
  cudnnCreateFilterDescriptor: made,
  cudnnDestroyFilterDescriptor: 'uint64',
  cudnnSetFilter4dDescriptor: 'uint64, int, int, int, int, int, int',
  cudnnCreateConvolutionDescriptor: made,
  cudnnDestroyConvolutionDescriptor: 'uint64',
  cudnnSetConvolution2dDescriptor: 'uint64, int, int, int, int, int, int, int, int',
  cudnnSetConvolutionMathType: 'uint64, int',
  cudnnGetConvolutionForwardAlgorithm_v7: `${ask}, _Out_ int*, void*`,
  cudnnGetConvolutionBackwardDataAlgorithm_v7: `${ask}, _Out_ int*, void*`,
  cudnnGetConvolutionBackwardFilterAlgorithm_v7: `${ask}, _Out_ int*, void*`,
  cudnnGetConvolutionForwardWorkspaceSize: `${ask}, ${made}`,
  cudnnGetConvolutionBackwardDataWorkspaceSize: `${ask}, ${made}`,
  cudnnGetConvolutionBackwardFilterWorkspaceSize: `${ask}, ${made}`,
  cudnnConvolutionForward: run,
  cudnnConvolutionBackwardData: run,
  cudnnConvolutionBackwardFilter: run,
  cudnnGetErrorString: 'int',
  cudnnGetVersion: '',
};
const gives: Readonly<Partial<Record<keyof Cudnn, string>>> = { cudnnGetErrorString: 'str', cudnnGetVersion: 'uint64' };

/** The releases that have these functions, newest first. */
const RELEASES = [9, 8];

/** Loads cuDNN from a path, or from where the system has it; undefined where it is nowhere. Nothing is started. */
export function loadCudnn(path?: string): Cudnn | undefined {
  return firstLoaded(path === undefined ? cudnnCandidates() : [path], bound);
}

function bound(path: string): Cudnn {
  const library = koffi.load(path);
  const functions = Object.entries(parameters).map(([name, list]) => [
    name,
    library.func(`${gives[name as keyof Cudnn] ?? 'int'} ${name}(${list})`) as unknown,
  ]);
  return Object.fromEntries(functions) as Cudnn;
}

/** Where cuDNN is looked for. */
export function cudnnCandidates(): readonly string[] {
  const names = RELEASES.map((release) =>
    process.platform === 'win32' ? `cudnn64_${release}.dll` : `libcudnn.so.${release}`,
  );
  return libraryCandidates({ names, packages: ['cu13', 'cudnn'] });
}

/** The library that a path means: a file, or the newest of a folder. */
export function cudnnAt(path: string): string {
  return libraryIn(path, 'libcudnn');
}

/** What the environment says: `GRADSTREAM_CUDNN`, a library, a folder, or `off`. */
export function environmentDnn(): DnnOptions {
  const library = process.env['GRADSTREAM_CUDNN']?.trim();
  return library ? { library: library === 'off' ? false : library } : {};
}

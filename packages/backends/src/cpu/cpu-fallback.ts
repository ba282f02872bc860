import { GradstreamError } from '@gradstream/core';
import {
  getKernel,
  registerKernel,
  type DataType,
  type KernelFunc,
  type NamedTensorInfoMap,
  type TensorInfo,
  type TypedArray,
} from '@tensorflow/tfjs-core';
import type { OptionalPackage } from '../internal/optional-package.js';
import { quiet } from './cpu-backend.js';

/** What a backend needs so that a kernel of the cpu backend can stand in: reading data, and an output made of values. */
export interface FallbackHost {
  readSync(dataId: object): Float32Array | Int32Array | Uint8Array;
  makeOutput(shape: readonly number[], dtype: string, offset: null, values: ArrayLike<number>): TensorInfo;
}

/** What is used of the cpu backend, whose package need not be there. */
export interface CpuHost {
  makeTensorInfo(shape: number[], dtype: DataType, values: TypedArray): TensorInfo;
  readSync(dataId: object): ArrayLike<number> | ArrayLike<string> | Uint8Array[];
  disposeData(dataId: object): boolean;
}

/** By backend, and by kernel. */
const counts = new Map<string, Map<string, number>>();
const standIns = new WeakMap<KernelFunc, 'served' | 'missing'>();

/** How often each kernel was served by the cpu backend in place of another one, or of `backendName` alone, since the process started. */
export function fallbackCounts(backendName?: string): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [backend, byKernel] of counts) {
    if (backendName !== undefined && backend !== backendName) continue;
    for (const [kernel, count] of byKernel) sums[kernel] = (sums[kernel] ?? 0) + count;
  }
  return sums;
}

/** What stands in for a kernel: `served` by the cpu backend, or `missing` for want of it; undefined for a kernel that is a backend's own. */
export function standIn(kernel: KernelFunc): 'served' | 'missing' | undefined {
  return standIns.get(kernel);
}

/**
 * Registers kernels that a backend lacks: inputs are copied to a private cpu backend, its kernel runs, the result is copied back. Slow, and
 * right. Without the cpu package they are errors that say what to install.
 */
export function registerFallbacks(
  backendName: string,
  names: readonly string[],
  cpu: OptionalPackage<{ readonly MathBackendCPU: new () => CpuHost }>,
): void {
  const register = (kernelName: string, kernelFunc: KernelFunc, kind: 'served' | 'missing'): void => {
    standIns.set(kernelFunc, kind);
    registerKernel({ kernelName, backendName, kernelFunc });
  };
  const lacking = names.filter((name) => getKernel(name, backendName) === undefined);
  if (!('found' in cpu)) {
    for (const name of lacking) register(name, missing(name, backendName, cpu), 'missing');
    return;
  }
  const host = cpuHost(cpu.found);
  for (const name of lacking) {
    countsOf(backendName).set(name, 0);
    register(name, servedBy(host, name, backendName), 'served');
  }
}

/** A cpu backend of its own to serve another one. */
export function cpuHost({ MathBackendCPU }: { readonly MathBackendCPU: new () => CpuHost }): CpuHost {
  const host = new MathBackendCPU();
  quiet(host);
  return host;
}

function countsOf(backendName: string): Map<string, number> {
  const known = counts.get(backendName) ?? new Map<string, number>();
  counts.set(backendName, known);
  return known;
}

/** The kernel of the cpu backend, for data of another one. */
export function servedBy(cpu: CpuHost, name: string, backendName: string): KernelFunc {
  return ({ inputs, backend, attrs = {} }) => {
    const byKernel = countsOf(backendName);
    byKernel.set(name, (byKernel.get(name) ?? 0) + 1);
    const host = backend as FallbackHost;
    const here: NamedTensorInfoMap = {};
    const used: TensorInfo[] = [];
    const copy = ({ dataId, shape, dtype }: TensorInfo): TensorInfo => {
      const info = cpu.makeTensorInfo(shape, dtype, host.readSync(dataId));
      used.push(info);
      return info;
    };
    for (const [key, info] of Object.entries(inputs)) if (info) here[key] = copy(info);
    const output = getKernel(name, 'cpu').kernelFunc({ inputs: here, backend: cpu, attrs });
    const outputs = Array.isArray(output) ? output : [output];
    const back = outputs.map(({ dataId, shape, dtype }) =>
      host.makeOutput(shape, dtype, null, cpu.readSync(dataId) as ArrayLike<number>),
    );
    for (const { dataId } of [...used, ...outputs]) cpu.disposeData(dataId);
    return Array.isArray(output) ? back : back[0]!;
  };
}

function missing(name: string, backendName: string, cpu: { reason: string; remedy: string }): KernelFunc {
  return () => {
    throw new GradstreamError('GS_BACKEND_KERNEL', {
      where: `backends/${backendName}`,
      what: `The ${backendName} backend has no kernel ${name}, which the cpu backend would serve`,
      expected: 'the package @tensorflow/tfjs-backend-cpu',
      received: cpu.reason,
      next: cpu.remedy,
    });
  };
}

import { getKernel, profile, registerKernel, unregisterKernel, type KernelConfig } from '@tensorflow/tfjs-core';

/** Runs a body while a kernel is registered in place of the one of its name, if there is any, and puts things back afterwards. */
export async function withKernel(kernel: KernelConfig, body: () => unknown): Promise<void> {
  const before = take(kernel.kernelName, kernel.backendName);
  registerKernel(kernel);
  try {
    await body();
  } finally {
    unregisterKernel(kernel.kernelName, kernel.backendName);
    if (before !== undefined) registerKernel(before);
  }
}

/** Runs a body while a backend lacks a kernel, and puts it back afterwards. */
export async function withoutKernel(kernelName: string, backendName: string, body: () => unknown): Promise<void> {
  const before = take(kernelName, backendName);
  try {
    await body();
  } finally {
    if (before !== undefined) registerKernel(before);
  }
}

/** How often each kernel runs in a body, by name. What the body makes is left to it. */
export async function kernelCounts(body: () => void): Promise<Record<string, number>> {
  const { kernels } = await profile(body as () => never);
  const counts: Record<string, number> = {};
  for (const { name } of kernels) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function take(kernelName: string, backendName: string): KernelConfig | undefined {
  const kernel = getKernel(kernelName, backendName) as KernelConfig | undefined;
  if (kernel !== undefined) unregisterKernel(kernelName, backendName);
  return kernel;
}

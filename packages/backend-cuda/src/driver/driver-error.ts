import { GradstreamError } from '@gradstream/core';
import type { Driver } from './driver.js';

/** Numbers of errors that are looked for by number. */
export const ErrorNumber = {
  outOfMemory: 2,
  noDevice: 100,
  notReady: 600,
  systemNotReady: 802,
  systemDriverMismatch: 803,
} as const;

/** What to do about an error, by its name; others are reported with their name alone. */
const remedies: Readonly<Record<string, string>> = {
  CUDA_ERROR_OUT_OF_MEMORY:
    'Use a smaller batch or model, set memoryLimit, or end what else uses this device (nvidia-smi lists it).',
  CUDA_ERROR_NO_DEVICE: 'Check nvidia-smi; in a container, pass the device in (docker run --gpus all).',
  CUDA_ERROR_UNSUPPORTED_PTX_VERSION: 'Update the NVIDIA driver to 450 or newer.',
  CUDA_ERROR_NO_BINARY_FOR_GPU: 'A GPU of the Turing generation (2018) or newer is needed.',
  CUDA_ERROR_INVALID_PTX: 'Reinstall @gradstream/backend-cuda; its folder ptx is damaged.',
  CUDA_ERROR_ILLEGAL_ADDRESS: 'Restart the process, and report this: a kernel read or wrote outside of its tensors.',
  CUDA_ERROR_LAUNCH_FAILED: 'Restart the process; if it happens again, check the device with nvidia-smi.',
  CUDA_ERROR_DEVICE_UNAVAILABLE:
    'End that process (nvidia-smi lists it), or let processes share the device (nvidia-smi -c DEFAULT).',
  CUDA_ERROR_SYSTEM_NOT_READY: 'Start the fabric manager (systemctl start nvidia-fabricmanager).',
  CUDA_ERROR_SYSTEM_DRIVER_MISMATCH: 'Restart the machine: the driver and its library have different versions.',
};

/** What an error means where its name does not say it. */
const meanings: Readonly<Record<string, string>> = {
  CUDA_ERROR_OUT_OF_MEMORY: 'The memory of the device is used up',
  CUDA_ERROR_DEVICE_UNAVAILABLE: 'Another process has the device for itself',
  CUDA_ERROR_SYSTEM_NOT_READY: 'The system that joins the devices is not ready',
};

/** The driver's own name of an error. */
export function errorName(driver: Driver, error: number): string {
  const name: [string | null] = [null];
  try {
    driver.cuGetErrorName(error, name);
  } catch {
    // A driver that cannot even say its error's name: the number has to do.
  }
  return name[0] ?? `CUDA error ${error}`;
}

/** What to do about an error, or undefined. */
export function remedyOf(name: string): string | undefined {
  return remedies[name];
}

/** The error for a call of the driver that failed. */
export function driverError(driver: Driver, error: number, call: string): GradstreamError {
  const name = errorName(driver, error);
  return new GradstreamError(error === ErrorNumber.outOfMemory ? 'GS_BACKEND_MEMORY' : 'GS_CUDA_DRIVER', {
    where: `backend-cuda/${call}`,
    what: meanings[name] ?? 'A call of the CUDA driver failed',
    expected: `${call} to succeed`,
    received: name,
    next: remedies[name] ?? 'Restart the process; if it happens again, check the device with nvidia-smi.',
  });
}

/** Throws where a call of the driver failed. */
export function check(driver: Driver, error: number, call: string): void {
  if (error !== 0) throw driverError(driver, error, call);
}

import { check, ErrorNumber, errorName, remedyOf } from './driver-error.js';
import { hostDriver, type HostDriver } from '../node/host-driver.js';
import { loadDriver, type Driver } from './driver.js';

/** A device as the driver describes it. */
export interface CudaDevice {
  /** Its place in the list, from 0. */
  readonly index: number;
  readonly name: string;
  /** Compute capability: 75 for Turing, 80 and 86 for Ampere, 89 for Ada, 90 for Hopper, 100 and more for Blackwell. */
  readonly capability: number;
  /** Bytes. */
  readonly memory: number;
  readonly multiprocessors: number;
  /** The most blocks along the second and the third dimension of a grid; along the first it counts 2^31 - 1. */
  readonly mostBlocks: number;
}

/** What a look for devices found: the driver's version, as 12.4, and the devices, or why there are none and what to do. */
export type CudaLook =
  | {
      readonly driver: Driver;
      readonly version: string;
      /** The driver's own version, as 580.65.06, where the system tells it. */
      readonly release?: string;
      readonly devices: readonly CudaDevice[];
    }
  | { readonly reason: string; readonly remedy: string };

/** The oldest driver that takes the kernels: CUDA 11.0, PTX 7.0. */
const OLDEST_DRIVER = 11_000;
/** Turing: the oldest devices that the kernels are compiled for. */
const OLDEST_CAPABILITY = 75;

const GRID_Y = 6;
const GRID_Z = 7;
const MULTIPROCESSORS = 16;
const CAPABILITY_MAJOR = 75;
const CAPABILITY_MINOR = 76;

const install =
  'Install the NVIDIA driver; in a container, pass the device and its libraries in (docker run --gpus all).';

/**
 * Looks for a driver and devices that can run the kernels. Never throws. `library`: the driver's library, where it has a name of its own; `host`: what the machine tells
 * of its driver, which such a library need not belong to.
 */
export function lookForDevices(
  library?: string,
  host: HostDriver = library === undefined ? hostDriver() : {},
): CudaLook {
  const loaded = loadDriver(library);
  if ('reason' in loaded) {
    if (library !== undefined)
      return {
        reason: `No CUDA driver: ${loaded.reason}`,
        remedy: 'Check the path of the library.',
      };
    return host.version === undefined
      ? { reason: `No CUDA driver: ${loaded.reason}`, remedy: install }
      : {
          reason: `The NVIDIA driver ${host.version} runs, but its library is not here: ${loaded.reason}`,
          remedy:
            'In a container, pass the GPU in (docker run --gpus all); otherwise install the libraries of the driver.',
        };
  }
  const { driver } = loaded;
  try {
    return look(driver, host);
  } catch (error) {
    return {
      reason: `The CUDA driver failed: ${(error as Error).message}`,
      remedy: 'Check the driver with nvidia-smi.',
    };
  }
}

function look(driver: Driver, host: HostDriver): CudaLook {
  const started = driver.cuInit(0);
  const version: [number] = [0];
  driver.cuDriverGetVersion(version);
  const release = host.version === undefined ? {} : { release: host.version };
  if (version[0] > 0 && version[0] < OLDEST_DRIVER) {
    const which = host.version === undefined ? '' : ` (${host.version})`;
    return {
      reason: `The CUDA driver${which} is too old: it is for CUDA ${versionText(version[0])}`,
      remedy: 'Update the NVIDIA driver to 450 or newer (CUDA 11.0).',
    };
  }
  if (started !== 0) {
    const name = errorName(driver, started);
    if (host.hasDevices === false) return withoutNodes(host.version!, name);
    if (started === ErrorNumber.noDevice) return noDevice(host);
    return { reason: `The CUDA driver does not start: ${name}`, remedy: remedyOf(name) ?? 'Check it with nvidia-smi.' };
  }
  const count: [number] = [0];
  check(driver, driver.cuDeviceGetCount(count), 'cuDeviceGetCount');
  if (count[0] === 0) return noDevice(host);
  const all = Array.from({ length: count[0] }, (_, index) => describe(driver, index));
  const devices = all.filter(({ capability }) => capability >= OLDEST_CAPABILITY);
  if (devices.length === 0)
    return {
      reason: `${all[0]!.name} is too old: compute capability ${all[0]!.capability / 10}`,
      remedy: 'A GPU of the Turing generation (2018, capability 7.5) or newer is needed.',
    };
  return { driver, version: versionText(version[0]), ...release, devices };
}

const noDevice = ({ visible }: HostDriver): CudaLook =>
  visible === undefined
    ? {
        reason: 'The CUDA driver finds no device (CUDA_ERROR_NO_DEVICE)',
        remedy:
          'Check nvidia-smi and CUDA_VISIBLE_DEVICES; in a container, pass the device in (docker run --gpus all).',
      }
    : {
        reason: `The CUDA driver finds no device that CUDA_VISIBLE_DEVICES="${visible}" leaves (CUDA_ERROR_NO_DEVICE)`,
        remedy: 'Name devices that nvidia-smi lists in CUDA_VISIBLE_DEVICES, as 0, or unset it.',
      };

const withoutNodes = (version: string, name: string): CudaLook => ({
  reason: `The NVIDIA driver ${version} runs, but there is no GPU in /dev: the container was started without its device nodes (${name})`,
  remedy:
    'Pass them in: docker run --gpus all, or --device /dev/nvidia0 --device /dev/nvidiactl --device /dev/nvidia-uvm.',
});

const versionText = (version: number): string => `${Math.floor(version / 1000)}.${Math.floor((version % 1000) / 10)}`;

function describe(driver: Driver, index: number): CudaDevice {
  const device: [number] = [0];
  check(driver, driver.cuDeviceGet(device, index), 'cuDeviceGet');
  const text = new Uint8Array(256);
  check(driver, driver.cuDeviceGetName(text, text.length, device[0]), 'cuDeviceGetName');
  const attribute = (which: number): number => {
    const value: [number] = [0];
    check(driver, driver.cuDeviceGetAttribute(value, which, device[0]), 'cuDeviceGetAttribute');
    return value[0];
  };
  const memory: [number] = [0];
  check(driver, driver.cuDeviceTotalMem_v2(memory, device[0]), 'cuDeviceTotalMem');
  return {
    index,
    name: new TextDecoder().decode(text.subarray(0, text.indexOf(0))),
    capability: attribute(CAPABILITY_MAJOR) * 10 + attribute(CAPABILITY_MINOR),
    memory: Number(memory[0]),
    multiprocessors: attribute(MULTIPROCESSORS),
    mostBlocks: Math.min(attribute(GRID_Y), attribute(GRID_Z)),
  };
}

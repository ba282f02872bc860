import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadEmulator, noEmulator, onEmulator, type Emulator } from '../../testing/emulator.js';
import { lookForDevices } from './devices.js';

it('says that there is no library, or that it is none of a driver', () => {
  expect(lookForDevices('/nowhere/libcuda.so.1')).toEqual({
    reason: expect.stringMatching(/^No CUDA driver: .*\/nowhere\/libcuda\.so\.1/),
    remedy: 'Check the path of the library.',
  });
  expect(lookForDevices(process.execPath)).toMatchObject({ reason: expect.stringContaining('No CUDA driver: ') });
});

it('tells a container without the library from a machine without a driver', () => {
  const look = lookForDevices(undefined, { version: '580.65.06' });
  if ('reason' in look)
    expect(look).toEqual({
      reason: expect.stringMatching(/^The NVIDIA driver 580\.65\.06 runs, but its library is not here: libcuda/),
      remedy: expect.stringContaining('docker run --gpus all'),
    });
});

describe.skipIf(noEmulator !== undefined)(`lookForDevices, ${onEmulator}`, () => {
  let emulator: Emulator;
  beforeAll(async () => void (emulator = await loadEmulator()), 600_000);
  afterEach(() => {
    emulator.mend();
    emulator.configure();
  });

  it('finds the devices', () => {
    emulator.configure(12_040, 2, 89, 2 ** 30);
    expect(lookForDevices(emulator.library)).toMatchObject({
      version: '12.4',
      devices: [0, 1].map((index) => ({ index, name: `CPU emulation ${index}`, capability: 89, memory: 2 ** 30 })),
    });
  });

  it.each<[string, number, number, number, RegExp, RegExp]>([
    ['an old driver', 10_020, 1, 75, /^The CUDA driver is too old: it is for CUDA 10\.2$/, /450 or newer/],
    ['no device', 13_000, 0, 90, /^The CUDA driver finds no device \(CUDA_ERROR_NO_DEVICE\)$/, /--gpus all/],
    ['an old device', 12_000, 1, 61, /^CPU emulation 0 is too old: compute capability 6\.1$/, /Turing/],
  ])('says in one line that there is %s', (_, version, devices, capability, reason, remedy) => {
    emulator.configure(version, devices, capability);
    expect(lookForDevices(emulator.library)).toEqual({
      reason: expect.stringMatching(reason),
      remedy: expect.stringMatching(remedy),
    });
  });

  it('tells what is in the way, by what the machine says of its driver', () => {
    const version = '580.65.06';
    const { library } = emulator;
    expect(lookForDevices(library, { version })).toMatchObject({ version: '13.0', release: version });
    emulator.configure(10_020, 1, 75);
    expect(lookForDevices(library, { version: '440.33.01' })).toMatchObject({
      reason: 'The CUDA driver (440.33.01) is too old: it is for CUDA 10.2',
    });
    emulator.configure(13_000, 0);
    expect(lookForDevices(library, { version, hasDevices: true, visible: '' })).toEqual({
      reason: 'The CUDA driver finds no device that CUDA_VISIBLE_DEVICES="" leaves (CUDA_ERROR_NO_DEVICE)',
      remedy: expect.stringContaining('unset it'),
    });
    const container = {
      reason: expect.stringMatching(
        /580\.65\.06 runs, but there is no GPU in \/dev: the container .*\(CUDA_ERROR_\w+\)$/,
      ),
      remedy: expect.stringContaining('--device /dev/nvidia0'),
    };
    expect(lookForDevices(library, { version, hasDevices: false })).toEqual(container);
    emulator.configure();
    emulator.fail('cuInit', 0, 999);
    expect(lookForDevices(library, { version, hasDevices: false })).toEqual(container);
  });

  it.each<[string, number, RegExp]>([
    ['cuInit', 100, /no device/],
    ['cuInit', 803, /does not start: CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/],
    ['cuInit', 999, /does not start: CUDA_ERROR_UNKNOWN/],
    ['cuDeviceGetCount', 3, /The CUDA driver failed/],
    ['cuDeviceGetName', 46, /CUDA_ERROR_DEVICE_UNAVAILABLE/],
    ['cuDeviceTotalMem_v2', 999, /CUDA_ERROR_UNKNOWN/],
  ])('answers a %s that fails with %i', (call, error, reason) => {
    emulator.fail(call, 0, error);
    expect(lookForDevices(emulator.library)).toMatchObject({ reason: expect.stringMatching(reason) });
  });
});

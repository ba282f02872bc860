import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the machine tells of NVIDIA's driver, without asking the driver. */
export interface HostDriver {
  /** The version of the driver that the system runs, as 580.65.06; undefined where it runs none, or is not Linux. */
  readonly version?: string;
  /** Whether its devices are in /dev; undefined where that says nothing. */
  readonly hasDevices?: boolean;
  /** What `CUDA_VISIBLE_DEVICES` leaves of the devices; undefined where it is not set. */
  readonly visible?: string;
}

/** Looks at the machine. A container shares the system's driver, and has the devices and the library that it was started with. `root`: where the file system begins. */
export function hostDriver(
  root = '/',
  environment: Readonly<Record<string, string | undefined>> = process.env,
): HostDriver {
  const visible = environment['CUDA_VISIBLE_DEVICES'];
  const asked = visible === undefined ? {} : { visible };
  const version = attempt(() =>
    /Kernel Module(?: for \S+)?\s+(\d+(?:\.\d+)+)/.exec(readFileSync(join(root, 'proc/driver/nvidia/version'), 'utf8')),
  )?.[1];
  if (version === undefined) return asked;
  const names = attempt(() => readdirSync(join(root, 'dev')));
  // The subsystem for Linux of Windows has one device for all GPUs.
  const hasDevices = names?.some((name) => /^nvidia\d+$|^nvidia-caps$|^dxg$/.test(name));
  return { ...asked, version, ...(hasDevices === undefined ? {} : { hasDevices }) };
}

/** What may not be there, or not be readable. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostDriver } from './host-driver.js';

describe('hostDriver', () => {
  let root: string;
  beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'host-driver-'))));
  afterEach(() => rmSync(root, { recursive: true }));
  const write = (path: string, text = ''): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };

  it('finds no driver, and what hides devices', () => {
    expect(hostDriver(root, {})).toEqual({});
    expect(hostDriver(root, { CUDA_VISIBLE_DEVICES: '-1' })).toEqual({ visible: '-1' });
    write('proc/driver/nvidia/version', 'nonsense');
    expect(hostDriver(root, {})).toEqual({});
  });

  it.each([
    ['NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.54.03  Tue Jun  6 22:20:39 UTC 2023\nGCC', '535.54.03'],
    ['NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build', '580.65.06'],
  ])('reads the version of %s', (text, version) => {
    write('proc/driver/nvidia/version', text);
    expect(hostDriver(root, {})).toEqual({ version });
    write('dev/nvidiactl');
    expect(hostDriver(root, {})).toEqual({ version, hasDevices: false });
    write('dev/nvidia0');
    expect(hostDriver(root, {})).toEqual({ version, hasDevices: true });
  });
});

import { dirname } from 'node:path';
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, expect, it, vi } from 'vitest';
import { cpuBackend } from '../cpu/cpu-backend.js';
import { useBackend } from '../use-backend.js';
import { wasmBackend } from './wasm-backend.js';

// The .wasm file is looked for once a process: this file has one to itself, and its specs keep their order.
beforeEach(() => {
  for (const method of ['warn', 'error'] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
  return () => vi.restoreAllMocks();
});

it('says that the .wasm file was not there, and goes on to cpu', async () => {
  const { name, rejected } = await useBackend({ plugins: [wasmBackend({ wasmPaths: '/nowhere/' }), cpuBackend()] });
  expect([name, tf.getBackend()]).toEqual(['cpu', 'cpu']);
  expect(rejected).toEqual([
    { name: 'wasm', reason: 'The .wasm file could not be loaded', remedy: expect.stringContaining('wasmPaths') },
  ]);
});

it('says that other paths come too late', async () => {
  const wasmPaths = `${dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'))}/`;
  const { rejected } = await useBackend({ plugins: [wasmBackend({ wasmPaths }), cpuBackend()] });
  expect(rejected[0]!.remedy).toContain('Start a new process');
});

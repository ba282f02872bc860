import * as tf from '@tensorflow/tfjs-core';
import { expect, it, vi } from 'vitest';
import { cpuBackend } from './cpu-backend.js';

it('says what it found, starts and computes, without a word on the console', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const plugin = cpuBackend();
  expect(await plugin.probe()).toEqual({
    available: true,
    detail: 'tfjs-backend-cpu 4.22.0, plain JavaScript, 1 thread',
  });
  await plugin.start();
  expect(tf.getBackend()).toBe('cpu');
  expect(tf.tidy(() => tf.add(2, 3).dataSync()[0])).toBe(5);
  expect(warn).not.toHaveBeenCalled();
  warn.mockRestore();
});

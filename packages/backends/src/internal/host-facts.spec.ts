import { expect, it } from 'vitest';
import { hostFacts } from './host-facts.js';

it('knows this Node', () => {
  const { runtime, platform, cores, memory } = hostFacts();
  expect(runtime).toBe(`node ${process.versions.node}`);
  expect(platform).toBe(`${process.platform} ${process.arch}`);
  expect(cores).toBeGreaterThan(0);
  expect(memory.used).toBeGreaterThan(10_000_000);
  expect(memory.total).toBeGreaterThan(memory.used!);
});

it('knows a browser, a worker, Deno and Bun', () => {
  const navigator = { hardwareConcurrency: 8, deviceMemory: 4, userAgent: 'Browser/1' };
  expect(hostFacts({ navigator, window: {} })).toEqual({
    runtime: 'browser',
    platform: 'Browser/1',
    cores: 8,
    memory: { total: 4 * 2 ** 30, used: null },
  });
  expect(hostFacts({ navigator }).runtime).toBe('worker');
  expect(hostFacts({ navigator, Deno: { version: { deno: '2.1.0' } } }).runtime).toBe('deno 2.1.0');
  expect(hostFacts({ navigator, Bun: { version: '1.2.0' } }).runtime).toBe('bun 1.2.0');
});

it('says null for what a host does not tell', () => {
  expect(hostFacts({})).toEqual({
    runtime: 'worker',
    platform: null,
    cores: null,
    memory: { total: null, used: null },
  });
  const refuses = {
    getReport: () => {
      throw new Error('no permission');
    },
  };
  expect(hostFacts({ process: { report: refuses } }).cores).toBe(null);
});

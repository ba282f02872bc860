import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chain, life } from '../tools/kill-test/chain.mjs';
import { bundleSource, cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'kill-resume');
const program = join(cache, 'training.mjs');
beforeAll(async () => {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await bundleSource({ training: join(root, 'tools/kill-test/training.mjs') }, cache);
}, 120_000);
afterAll(() => rmSync(cache, { recursive: true, force: true }));

// `npm run kill-test` does the same ten times as often.
it.concurrent.each([
  // Every change of the file system of a start and its first checkpoint: the folder, the files, their bytes, their names, the one that goes.
  ['cpu', Array.from({ length: 16 }, (_, at) => ({ at }))],
  ['wasm-simd', [10, 60, 120, 30].map((after) => ({ after }))],
])(
  'a training that is killed again and again ends to the bit as one that is not: %s',
  async (backend, kills) => {
    const whole = await life(program, [backend, join(cache, `${backend}-whole`)]);
    expect(whole).toMatch(/^[0-9a-f]{64}$/);
    const { ends, killed } = await chain(
      program,
      (number: number) => [backend, join(cache, `${backend}-${number}`)],
      kills,
    );
    expect(killed).toBeGreaterThan(kills.length / 2);
    for (const end of ends) expect(end).toBe(whole);
  },
  600_000,
);

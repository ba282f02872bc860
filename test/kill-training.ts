import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { chain, life } from '../tools/kill-test/chain.mjs';
import { bundleSource, cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');

/** When a training is killed: at a change of the file system, or after a share of the time that it takes when it is left alone. */
export type Kill = { readonly at: number } | { readonly share: number };

/** Bundles a training that can be killed, into a folder of its own: its path. */
export async function killableTraining(name: string): Promise<string> {
  const cache = cacheFolder(root, name);
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  await bundleSource({ training: join(root, 'tools/kill-test/training.mjs') }, cache);
  return join(cache, 'training.mjs');
}

/** Expects that a training which is killed again and again ends to the bit as one that is not. */
export async function expectSameEnd(
  program: string,
  backend: string,
  kills: readonly Kill[],
  network = 'mlp',
): Promise<void> {
  const argsOf = (name: number | string): string[] => [
    backend,
    join(program, '..', `${network}-${backend}-${name}`),
    network,
  ];
  const { printed: whole, milliseconds } = await life(program, argsOf('whole'));
  expect(whole).toMatch(/^[0-9a-f]{64}$/);
  const { ends, killed } = await chain(
    program,
    argsOf,
    kills.map((kill) => ('share' in kill ? { after: kill.share * milliseconds } : kill)),
  );
  expect(killed).toBeGreaterThan(kills.length / 2);
  for (const end of ends) expect(end).toBe(whole);
}

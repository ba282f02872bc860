import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { bundleSource, cacheFolder } from '../test/bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'resuming-example');
afterAll(() => rmSync(cache, { recursive: true, force: true }));

it('a training that is killed and goes on', async () => {
  rmSync(cache, { recursive: true, force: true });
  await bundleSource({ resuming: join(root, 'examples/resuming.ts') }, cache);
  const program = () =>
    promisify(execFile)(process.execPath, [join(cache, 'resuming.mjs'), join(cache, 'checkpoints')]);
  await expect(program()).rejects.toMatchObject({ signal: 'SIGKILL' });
  const { stdout } = await program();
  expect(stdout).toBe(
    'goes on from checkpoint-000003: epoch 1, step 2\nto the bit as if it had never been interrupted\n',
  );
}, 120_000);

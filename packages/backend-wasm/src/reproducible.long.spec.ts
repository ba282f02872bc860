import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');

it('compiles to the same bytes in another folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gradstream-again-'));
  try {
    for (const part of ['assembly', 'scripts', 'src/internal/codes.ts'])
      await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, '../../node_modules'), join(folder, 'node_modules'));
    await promisify(execFile)(process.execPath, [join(folder, 'scripts/build-wasm.mjs'), '--only', 'relaxed-threads']);
    const [here, there] = await Promise.all(
      [root, folder].map((place) => readFile(join(place, 'dist/binaries/relaxed-threads.js'), 'utf8')),
    );
    expect(there!.length).toBeGreaterThan(50_000);
    expect(there === here).toBe(true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 300_000);

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundlePackage } from '../tools/bundle/bundle-package.mjs';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'import-files');

/** Which files `import 'gradstream'` loads beside those of tfjs-core and rxjs. */
const PROBE = `
import { Session } from 'node:inspector';

const loaded = [];
const session = new Session();
session.connect();
session.on('Debugger.scriptParsed', ({ params: { url } }) => url.startsWith('file:') && loaded.push(url));
session.post('Debugger.enable');
await import('@tensorflow/tfjs-core');
await import('rxjs');
const others = new Set(loaded);
await import('gradstream');
console.log(JSON.stringify(loaded.filter((url) => !others.has(url))));
`;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  writeFileSync(join(cache, 'probe.mjs'), PROBE);
  // Installed as for a user: the manifests say which file Node takes.
  await Promise.all(
    packageFolders(root).map(async ({ directory, manifest }) => {
      const installed = join(cache, 'node_modules', manifest.name);
      mkdirSync(installed, { recursive: true });
      cpSync(join(directory, 'package.json'), join(installed, 'package.json'));
      await bundlePackage(directory, join(installed, 'dist/bundled'));
    }),
  );
});
afterAll(() => rmSync(cache, { recursive: true, force: true }));

it("import 'gradstream' loads a few files of each package", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(cache, 'probe.mjs')], { cwd: cache });
  const files = JSON.parse(stdout) as readonly string[];
  expect(files.filter((url) => !url.includes('/import-files/node_modules/'))).toEqual([]);
  const packages = new Set(files.map((url) => /node_modules\/((?:@gradstream\/)?[^/]+)\/dist/.exec(url)?.[1]));
  expect(packages.size).toBeGreaterThan(10);
  expect(files.length).toBeLessThanOrEqual(3 * packages.size);
});

import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolders, sourceFiles } from '../tools/src/layout/package-folder.js';

/** Reads numbers of a tensor at once, which WebGPU in Node.js cannot and a browser does slowly. */
const READ = /\.(dataSync|arraySync|bufferSync|readSync)\(/;
/** Backends read their own data, and helpers for tests those of cpu. */
const MAY = new Set(['backend-cuda', 'backend-wasm', 'backends', 'testing']);

it('no package reads a tensor synchronously', () => {
  const found = packageFolders(join(import.meta.dirname, '..'))
    .filter(({ name }) => !MAY.has(name))
    .flatMap((folder) =>
      sourceFiles(folder).flatMap((file) =>
        folder
          .read(file)
          .split('\n')
          .flatMap((line, index) => (READ.test(line) ? [`packages/${folder.name}/${file}:${index + 1}`] : [])),
      ),
    );
  expect(found).toEqual([]);
});

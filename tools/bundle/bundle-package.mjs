import { readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { entriesOf } from './entries.mjs';

/** Writes what Node loads of the package in `folder`, with source maps. What is installed, other packages of ours included, stays an import. */
export async function bundlePackage(folder, dir = join(folder, 'dist/bundled')) {
  const input = entriesOf(folder);
  if (Object.keys(input).length === 0) return;
  const bundle = await rolldown({
    input,
    platform: 'node',
    // Compiled kernels are large and one of four is needed: they stay files of their own.
    external: (specifier) => !/^[./#]/.test(specifier) || specifier.startsWith('#binaries/'),
    resolve: { conditionNames: ['@gradstream/source', 'node'], extensionAlias: { '.js': ['.ts'] } },
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir,
    format: 'esm',
    entryFileNames: '[name].js',
    // As deep as the modules in src and dist: compiled kernels of CUDA are found from there.
    chunkFileNames: 'chunk-[name].js',
    sourcemap: true,
    comments: { jsdoc: false },
  });
  await bundle.close();
  const written = new Set(output.map(({ fileName }) => fileName));
  // Code of a source that is gone must not be shipped.
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !written.has(path.slice(dir.length + 1).replaceAll('\\', '/'))) await rm(path);
  }
}

/** The same for every package of the workspace. */
export async function bundleAll() {
  const packages = join(import.meta.dirname, '../../packages');
  await Promise.all(readdirSync(packages).map((name) => bundlePackage(join(packages, name))));
}

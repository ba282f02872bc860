import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown, type OutputChunk } from 'rolldown';

const binaries = join(import.meta.dirname, '../packages/backend-wasm/dist/binaries');

/**
 * Bundles entries, by name, to `directory` as plain modules that Node runs as they are. The packages of this workspace are taken from
 * their source, so nothing has to be built; everything that is installed stays an import. Nothing is shaken out, because a side effect at
 * import is something that tests look for. Gives the parts of the bundle: what each imports at once and later.
 */
export async function bundleSource(
  entries: Readonly<Record<string, string>>,
  directory: string,
): Promise<readonly OutputChunk[]> {
  const bundle = await rolldown({
    input: { ...entries },
    platform: 'node',
    treeshake: false,
    external: (specifier) => isUnbuilt(specifier) || !/^([./#]|@gradstream\/|gradstream(\/|$))/.test(specifier),
    resolve: {
      conditionNames: ['@gradstream/source', 'node', 'import', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(message);
    },
  });
  const { output } = await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunks/[name]-[hash].mjs',
    sourcemap: 'inline',
  });
  await bundle.close();
  return output.filter((part) => part.type === 'chunk');
}

/** True for a WASM binary that was not compiled because this Node cannot run it: it is loaded by an engine that can. */
function isUnbuilt(specifier: string): boolean {
  const name = /^#binaries\/(.+)$/.exec(specifier)?.[1];
  return name !== undefined && !existsSync(join(binaries, `${name}.js`));
}

/** Where tests may write: inside `node_modules`, so that what they write finds the installed packages, and git and npm leave it alone. */
export function cacheFolder(root: string, name: string): string {
  return join(root, 'node_modules/.cache', name);
}

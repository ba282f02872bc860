import { join } from 'node:path';
import { rolldown } from 'rolldown';

/**
 * Bundles entries, by name, to `directory` as plain modules that Node runs as they are. The packages of this workspace are taken from
 * their source, so nothing has to be built; everything that is installed stays an import. Nothing is shaken out, because a side effect at
 * import is something that tests look for.
 */
export async function bundleSource(entries: Readonly<Record<string, string>>, directory: string): Promise<void> {
  const bundle = await rolldown({
    input: { ...entries },
    platform: 'node',
    treeshake: false,
    external: (specifier) => !/^([./#]|@gradstream\/|gradstream(\/|$))/.test(specifier),
    resolve: {
      conditionNames: ['@gradstream/source', 'node', 'import', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
    onLog: (level, { message }) => {
      if (level === 'warn') throw new Error(message);
    },
  });
  await bundle.write({
    dir: directory,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunks/[name]-[hash].mjs',
    sourcemap: 'inline',
  });
  await bundle.close();
}

/** Where tests may write: inside `node_modules`, so that what they write finds the installed packages, and git and npm leave it alone. */
export function cacheFolder(root: string, name: string): string {
  return join(root, 'node_modules/.cache', name);
}

import { builtinModules } from 'node:module';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, describe, expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { cacheFolder } from './bundle-source.js';

const root = join(import.meta.dirname, '..');
const cache = cacheFolder(root, 'browser-code');
const builtins = new Set(builtinModules);
const subpaths = packageFolders(root)
  .filter(({ manifest }) => !manifest.nx?.tags?.includes('runtime:node'))
  .flatMap(({ manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((subpath) => !/^\.\/(node(\/|$)|package\.json$)/.test(subpath))
      .map((subpath) => manifest.name + subpath.slice(1)),
  );

/** Everything in which a program is Node's, as a browser would find it: Node's modules and files of a `node` folder, loaded at once or later. */
async function nodeParts(name: string, code: string): Promise<string[]> {
  const entry = join(cache, `${name}.ts`);
  writeFileSync(entry, code);
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    treeshake: false,
    external: (specifier) => !/^([./#]|@gradstream\/|gradstream(\/|$))/.test(specifier),
    resolve: {
      conditionNames: ['@gradstream/source', 'browser', 'import', 'default'],
      extensionAlias: { '.js': ['.ts', '.js'] },
    },
  });
  const { output } = await bundle.generate({ format: 'esm' });
  await bundle.close();
  const parts = output.flatMap((chunk) => {
    if (chunk.type !== 'chunk') return [];
    const modules = [...chunk.imports, ...chunk.dynamicImports].filter(
      (module) => module.startsWith('node:') || builtins.has(module),
    );
    return [...modules, ...chunk.moduleIds.filter((id) => /\/src\/node\//.test(id))];
  });
  return [...new Set(parts)];
}

mkdirSync(cache, { recursive: true });
afterAll(() => rmSync(cache, { recursive: true, force: true }));

describe('code for browsers', () => {
  it.each(subpaths.map((specifier, index) => [specifier, `browser-${index}`] as const))(
    '%s has nothing of Node in it',
    async (specifier, name) => {
      expect(await nodeParts(name, `export * from '${specifier}';\n`)).toEqual([]);
    },
  );

  it.each([
    ['an import', "import { join } from 'node:path';\nexport { join };\n", ['node:path']],
    ['import()', "export const lazy = () => import('fs/promises');\n", ['fs/promises']],
    [
      'the node folder of a package',
      "export * from '@gradstream/callbacks/node';\n",
      [expect.stringContaining('/src/node/')],
    ],
  ])('is seen to need Node by %s', async (_, code, parts) => {
    expect(await nodeParts('planted', code)).toEqual(expect.arrayContaining(parts));
  });
});

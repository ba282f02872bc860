import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attwProblems, publintProblems } from './judges.mjs';
import { importProblems, typeProblems } from './scratch-install.mjs';
import { tarballProblems } from './tarballs.mjs';

const root = join(import.meta.dirname, '../..');
const entry = { '@gradstream/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' };
const good = {
  manifest: {
    name: '@gradstream/planted',
    version: '0.1.0',
    type: 'module',
    sideEffects: false,
    license: 'Apache-2.0',
    files: ['dist', 'src'] as string[],
    exports: { '.': entry, './package.json': './package.json' } as Record<string, unknown>,
  },
  files: {
    'README.md': '# planted\n',
    LICENSE: 'Apache-2.0\n',
    'src/index.ts': 'export const one = 1;\n',
    'dist/index.js': 'export const one = 1;\n',
    'dist/index.d.ts': 'export declare const one = 1;\n',
  } as Record<string, string>,
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gradstream-tarball-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  }
}

/** Packs a package and asks the judges of the packaging check. */
async function judge(
  changes: Partial<typeof good.manifest>,
  files: Readonly<Record<string, string>> = {},
): Promise<string[]> {
  const manifest = { ...good.manifest, ...changes };
  write(folder, { ...good.files, ...files, 'package.json': JSON.stringify(manifest) });
  const [packed] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--offline'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  ) as [{ filename: string; files: { path: string }[] }];
  const item = { manifest, tarball: join(folder, packed.filename), contents: packed.files.map(({ path }) => path) };
  return [...tarballProblems(item), ...(await publintProblems(item)), ...(await attwProblems(item))];
}

/** Puts a package where npm would install it, and asks the checks of an installed package. */
async function use(files: Readonly<Record<string, string>>): Promise<string[]> {
  const module = { '.': entry } as Record<string, unknown>;
  write(join(folder, 'node_modules/@gradstream/planted'), {
    ...good.files,
    ...files,
    'package.json': JSON.stringify({ ...good.manifest, exports: module }),
  });
  write(folder, {
    'package.json': '{ "type": "module" }',
    'node_modules/@types/node/package.json': '{ "name": "@types/node", "types": "index.d.ts" }',
  });
  write(folder, { 'node_modules/@types/node/index.d.ts': 'export {};\n' });
  const packages = [{ specifiers: ['@gradstream/planted'] }];
  return [
    ...(await importProblems(folder, packages)),
    ...(await typeProblems(root, folder, packages, [{ module: 'NodeNext', moduleResolution: 'NodeNext' }])),
  ];
}

describe('the packaging check', () => {
  it('finds nothing in a sound package', async () => {
    expect(await judge({})).toEqual([]);
    expect(await use({})).toEqual([]);
  });

  it.each<[string, Partial<typeof good.manifest>, Record<string, string>, RegExp]>([
    ['code that was not built', { files: ['src'] }, {}, /dist\/index\.js is not in the tarball/],
    ['a spec', {}, { 'src/planted.spec.ts': '' }, /planted\.spec\.ts does not belong/],
    ['declarations of CommonJS', { exports: { '.': entry }, type: 'commonjs' }, {}, /publint|attw/],
    ['no types', { exports: { '.': { ...entry, types: './dist/none.d.ts' } } }, {}, /attw: .*FallbackCondition/],
    ['an export of nothing', { exports: { '.': { ...entry, default: './dist/none.js' } } }, {}, /none\.js/],
  ])('finds %s in a tarball', async (_, changes, files, problem) => {
    expect((await judge(changes, files)).join('\n')).toMatch(problem);
  });

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'a dependency that is not listed',
      { 'dist/index.js': "export { one } from '@gradstream/ghost';\n" },
      /Cannot find package '@gradstream\/ghost'/,
    ],
    [
      'types of a dependency that is not listed',
      { 'dist/index.d.ts': "export type { One } from '@gradstream/ghost';\n" },
      /TS2307.*ghost/,
    ],
    ['wrong declarations', { 'dist/index.d.ts': 'export declare const one: Missing;\n' }, /TS2304.*Missing/],
    ['nothing exported', { 'dist/index.js': '' }, /planted exports nothing/],
    ['something printed', { 'dist/index.js': "console.log('hello');\nexport const one = 1;\n" }, /hello/],
  ])('finds %s where it is installed', async (_, files, problem) => {
    expect((await use(files)).join('\n')).toMatch(problem);
  });
});

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readJson, type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder, packageFolders } from '../layout/package-folder.js';
import { packageProblems } from '../layout/package-problems.js';

interface Options {
  name: string;
  floor: number;
  description?: string;
  runtime?: string;
  kind?: string;
  peers?: string[];
  unscoped?: boolean;
  restricted?: boolean;
}

const root = join(import.meta.dirname, '../../..');
const load = createRequire(import.meta.url);
const generate = load('./generator.cjs') as (tree: Tree, options: Options) => Promise<void>;
const example: Options = { name: 'wave-maker', floor: 2, description: 'Waves of any length' };

let tree: Tree;
let folder: string;
beforeEach(() => {
  tree = createTreeWithEmptyWorkspace();
  tree.write('tsconfig.json', JSON.stringify({ files: [], references: [{ path: './packages/zoo' }] }));
  tree.write('tools/floors.json', JSON.stringify({ 2: ['zoo'] }));
  folder = mkdtempSync(join(tmpdir(), 'gradstream-package-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes what the generator made to the disk, beside the workspace's compiler settings and packages. */
function flush(): string {
  for (const { path, content } of tree.listChanges()) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (content) writeFileSync(join(folder, path), content);
  }
  cpSync(join(root, 'tsconfig.base.json'), join(folder, 'tsconfig.base.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  return join(folder, 'packages', example.name);
}

describe('the package generator', () => {
  it.each<[string, Partial<Options>]>([
    ['a library', {}],
    ['a library without a description', { description: '' }],
    ['a backend for Node', { runtime: 'node', kind: 'backend' }],
    ['an app', { kind: 'app', floor: 5 }],
    ['a private package', { restricted: true, floor: 0 }],
  ])('makes %s in the house style', async (_, options) => {
    await generate(tree, { ...example, ...options });
    const directory = flush();
    const floors = readJson<Record<string, string[]>>(tree, 'tools/floors.json');
    expect(packageProblems(packageFolder(directory), packageFolders(root), floors)).toEqual([]);
  });

  it('makes a package that builds', async () => {
    await generate(tree, example);
    const directory = flush();
    for (const command of ['node_modules/@typescript/native/bin/tsc -b', 'tools/bundle/bundle.mjs'])
      execFileSync(`${process.execPath} ${join(root, command)} ${directory}`, { cwd: folder, shell: true });
    for (const code of ['dist/index.js', 'dist/bundled/index.js']) {
      const { waveMaker } = (await import(/* @vite-ignore */ join(directory, code))) as { waveMaker: string };
      expect(waveMaker, code).toBe('@gradstream/wave-maker');
    }
  });

  it('lists peers at the versions of the house', async () => {
    await generate(tree, { ...example, peers: ['rxjs', '@tensorflow/tfjs-core'] });
    expect(readJson(tree, 'packages/wave-maker/package.json')).toMatchObject({
      peerDependencies: { rxjs: '^7.8.2', '@tensorflow/tfjs-core': '4.22.0' },
    });
  });

  it('adds the package to the build and to the drawing, in order', async () => {
    await generate(tree, example);
    expect(readJson(tree, 'tsconfig.json')).toMatchObject({
      references: [{ path: './packages/wave-maker' }, { path: './packages/zoo' }],
    });
    expect(readJson(tree, 'tools/floors.json')).toEqual({ 2: ['wave-maker', 'zoo'] });
  });

  it('takes the version of the other packages', async () => {
    tree.write('packages/core/package.json', JSON.stringify({ version: '3.2.1' }));
    await generate(tree, example);
    expect(readJson(tree, 'packages/wave-maker/package.json')).toMatchObject({ version: '3.2.1' });
  });

  it.each<[string, Partial<Options>, string]>([
    ['capitals', { name: 'WaveMaker' }, 'GS_TOOLS_NAME'],
    ['a path', { name: '../core' }, 'GS_TOOLS_NAME'],
    ['no name', { name: '' }, 'GS_TOOLS_NAME'],
    ['a name that says nothing', { name: 'utils' }, 'GS_TOOLS_NAME'],
    ['a floor above the roof', { floor: 6 }, 'GS_TOOLS_FLOOR'],
    ['half a floor', { floor: 1.5 }, 'GS_TOOLS_FLOOR'],
    ['a cellar', { floor: -1 }, 'GS_TOOLS_FLOOR'],
    ['an unknown runtime', { runtime: 'deno' }, 'GS_TOOLS_RUNTIME'],
    ['an unknown kind', { kind: 'thing' }, 'GS_TOOLS_KIND'],
    ['an unknown peer', { peers: ['lodash'] }, 'GS_TOOLS_PEER'],
  ])('refuses %s', async (_, options, code) => {
    const before = tree.listChanges().length;
    await expect(generate(tree, { ...example, ...options })).rejects.toThrow(code);
    expect(tree.listChanges()).toHaveLength(before);
  });

  it('refuses a package that is there already', async () => {
    await generate(tree, example);
    await expect(generate(tree, example)).rejects.toThrow('GS_TOOLS_EXISTS');
  });
});

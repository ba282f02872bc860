import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const COPIED = [
  '.gitignore',
  '.oxlintrc.json',
  '.oxfmtrc.json',
  'nx.json',
  'package.json',
  'tsconfig.base.json',
  'tsconfig.check.json',
  'tsconfig.json',
  'packages',
  'tools/lint',
  'tools/package.json',
  'vitest.config.ts',
];
const LEFT_OUT = new Set(['node_modules', 'dist', 'fixtures']);

/** A copy of this workspace in a temporary folder, to plant things in: sources are copied, installed packages are links. */
export interface ScratchWorkspace {
  readonly directory: string;
  /** Writes a file; its folders are made. */
  plant(file: string, text: string): void;
  /** Writes a package with an empty index, and links it so that it can be imported by name. */
  plantPackage(name: string, tags: readonly string[]): void;
  remove(): void;
}

/** Copies the workspace. The copy's own packages are linked into its `node_modules`, as npm does it. */
export function scratchWorkspace(): ScratchWorkspace {
  const directory = mkdtempSync(join(tmpdir(), 'gradstream-scratch-'));
  for (const entry of COPIED) {
    if (existsSync(join(root, entry))) {
      cpSync(join(root, entry), join(directory, entry), {
        recursive: true,
        filter: (source) => !LEFT_OUT.has(basename(source)),
      });
    }
  }
  const modules = join(directory, 'node_modules');
  mkdirSync(join(modules, '@gradstream'), { recursive: true });
  for (const entry of readdirSync(join(root, 'node_modules'))) {
    if (entry !== '@gradstream' && entry !== 'gradstream' && entry !== '.cache') {
      symlinkSync(join(root, 'node_modules', entry), join(modules, entry));
    }
  }
  const link = (name: string): void =>
    symlinkSync(
      join(directory, 'packages', name),
      join(modules, name === 'gradstream' ? name : `@gradstream/${name}`),
      'dir',
    );
  for (const name of readdirSync(join(directory, 'packages'))) link(name);

  const plant = (file: string, text: string): void => {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), text);
  };
  return {
    directory,
    plant,
    plantPackage: (name, tags) => {
      const entry = { '@gradstream/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' };
      plant(
        `packages/${name}/package.json`,
        JSON.stringify({ name: `@gradstream/${name}`, version: '0.1.0', exports: { '.': entry }, nx: { tags } }),
      );
      plant(`packages/${name}/src/index.ts`, "export { thing } from './thing.js';\n");
      plant(`packages/${name}/src/thing.ts`, '/** A thing. */\nexport const thing = 1;\n');
      link(name);
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

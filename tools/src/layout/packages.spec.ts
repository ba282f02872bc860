import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolders } from './package-folder.js';
import { packageProblems } from './package-problems.js';

const root = join(import.meta.dirname, '../../..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const floors = json('tools/floors.json') as Record<string, string[]>;
const folders = packageFolders(root);

describe('every package of the workspace', () => {
  it.each(folders.map((folder) => [folder.name, folder] as const))('%s is in the house style', (_, folder) => {
    expect(packageProblems(folder, folders, floors)).toEqual([]);
  });

  it('stands in the drawing once', () => {
    const drawn = Object.values(floors).flat();
    expect(drawn.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it('stands in ARCHITECTURE.md, on its floor', () => {
    const [, drawing = ''] =
      /^```\n(floor [\s\S]*?)^```/m.exec(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')) ?? [];
    const blocks = drawing.split(/^floor (?=\d)/m).slice(1);
    const drawn = blocks.flatMap(
      (block) => floors[block[0] ?? '']?.filter((name) => new RegExp(`\\b${name}\\b`).test(block)) ?? [],
    );
    expect(drawn.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it('has the same version', () => {
    expect(new Set(folders.map(({ manifest }) => manifest.version)).size).toBe(1);
  });

  it('is built with the workspace', () => {
    const { references } = json('tsconfig.json') as { references: { path: string }[] };
    expect(references.map(({ path }) => path)).toEqual(folders.map(({ name }) => `./packages/${name}`));
  });
});

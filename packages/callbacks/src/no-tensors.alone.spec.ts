import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
);
const specifiers = (file: string): string[] =>
  [
    ...readFileSync(join(root, 'src', file), 'utf8').matchAll(
      // A statement's `from`, a bare import, or one in a call: words in texts, as `from "dense_1"`, are none.
      /(?:(?:\bfrom|^import)\s+'([^'\n]+)';$|\bimport\(\s*'([^'\n]+)'\s*\))/gm,
    ),
  ].map(([, statement, call]) => (statement ?? call)!);

it('finds the sources', () => {
  expect(sources.length).toBeGreaterThan(10);
  expect(specifiers('early-stopping.ts')).toContain('@gradstream/core');
});

it.each(sources)('%s knows no tensor, no model and no trainer', (file) => {
  for (const name of specifiers(file)) {
    expect(name).toMatch(/^(\.{1,2}\/|node:|rxjs$|@gradstream\/(core|tensorboard)(\/node|\/scalar-summary)?$)/);
  }
});

it('loads no TensorFlow.js, by no package in between', async () => {
  const before = Object.keys(globalThis);
  await import('./index.js');
  await import('./node/index.js');
  // tfjs-core keeps its engine in this global as soon as it is loaded.
  expect(before).not.toContain('_tfengine');
  expect(Object.keys(globalThis)).not.toContain('_tfengine');
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';

const root = join(import.meta.dirname, '..');

interface Override {
  readonly excludeFiles?: readonly string[];
  readonly rules: Readonly<Record<string, unknown>>;
}

it('only packages that are for Node alone may import its modules outside src/node', () => {
  const { overrides } = JSON.parse(readFileSync(join(root, '.oxlintrc.json'), 'utf8')) as { overrides: Override[] };
  const excluded = overrides
    .filter(({ rules }) => 'import/no-nodejs-modules' in rules)
    .flatMap(({ excludeFiles = [] }) => excludeFiles);
  const forNode = packageFolders(root)
    .filter(({ manifest }) => manifest.nx?.tags?.includes('runtime:node'))
    .map(({ manifest }) => `packages/${manifest.name.replace('@gradstream/', '')}/src/**`);
  expect(excluded.toSorted()).toEqual(['packages/*/src/node/**', '**/*.spec.ts', ...forNode].toSorted());
});

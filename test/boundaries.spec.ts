import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolders } from '../tools/src/layout/package-folder.js';
import { scratchWorkspace, type ScratchWorkspace } from './scratch-workspace.js';

/** A file that breaks a rule, where it stands, and what lint must say about it. */
interface Plant {
  readonly file: string;
  readonly code: string;
  readonly rule: string;
  readonly says?: RegExp;
}

const BOUNDARIES = '@nx(enforce-module-boundaries)';
const NO_NODE = 'import(no-nodejs-modules)';

const plants: Readonly<Record<string, Plant>> = {
  'an upward import': {
    file: 'packages/datasets/src/planted-up.ts',
    code: "import { earlyStopping } from '@gradstream/callbacks';\nexport { earlyStopping };\n",
    rule: BOUNDARIES,
    says: /"floor:2" can only depend on libs tagged with "floor:0", "floor:1"/,
  },
  'an upward import of a type': {
    file: 'packages/datasets/src/planted-up-type.ts',
    code: "import type { Layer } from '@gradstream/layers';\nexport type { Layer };\n",
    rule: BOUNDARIES,
  },
  'an upward import written as a type expression': {
    file: 'packages/datasets/src/planted-up-expression.ts',
    code: "export type Layer = import('@gradstream/layers').Layer;\n",
    rule: 'typescript(consistent-type-imports)',
  },
  'an upward import() at run time': {
    file: 'packages/datasets/src/planted-up-lazy.ts',
    code: "export const lazy = (): Promise<unknown> => import('@gradstream/callbacks');\n",
    rule: BOUNDARIES,
  },
  'an upward re-export': {
    file: 'packages/datasets/src/planted-up-export.ts',
    code: "export * from '@gradstream/trainer';\n",
    rule: BOUNDARIES,
  },
  'an upward import in a spec': {
    file: 'packages/datasets/src/planted-up.spec.ts',
    code: "import { earlyStopping } from '@gradstream/callbacks';\nexport { earlyStopping };\n",
    rule: BOUNDARIES,
  },
  'the trainer importing the callbacks': {
    file: 'packages/callbacks/src/planted-trainer.ts',
    code: "import { compile } from '@gradstream/trainer';\nexport { compile };\n",
    rule: BOUNDARIES,
  },
  'the way back, which makes a circle': {
    file: 'packages/core/src/planted-circle.ts',
    code: "import { fusedDense } from '@gradstream/autodiff';\nexport { fusedDense };\n",
    rule: BOUNDARIES,
    says: /Circular dependency between "@gradstream\/core" and "@gradstream\/autodiff"/,
  },
  'an import from the same floor': {
    file: 'packages/datasets/src/planted-beside.ts',
    code: "import { adam } from '@gradstream/optimizers';\nexport { adam };\n",
    rule: BOUNDARIES,
    says: /"floor:2" can only depend on/,
  },
  'an import from the same floor, the ground': {
    file: 'packages/core/src/planted-beside.spec.ts',
    code: "import '@gradstream/testing';\n",
    rule: BOUNDARIES,
    says: /"floor:0" cannot depend on any libs/,
  },
  'a path into another package': {
    file: 'packages/layers/src/planted-path.ts',
    code: "import { philox4x32 } from '../../core/src/philox.js';\nexport { philox4x32 };\n",
    rule: BOUNDARIES,
    says: /cannot be imported by a relative or absolute path/,
  },
  'Node code in a package for browsers': {
    file: 'packages/planted-browser/src/planted-runtime.ts',
    code: "import { thing } from '@gradstream/planted-node';\nexport { thing };\n",
    rule: BOUNDARIES,
    says: /"runtime:any" can only depend on libs tagged with "runtime:any"/,
  },
  'an app imported by a library': {
    file: 'packages/planted-browser/src/planted-kind.ts',
    code: "import { thing } from '@gradstream/planted-app';\nexport { thing };\n",
    rule: BOUNDARIES,
    says: /"kind:lib" can only depend on libs tagged with "kind:lib"/,
  },
  'a package without tags that imports': {
    file: 'packages/planted-untagged/src/planted-import.ts',
    code: "import { suggest } from '@gradstream/core';\nexport { suggest };\n",
    rule: BOUNDARIES,
    says: /without tags matching at least one constraint cannot depend on any libraries/,
  },
  'a package without a floor': {
    file: 'packages/planted-browser/src/planted-floorless.ts',
    code: "import { thing } from '@gradstream/planted-untagged';\nexport { thing };\n",
    rule: BOUNDARIES,
  },
  'node:fs in code for browsers': {
    file: 'packages/core/src/planted-node.ts',
    code: "import { readFileSync } from 'node:fs';\nexport { readFileSync };\n",
    rule: NO_NODE,
  },
  'the type of a Node module': {
    file: 'packages/core/src/planted-node-type.ts',
    code: "import type { Stats } from 'node:fs';\nexport type { Stats };\n",
    rule: NO_NODE,
  },
  'fs without its scheme': {
    file: 'packages/core/src/planted-bare.ts',
    code: "export { join } from 'path';\n",
    rule: NO_NODE,
  },
  "import('node:fs')": {
    file: 'packages/layers/src/internal/planted-lazy-node.ts',
    code: "export const lazy = (): Promise<unknown> => import('node:fs');\n",
    rule: NO_NODE,
  },
  "import('fs/promises')": {
    file: 'packages/core/src/planted-lazy-bare.ts',
    code: "export const lazy = (): Promise<unknown> => import('fs/promises');\n",
    rule: NO_NODE,
  },
  "require('node:fs')": {
    file: 'packages/core/src/planted-require.ts',
    code: "declare const require: (name: string) => unknown;\nexport const fs = require('node:fs');\n",
    rule: NO_NODE,
  },
  'import() of a name that lint cannot see': {
    file: 'packages/core/src/planted-hidden.ts',
    code: "const name = 'fs';\nexport const lazy = (): Promise<unknown> => import(name);\n",
    rule: 'doors(literal-import)',
  },
  'import() of a template': {
    file: 'packages/core/src/planted-template.ts',
    code: 'export const lazy = (): Promise<unknown> => import(`@gradstream/layers`);\n',
    rule: 'doors(literal-import)',
  },
  'the global process': {
    file: 'packages/core/src/planted-process.ts',
    code: 'export const folder = process.cwd();\n',
    rule: 'eslint(no-restricted-globals)',
  },
  'the global Buffer': {
    file: 'packages/core/src/planted-buffer.ts',
    code: "export const bytes = Buffer.from('x');\n",
    rule: 'eslint(no-restricted-globals)',
  },
  'Node modules through process.getBuiltinModule': {
    file: 'packages/core/src/planted-builtin.ts',
    code: "declare const host: { getBuiltinModule(name: string): unknown };\nexport const fs = host.getBuiltinModule('fs');\n",
    rule: 'eslint(no-restricted-properties)',
  },
  'the node folder of the own package': {
    file: 'packages/core/src/planted-own-node.ts',
    code: "import { save } from './node/planted-save.js';\nexport { save };\n",
    rule: 'eslint(no-restricted-imports)',
  },
  'the node folder of another package': {
    file: 'packages/trainer/src/planted-other-node.ts',
    code: "import { tensorBoard } from '@gradstream/callbacks/node';\nexport { tensorBoard };\n",
    rule: 'eslint(no-restricted-imports)',
  },
  'test code in the source': {
    file: 'packages/layers/src/planted-testing.ts',
    code: "import '@gradstream/testing';\n",
    rule: 'eslint(no-restricted-imports)',
  },
  'test code in a node folder': {
    file: 'packages/layers/src/node/planted-testing.ts',
    code: "import { expect } from 'vitest';\nexport { expect };\n",
    rule: 'eslint(no-restricted-imports)',
  },
  'two files that import each other': {
    file: 'packages/core/src/planted-one.ts',
    code: "import { two } from './planted-two.js';\nexport const one: number = two;\n",
    rule: 'import(no-cycle)',
  },
  'two types that import each other': {
    file: 'packages/core/src/planted-type-one.ts',
    code: "import type { Two } from './planted-type-two.js';\nexport interface One {\n  two: Two;\n}\n",
    rule: 'import(no-cycle)',
  },
  'a file of 301 lines of code': {
    file: 'packages/core/src/planted-long.ts',
    code: Array.from({ length: 301 }, (_, index) => `export const value${index} = ${index};\n`).join(''),
    rule: 'eslint(max-lines)',
  },
  'a default export': {
    file: 'packages/core/src/planted-default.ts',
    code: 'export default 1;\n',
    rule: 'import(no-default-export)',
  },
};

/** Files that look like the plants above and are right. */
const allowed: Readonly<Record<string, string>> = {
  'packages/core/src/node/planted-save.ts':
    "import { writeFileSync } from 'node:fs';\nexport const save = (): void => writeFileSync('x', process.version);\n",
  'packages/core/src/planted-node.spec.ts':
    "import { readFileSync } from 'node:fs';\nexport const text = readFileSync(process.cwd(), 'utf8');\n",
  'packages/core/src/planted-host.ts':
    'export const host = (globalThis as { process?: { platform?: string } }).process?.platform;\nexport const local = (process: { id: number }): number => process.id;\n',
  'packages/core/src/planted-two.ts': "import { one } from './planted-one.js';\nexport const two: number = one;\n",
  'packages/core/src/planted-type-two.ts':
    "import type { One } from './planted-type-one.js';\nexport interface Two {\n  one: One;\n}\n",
  'packages/core/src/planted-300.ts': Array.from(
    { length: 300 },
    (_, index) => `// why\n\nexport const value${index} = ${index};\n`,
  ).join(''),
  'packages/datasets/src/planted-down.ts': "import { suggest } from '@gradstream/core';\nexport { suggest };\n",
  'packages/datasets/src/planted-down.spec.ts':
    "import * as testing from '@gradstream/testing';\nexport { testing };\n",
  'packages/planted-server/src/planted-down.ts':
    "import { thing } from '@gradstream/planted-browser';\nexport { thing };\n",
  'packages/planted-server/src/planted-runtime.ts':
    "import { thing } from '@gradstream/planted-node';\nexport { thing };\n",
};

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
}

let workspace: ScratchWorkspace;
let clean: { status: number | null; found: Diagnostic[] };
let planted: { status: number | null; found: Diagnostic[] };

/** Small packages, whole, and where things are planted beside: all others are linted by `npm run lint`. */
const WHOLE = ['packages/core', 'packages/datasets'];

function lint(...paths: readonly string[]): { status: number | null; found: Diagnostic[] } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['tools/lint/lint.mjs', '--format', 'json', ...WHOLE, ...paths],
    {
      cwd: workspace.directory,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  if (!stdout.startsWith('{')) throw new Error(`lint gave no JSON: ${stdout}${stderr}`);
  return { status, found: (JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics };
}

beforeAll(() => {
  workspace = scratchWorkspace();
  clean = lint();
  workspace.plantPackage('planted-browser', ['floor:1', 'runtime:any', 'kind:lib']);
  workspace.plantPackage('planted-node', ['floor:0', 'runtime:node', 'kind:lib']);
  workspace.plantPackage('planted-app', ['floor:0', 'runtime:any', 'kind:app']);
  workspace.plantPackage('planted-server', ['floor:2', 'runtime:node', 'kind:app']);
  workspace.plantPackage('planted-untagged', []);
  for (const { file, code } of Object.values(plants)) workspace.plant(file, code);
  for (const [file, code] of Object.entries(allowed)) workspace.plant(file, code);
  const files = [...Object.values(plants).map(({ file }) => file), ...Object.keys(allowed)];
  planted = lint(...files.filter((file) => !WHOLE.some((folder) => file.startsWith(folder))));
}, 300_000);
afterAll(() => workspace?.remove());

describe('lint', () => {
  it('finds nothing in packages as they stand', () => {
    expect(clean.found.map(({ filename, code, message }) => `${filename}: ${code} ${message}`)).toEqual([]);
    expect(clean.status).toBe(0);
  });

  it('fails where something is planted', () => {
    expect(planted.status).toBe(1);
  });

  it.each(Object.entries(plants))('refuses %s', (_, { file, rule, says }) => {
    const found = planted.found.filter(({ filename }) => filename === file);
    expect(found.map(({ code }) => code)).toContain(rule);
    if (says)
      expect(found.filter(({ code }) => code === rule).map(({ message }) => message)).toContainEqual(
        expect.stringMatching(says),
      );
  });

  const pairs = new Set(['packages/core/src/planted-two.ts', 'packages/core/src/planted-type-two.ts']);
  it.each(Object.keys(allowed).filter((file) => !pairs.has(file)))('lets %s pass', (file) => {
    expect(planted.found.filter(({ filename }) => filename === file)).toEqual([]);
  });

  it('holds every package that is for Node alone to the rules of Node code', () => {
    const { overrides } = JSON.parse(readFileSync(join(workspace.directory, '.oxlintrc.json'), 'utf8')) as {
      overrides: { rules: Record<string, unknown>; excludeFiles?: string[] }[];
    };
    const excluded = overrides.find(({ rules }) => rules['import/no-nodejs-modules'])?.excludeFiles ?? [];
    const node = packageFolders(join(import.meta.dirname, '..')).filter(({ manifest }) =>
      manifest.nx?.tags?.includes('runtime:node'),
    );
    expect(excluded.toSorted()).toEqual(
      ['**/*.spec.ts', 'packages/*/src/node/**', ...node.map(({ name }) => `packages/${name}/src/**`)].toSorted(),
    );
  });
});

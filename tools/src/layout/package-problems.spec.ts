import { describe, expect, it } from 'vitest';
import type { Manifest, PackageFolder } from './package-folder.js';
import { packageProblems } from './package-problems.js';

const floors = { 0: ['core', 'testing'], 2: ['wave'] };
const files: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    name: '@gradstream/wave',
    version: '0.1.0',
    description: 'Waves',
    license: 'Apache-2.0',
    type: 'module',
    sideEffects: false,
    engines: { node: '>=20.19' },
    files: ['dist', 'src', '!src/**/*.spec.ts', '!dist/**/*.tsbuildinfo'],
    exports: {
      '.': {
        '@gradstream/source': './src/index.ts',
        types: './dist/index.d.ts',
        node: './dist/bundled/index.js',
        default: './dist/index.js',
      },
      './node': {
        '@gradstream/source': './src/node/index.ts',
        types: './dist/node/index.d.ts',
        node: './dist/bundled/node/index.js',
        default: './dist/node/index.js',
      },
      './package.json': './package.json',
    },
    scripts: { build: 'tsc -b', test: 'vitest run' },
    dependencies: { '@gradstream/core': '0.1.0', fflate: '0.8.3' },
    peerDependencies: { rxjs: '^7.8.2', '@tensorflow/tfjs-backend-wasm': '4.22.0' },
    peerDependenciesMeta: { '@tensorflow/tfjs-backend-wasm': { optional: true } },
    nx: { tags: ['floor:2', 'runtime:any', 'kind:lib'] },
  }),
  'tsconfig.json': '{ "extends": "../../tsconfig.base.json", "references": [{ "path": "../core" }] }',
  'README.md':
    "# @gradstream/wave\n\nnpm install @gradstream/wave\n\n```ts\nimport { wave } from '@gradstream/wave';\n```\n\n`wave`, `saveWave`\n",
  'src/index.ts': "export { wave, type WaveOptions } from './wave.js';\n",
  'src/wave.ts':
    "import type { Config } from '@gradstream/core';\nimport { of } from 'rxjs';\n/** Options. */\nexport interface WaveOptions extends Config {}\n" +
    "/** A wave. */\nexport const wave = () => of(import('@tensorflow/tfjs-backend-wasm'));\n",
  'src/wave.spec.ts':
    "import { wave } from './wave.js';\nimport { expect } from 'vitest';\nexpect(wave).toBeDefined();\n",
  'src/node/index.ts': "export { saveWave } from './save-wave.js';\n",
  'src/node/save-wave.ts':
    "import { zip } from 'fflate';\n/** Saves. */\nexport function saveWave(): unknown {\n  return zip;\n}\n",
  'src/node/save-wave.spec.ts': '',
};

function folder(name: string, contents: Readonly<Record<string, string>>): PackageFolder {
  const read = (file: string): string => contents[file] ?? '';
  return {
    directory: `/packages/${name}`,
    name,
    manifest: JSON.parse(read('package.json')) as Manifest,
    files: Object.keys(contents),
    read,
    size: (file) => read(file).length,
  };
}

const manifestOf = (changes: Partial<Record<keyof Manifest | 'main', unknown>>): Record<string, string> => ({
  'package.json': JSON.stringify({ ...(JSON.parse(files['package.json'] ?? '') as Manifest), ...changes }),
});
/** The manifest with one field's entries added or replaced. */
const merged = (
  field: 'dependencies' | 'exports' | 'scripts',
  entries: Record<string, unknown>,
): Record<string, string> => {
  const manifest = JSON.parse(files['package.json'] ?? '') as Manifest;
  return manifestOf({ [field]: { ...manifest[field], ...entries } });
};
const target = (
  stem: string,
  code: object = { node: `./dist/bundled/${stem}.js`, default: `./dist/${stem}.js` },
): object => ({
  '@gradstream/source': `./src/${stem}.ts`,
  types: `./dist/${stem}.d.ts`,
  ...code,
});
const forNode = (stem: string): object => target(stem, { default: `./dist/bundled/${stem}.js` });
const forBundlers = (stem: string): object => target(stem, { default: `./dist/${stem}.js` });

function problems(changes: Readonly<Record<string, string>>): string[] {
  const core = folder('core', {
    'package.json': '{ "name": "@gradstream/core", "version": "0.1.0", "peerDependencies": { "rxjs": "^7.8.2" } }',
  });
  const testing = folder('testing', {
    'package.json': '{ "name": "@gradstream/testing", "version": "0.1.0", "private": true }',
  });
  return packageProblems(folder('wave', { ...files, ...changes }), [core, testing], floors);
}

it('finds nothing in a package in the house style', () => {
  expect(problems({})).toEqual([]);
});

it('lets an export give Node more', () => {
  const more = { '.': { node: forNode('node/index'), ...forBundlers('index') } };
  expect(problems(merged('exports', more))).toEqual([]);
  expect(problems(merged('exports', { '.': { node: forNode('index'), ...forBundlers('index') } }))).toEqual([
    'package.json exports "." for Node: ./node and src/node/ belong together',
  ]);
});

describe('the house style refuses', () => {
  const wave = files['src/wave.ts'] ?? '';
  const readme = files['README.md'] ?? '';
  it.each<[string, Record<string, string>, string]>([
    ['another name', manifestOf({ name: '@gradstream/waves' }), 'package.json name'],
    ['another licence', manifestOf({ license: 'MIT' }), 'package.json license'],
    ['side effects', manifestOf({ sideEffects: true }), 'package.json sideEffects'],
    ['CommonJS', manifestOf({ type: 'commonjs' }), 'package.json type'],
    ['other engines', manifestOf({ engines: { node: '>=18' } }), 'package.json engines'],
    ['no description', manifestOf({ description: '' }), 'package.json description'],
    ['specs in the tarball', manifestOf({ files: ['dist', 'src'] }), '"!src/**/*.spec.ts" is missing'],
    ['an install script', merged('scripts', { postinstall: 'x' }), '"postinstall"'],
    ['a legacy field', manifestOf({ main: 'dist/index.js' }), 'package.json main'],
    [
      'a floor that is not the drawing’s',
      manifestOf({ nx: { tags: ['floor:3', 'runtime:any', 'kind:lib'] } }),
      'package.json nx.tags',
    ],
    ['no tags', manifestOf({ nx: {} }), 'package.json nx.tags'],
    ['an export without source', manifestOf({ exports: { '.': './dist/index.js' } }), 'names a file under ./src/'],
    ['an export of nothing', merged('exports', { './x': target('x') }), 'there is no ./src/x.ts'],
    [
      'Node code under a name for browsers',
      merged('exports', { './save': target('node/index') }),
      './node and src/node/ belong together',
    ],
    [
      'an import that is not listed',
      { 'src/wave.ts': `import { add } from '@tensorflow/tfjs-core';\n${wave}` },
      'which is not listed',
    ],
    [
      'a type that is not listed',
      { 'src/wave.ts': `import type { Tensor } from '@tensorflow/tfjs-core';\n${wave}` },
      'which is not listed',
    ],
    [
      'a dependency without an import',
      { 'src/node/save-wave.ts': '/** Saves. */\nexport const saveWave = 1;\n' },
      '"fflate" is listed and never imported',
    ],
    ['a range', merged('dependencies', { fflate: '^0.8.3' }), 'pinned to one version'],
    ['another version of the house', merged('dependencies', { '@gradstream/core': '0.0.9' }), 'is at 0.1.0'],
    ['a second copy of rxjs', merged('dependencies', { rxjs: '7.8.2' }), 'is a peer dependency'],
    ['a private dependency', merged('dependencies', { '@gradstream/testing': '0.1.0' }), 'is private'],
    [
      'an optional peer at import',
      { 'src/wave.ts': `import * as wasm from '@tensorflow/tfjs-backend-wasm';\n${wave}` },
      'only import() may load it',
    ],
    ['own development tools', manifestOf({ devDependencies: { vitest: '1.0.0' } }), 'package.json devDependencies'],
    ['a missing reference', { 'tsconfig.json': '{ "extends": "../../tsconfig.base.json" }' }, '../core is missing'],
    [
      'an extra reference',
      {
        'tsconfig.json':
          '{ "extends": "../../tsconfig.base.json", "references": [{ "path": "../core" }, { "path": "../x" }] }',
      },
      '../x is not a dependency',
    ],
    [
      'other compiler settings',
      { 'tsconfig.json': '{ "references": [{ "path": "../core" }] }' },
      'tsconfig.json extends',
    ],
    ['capitals in a file name', { 'src/Wave.ts': '' }, 'file names are kebab-case'],
    ['a file for everything', { 'src/internal/utils.ts': '' }, 'named after the one idea'],
    ['code in an index', { 'src/index.ts': 'export const x = 1;\n' }, 'an index holds re-exports only'],
    ['a star over a file', { 'src/index.ts': "export * from './wave.js';\n" }, 'an index names what it exports'],
    ['an empty index', { 'src/index.ts': '' }, 'an index exports something'],
    [
      'a public name without a sentence',
      { 'src/wave.ts': `${wave}export const tide = 1;\n` },
      'tide has no doc comment',
    ],
    ['a door switched off', { 'src/wave.ts': `/* oxlint-disable */\n${wave}` }, 'cannot be switched off'],
    [
      'a door switched off for a line',
      { 'src/wave.ts': `// eslint-disable-next-line import/no-nodejs-modules\n${wave}` },
      'cannot be switched off',
    ],
    [
      'code without a spec',
      { 'src/tide/tide.ts': '/** A tide. */\nexport const tide = 1;\n' },
      'src/tide/: code without a spec',
    ],
    ['a large fixture', { 'fixtures/wave.json': ' '.repeat(200_000) }, 'fixtures/wave.json'],
    ['a long README', { 'README.md': `${readme}${'\n'.repeat(70)}end` }, 'at most 60 lines'],
    ['another title', { 'README.md': readme.replace('# @', '# The @') }, 'expected the title'],
    ['a README without an example', { 'README.md': readme.replace('```ts', '```js') }, 'a ```ts example imports'],
    ['a README that lacks a name', { 'README.md': readme.replace('`saveWave`', '') }, 'lacks saveWave'],
    [
      'a README without an install line',
      { 'README.md': readme.replace('npm install', 'yarn add') },
      'say how to install',
    ],
  ])('%s', (_, changes, problem) => {
    expect(problems(changes)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it('a package that is not in the drawing', () => {
    expect(packageProblems(folder('wave', files), [], { 0: ['core'] })).toEqual(
      expect.arrayContaining([expect.stringContaining('floors.json')]),
    );
  });
});

'use strict';
// Nx generator: `npx nx g @gradstream/tools:package NAME --floor 2` makes a package in the house style. It is green from the
// first minute: one idea with its spec, a README whose example runs, a place on its floor in the drawing.
const { readJson, updateJson } = require('@nx/devkit');

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Names that say nothing about what is inside. */
const NAMELESS = ['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'types'];
const PEER_VERSIONS = { rxjs: '^7.8.2', '@tensorflow/tfjs-core': '4.22.0' };
const RUNTIMES = ['any', 'node'];
const KINDS = ['lib', 'backend', 'app'];

module.exports = async function packageGenerator(tree, options) {
  const { name, floor, runtime = 'any', kind = 'lib', peers = [], unscoped = false, restricted = false } = options;
  check(tree, { name, floor, runtime, kind, peers });
  const description = options.description?.trim() || words(name);
  const root = `packages/${name}`;
  const packageName = unscoped ? name : `@gradstream/${name}`;
  const version = tree.exists('packages/core/package.json')
    ? readJson(tree, 'packages/core/package.json').version
    : '0.1.0';
  const idea = name.replaceAll(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase());

  const write = (file, text) => tree.write(`${root}/${file}`, text);
  const writeJson = (file, value) => write(file, `${JSON.stringify(value, null, 2)}\n`);
  writeJson(
    'package.json',
    manifest({ name, packageName, version, description, restricted, peers, tags: { floor, runtime, kind } }),
  );
  writeJson('tsconfig.json', {
    extends: '../../tsconfig.base.json',
    compilerOptions: {
      rootDir: 'src',
      outDir: 'dist',
      tsBuildInfoFile: 'dist/.tsbuildinfo',
      ...(runtime === 'node' ? { types: ['node'] } : {}),
    },
    include: ['src/**/*.ts'],
    exclude: ['src/**/*.spec.ts'],
    references: [],
  });
  // Every package that is published carries the licence's text.
  if (!restricted && tree.exists('LICENSE')) write('LICENSE', tree.read('LICENSE'));
  write('README.md', readme({ packageName, description, idea, restricted }));
  write('src/index.ts', `export { ${idea} } from './${name}.js';\n`);
  write(
    `src/${name}.ts`,
    `/** The name of this package. Put its first idea here: one public idea a file, named after it. */\nexport const ${idea} = '${packageName}';\n`,
  );
  write(
    `src/${name}.spec.ts`,
    `import { expect, it } from 'vitest';\nimport { ${idea} } from './${name}.js';\n\n` +
      `it('is the name of the package', () => {\n  expect(${idea}).toBe('${packageName}');\n});\n`,
  );
  updateJson(tree, 'tsconfig.json', (json) => ({
    ...json,
    references: [...(json.references ?? []), { path: `./${root}` }].sort((a, b) => a.path.localeCompare(b.path)),
  }));
  updateJson(tree, 'tools/floors.json', (floors) => ({ ...floors, [floor]: [...(floors[floor] ?? []), name].sort() }));
};

/** `wave-maker` in words, as a first description. */
const words = (name) => name[0].toUpperCase() + name.slice(1).replaceAll('-', ' ');

function check(tree, { name, floor, runtime, kind, peers }) {
  const refuse = (code, what, received, next) => {
    throw new Error(`GS_TOOLS_${code}  [tools/package] ${what}; received ${JSON.stringify(received)}. ${next}`);
  };
  if (!NAME.test(name)) refuse('NAME', 'Expected a name in kebab-case', name, 'Try "my-package".');
  if (NAMELESS.includes(name))
    refuse('NAME', 'Expected a name that says what is inside', name, 'Name the package after its idea.');
  if (!Number.isInteger(floor) || floor < 0 || floor > 5)
    refuse('FLOOR', 'Expected a floor from 0 to 5', floor, 'See ARCHITECTURE.md.');
  if (!RUNTIMES.includes(runtime))
    refuse('RUNTIME', `Expected one of ${RUNTIMES.join(', ')}`, runtime, 'any: browsers too; node: may import node:*.');
  if (!KINDS.includes(kind)) refuse('KIND', `Expected one of ${KINDS.join(', ')}`, kind, 'Most packages are a lib.');
  for (const peer of peers) {
    if (!PEER_VERSIONS[peer])
      refuse(
        'PEER',
        `Expected one of ${Object.keys(PEER_VERSIONS).join(', ')}`,
        peer,
        'Other packages go to dependencies.',
      );
  }
  if (tree.exists(`packages/${name}/package.json`))
    refuse('EXISTS', 'Expected a new name', name, `packages/${name} is there already.`);
}

function manifest({ name, packageName, version, description, restricted, peers, tags }) {
  return {
    name: packageName,
    version,
    description,
    ...(restricted ? { private: true } : {}),
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
      './package.json': './package.json',
    },
    scripts: {
      build: 'tsc -b && node ../../tools/bundle/bundle.mjs .',
      test: `vitest run --config ../../vitest.config.ts --root ../.. packages/${name}/`,
    },
    ...(peers.length > 0
      ? { peerDependencies: Object.fromEntries(peers.map((peer) => [peer, PEER_VERSIONS[peer]])) }
      : {}),
    nx: { tags: [`floor:${tags.floor}`, `runtime:${tags.runtime}`, `kind:${tags.kind}`] },
  };
}

const readme = ({ packageName, description, idea, restricted }) =>
  `# ${packageName}

${description}

${restricted ? '' : `## Install\n\n\`\`\`sh\nnpm install ${packageName}\n\`\`\`\n\n`}## Example

\`\`\`ts
import assert from 'node:assert';
import { ${idea} } from '${packageName}';

assert.equal(${idea}, '${packageName}');
\`\`\`

## Exports

| name | what |
|---|---|
| \`${idea}\` | the name of this package |
`;

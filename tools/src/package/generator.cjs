'use strict';
// Nx generator: `npx nx g @gradstream/tools:package NAME --floor 2` makes a package in the house style.
const { readJson, updateJson } = require('@nx/devkit');

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

module.exports = async function packageGenerator(tree, options) {
  const { name, floor, runtime = 'any', kind = 'lib', description = '', unscoped = false, restricted = false } = options;
  if (!NAME.test(name)) throw new Error(`GS_TOOLS_NAME  A package name is kebab-case. Received "${name}". Try "my-package".`);
  if (!Number.isInteger(floor) || floor < 0 || floor > 5) {
    throw new Error(`GS_TOOLS_FLOOR  A floor is an integer from 0 to 5. Received ${floor}. See ARCHITECTURE.md.`);
  }
  const root = `packages/${name}`;
  if (tree.exists(`${root}/package.json`)) throw new Error(`GS_TOOLS_EXISTS  ${root} is there already. Choose another name.`);
  const packageName = unscoped ? name : `@gradstream/${name}`;
  const version = tree.exists("packages/core/package.json") ? readJson(tree, "packages/core/package.json").version : "0.1.0";

  const manifest = {
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
      '.': { '@gradstream/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    scripts: { build: 'tsc -b', test: `vitest run --config ../../vitest.config.ts --root ../.. packages/${name}/` },
    nx: { tags: [`floor:${floor}`, `runtime:${runtime}`, `kind:${kind}`] },
  };
  tree.write(`${root}/package.json`, JSON.stringify(manifest, null, 2) + '\n');
  tree.write(
    `${root}/tsconfig.json`,
    JSON.stringify(
      {
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
      },
      null,
      2,
    ) + '\n',
  );
  tree.write(`${root}/src/index.ts`, `// The public names of ${packageName}: names only, one export a line.\nexport {};\n`);
  tree.write(
    `${root}/README.md`,
    `# ${packageName}\n\n${description}\n\n## Install\n\n\`\`\`sh\nnpm install ${packageName}\n\`\`\`\n\n## Exports\n\n| name | what |\n|---|---|\n`,
  );
  updateJson(tree, 'tsconfig.json', (json) => ({
    ...json,
    references: [...(json.references ?? []), { path: `./${root}` }].sort((a, b) => a.path.localeCompare(b.path)),
  }));
};

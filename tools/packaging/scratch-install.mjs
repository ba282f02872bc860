import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';
import { npm } from './tarballs.mjs';

/** koffi's script looks whether npm took its binary, and builds one where there is none. It works without. */
const WITHOUT = ['node_modules/koffi'];

const file = ({ tarball }) => `file:${tarball}`;

/**
 * Installs packages by name from their tarballs in an empty folder. Packages of ours on which they depend come from their tarballs too
 * (`overrides`), and only where a manifest lists them. Nothing of the workspace is near.
 */
export async function install(directory, packages, all) {
  mkdirSync(directory, { recursive: true });
  const node = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).devDependencies[
    '@types/node'
  ];
  const chosen = new Set(packages.map(({ name }) => name));
  const manifest = {
    private: true,
    type: 'module',
    dependencies: Object.fromEntries(packages.map((item) => [item.name, file(item)])),
    devDependencies: { '@types/node': node },
    overrides: Object.fromEntries(all.filter(({ name }) => !chosen.has(name)).map((item) => [item.name, file(item)])),
  };
  writeFileSync(join(directory, 'package.json'), JSON.stringify(manifest, null, 2));
  const problems = await npm(directory, [
    'install',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--engine-strict',
    '--ignore-scripts',
  ]);
  if (problems.length > 0) return problems;
  const { packages: installed } = JSON.parse(readFileSync(join(directory, 'package-lock.json'), 'utf8'));
  return Object.entries(installed)
    .filter(([path, { hasInstallScript }]) => hasInstallScript && !WITHOUT.includes(path))
    .map(([path]) => `${path} runs a script when it is installed`);
}

/** Imports every subpath in plain Node. The process must end by itself and print nothing. */
export async function importProblems(directory, packages) {
  const path = join(directory, 'import.mjs');
  writeFileSync(path, importing(packages.flatMap(({ specifiers }) => specifiers)));
  const { ok, text } = await run(directory, process.execPath, [path], { timeout: 60_000 });
  return ok && text === '' ? [] : [`importing: ${text || 'it failed'}`];
}

/** A program that imports what was built, and throws where that exports nothing though its code says so (types leave nothing behind). */
const importing = (specifiers) => `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
for (const specifier of ${JSON.stringify(specifiers)}) {
  const path = fileURLToPath(import.meta.resolve(specifier));
  if (!/node_modules.*[/\\\\]dist[/\\\\]/.test(path)) throw new Error(path + ' is not what was built');
  const names = Object.keys(await import(specifier));
  if (names.length === 0 && !/^export {};?$/m.test(readFileSync(path, 'utf8'))) throw new Error(specifier + ' exports nothing');
}
`;

/** How modules are found, in the words of tsconfig.json. */
export const FOR_NODE = { module: 'NodeNext', moduleResolution: 'NodeNext' };
export const FOR_BUNDLERS = { module: 'ESNext', moduleResolution: 'Bundler' };

/** Type-checks a file that imports every subpath, once for each of `resolutions`; errors in our own declarations count. */
export async function typeProblems(root, directory, packages, resolutions) {
  const specifiers = packages.flatMap(({ specifiers: own }) => own);
  const lines = specifiers.map((specifier, index) => `import * as module${index} from '${specifier}';`);
  writeFileSync(
    join(directory, 'uses.ts'),
    `${lines.join('\n')}\nexport const modules = [${specifiers.map((_, index) => `module${index}`).join(', ')}];\n`,
  );
  const problems = [];
  for (const resolution of resolutions) {
    const compilerOptions = {
      ...resolution,
      target: 'ES2022',
      lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
    };
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['uses.ts'] }));
    const { text } = await run(directory, process.execPath, [
      join(root, 'node_modules/@typescript/native/bin/tsc'),
      '-p',
      directory,
    ]);
    // The declarations of others are theirs: those of tfjs-core, for one, do not agree with TypeScript's own about WebGPU.
    const ours = text
      .split('\n')
      .filter((line) => /^(uses\.ts|node_modules\/(@gradstream|gradstream)\/|error TS)/.test(line));
    problems.push(...ours.map((line) => `tsc, ${resolution.moduleResolution}: ${line}`));
  }
  return problems;
}

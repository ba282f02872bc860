import type { ExportTarget, PackageFolder } from './package-folder.js';

const FILES = ['dist', 'src', '!src/**/*.spec.ts', '!dist/**/*.tsbuildinfo'];
const SCRIPTS = ['build', 'test'];
/** npm runs these by itself, at an install or a publish. */
const LIFECYCLE = /^(pre|post)?(install|pack|publish|publishOnly|prepare|version)$/;
const LEGACY = ['main', 'module', 'types', 'typings', 'browser'];

/** What is wrong with a package's manifest: fixed fields, tags, exports, scripts. `floors` is the drawing: names by floor. */
export function manifestProblems(folder: PackageFolder, floors: Readonly<Record<string, readonly string[]>>): string[] {
  const { manifest, name } = folder;
  const problems: string[] = [];
  const expect = (field: string, received: unknown, expected: unknown): void => {
    if (JSON.stringify(received) !== JSON.stringify(expected)) {
      problems.push(
        `package.json ${field}: expected ${JSON.stringify(expected)}; received ${JSON.stringify(received)}`,
      );
    }
  };
  expect('name', manifest.name, name === 'gradstream' ? name : `@gradstream/${name}`);
  expect('license', manifest.license, 'Apache-2.0');
  expect('type', manifest.type, 'module');
  expect('sideEffects', manifest.sideEffects, false);
  expect('engines', manifest.engines, { node: '>=20.19' });
  if (!manifest.description) problems.push('package.json description: say what the package is in one line');
  for (const entry of FILES)
    if (!manifest.files?.includes(entry)) problems.push(`package.json files: "${entry}" is missing`);
  for (const script of SCRIPTS)
    if (!manifest.scripts?.[script]) problems.push(`package.json scripts: "${script}" is missing`);
  for (const script of Object.keys(manifest.scripts ?? {})) {
    if (LIFECYCLE.test(script))
      problems.push(`package.json scripts: npm runs "${script}" by itself; nothing happens at an install`);
  }
  for (const field of LEGACY)
    if (field in manifest) problems.push(`package.json ${field}: "exports" says it already; remove it`);
  return [...problems, ...tagProblems(folder, floors), ...exportProblems(folder)];
}

function tagProblems({ manifest, name }: PackageFolder, floors: Readonly<Record<string, readonly string[]>>): string[] {
  const floor = Object.keys(floors).find((key) => floors[key]?.includes(name));
  if (floor === undefined) return [`tools/floors.json: "${name}" stands on no floor; write it into the drawing`];
  const tags = manifest.nx?.tags ?? [];
  const [first, runtime = '', kind = '', ...rest] = tags;
  const right =
    first === `floor:${floor}` &&
    /^runtime:(any|node)$/.test(runtime) &&
    /^kind:(lib|backend|app)$/.test(kind) &&
    rest.length === 0;
  return right
    ? []
    : [
        `package.json nx.tags: expected ["floor:${floor}", "runtime:any|node", "kind:lib|backend|app"]; received ${JSON.stringify(tags)}`,
      ];
}

function exportProblems({ manifest, files }: PackageFolder): string[] {
  const problems: string[] = [];
  const { './package.json': own, ...subpaths } = manifest.exports ?? {};
  if (own !== './package.json') problems.push('package.json exports: "./package.json" is missing');
  if (!('.' in subpaths)) problems.push('package.json exports: "." is missing');
  for (const [subpath, target] of Object.entries(subpaths)) {
    const where = `package.json exports "${subpath}"`;
    const inNode = /^\.\/node(\/|$)/.test(subpath);
    const check = (title: string, part: ExportTarget, node: boolean, code: CodeOf): void => {
      problems.push(...targetProblems(title, part, code, files));
      const source = part['@gradstream/source'];
      if (source && source.startsWith('./src/node/') !== node)
        problems.push(`${title}: ./node and src/node/ belong together`);
    };
    const named: ExportTarget = typeof target === 'string' ? { default: target } : target;
    const { node, ...everywhere } = named;
    if (typeof node === 'object') {
      check(`${where} for Node`, node, true, (stem) => ({ default: bundled(stem) }));
      check(where, everywhere, inNode, (stem) => ({ default: module(stem) }));
    } else {
      check(where, named, inNode, (stem) => ({ node: bundled(stem), default: module(stem) }));
    }
  }
  for (const [command, path] of Object.entries(manifest.bin ?? {})) {
    // npm links a command when it installs, and a clone is not built then: the file has to be there from the start.
    const source = path.replace(/^\.\//, '');
    if (!files.includes(source) || !source.startsWith('bin/'))
      problems.push(`package.json bin "${command}": expected a file of bin/`);
  }
  return problems;
}

/** The code of an export, by what loads it: Node takes one file, bundlers take modules and leave out what is not used. */
type CodeOf = (stem: string) => ExportTarget;
const bundled = (stem: string): string => `./dist/bundled/${stem}.js`;
const module = (stem: string): string => `./dist/${stem}.js`;

function targetProblems(where: string, target: ExportTarget, code: CodeOf, files: readonly string[]): string[] {
  const source = target['@gradstream/source'];
  const stem = source && /^\.\/src\/(.+)\.ts$/.exec(source)?.[1];
  if (!source || !stem) return [`${where}: the condition "@gradstream/source" names a file under ./src/`];
  const problems = files.includes(source.slice(2)) ? [] : [`${where}: there is no ${source}`];
  const expected: ExportTarget = { '@gradstream/source': source, types: `./dist/${stem}.d.ts`, ...code(stem) };
  if (JSON.stringify(target) !== JSON.stringify(expected))
    problems.push(`${where}: expected ${JSON.stringify(expected)} in this order`);
  return problems;
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './run.mjs';

/** The packages that are published: folder, name, manifest, and the specifiers that users may import. */
export function publicPackages(root) {
  return readdirSync(join(root, 'packages'))
    .filter((folder) => existsSync(join(root, 'packages', folder, 'package.json')))
    .map((folder) => {
      const directory = join(root, 'packages', folder);
      const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      const subpaths = Object.keys(manifest.exports ?? {}).filter((subpath) => subpath !== './package.json');
      return {
        folder,
        directory,
        name: manifest.name,
        manifest,
        specifiers: subpaths.map((subpath) => manifest.name + subpath.slice(1)),
      };
    })
    .filter(({ manifest }) => !manifest.private);
}

/** Runs npm and gives what it says where it fails. */
export async function npm(directory, args) {
  const { ok, text } = await run(directory, process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
  return ok ? [] : [`npm ${args.join(' ')} failed:\n${text}`];
}

/** Packs packages into `destination` and writes down each one's tarball and the files in it. */
export async function pack(root, packages, destination) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', destination];
  const { ok, stdout, text } = await run(root, 'npm', [
    ...args,
    ...packages.flatMap(({ folder }) => ['-w', `packages/${folder}`]),
  ]);
  if (!ok) return [text];
  const listed = JSON.parse(stdout);
  const tarballs = new Map(
    (Array.isArray(listed) ? listed : Object.values(listed)).map((entry) => [entry.name, entry]),
  );
  for (const item of packages) {
    const entry = tarballs.get(item.name);
    if (!entry) return [`npm pack made no tarball of ${item.name}`];
    item.tarball = join(destination, entry.filename);
    item.contents = entry.files.map(({ path }) => path);
  }
  return [];
}

/** What is missing in a tarball, and what does not belong there. */
export function tarballProblems({ manifest, contents }) {
  const paths = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(paths));
  const targets = paths(manifest.exports);
  const wanted = [
    'package.json',
    'README.md',
    ...[...targets, ...Object.values(manifest.bin ?? {})].map((path) => path.replace(/^\.\//, '')),
  ];
  const missing = wanted.filter((path) => !contents.includes(path)).map((path) => `${path} is not in the tarball`);
  const extra = contents.filter((path) => /\.spec\.|\.tsbuildinfo$|^(fixtures|node_modules)\//.test(path));
  return [...missing, ...extra.map((path) => `${path} does not belong in the tarball`)];
}

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageFolders, type Manifest } from '../tools/src/layout/package-folder.js';

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly engines?: { readonly node?: string };
  readonly optional?: boolean;
}

const root = join(import.meta.dirname, '..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));
const workspace = json('package.json') as Manifest;
const lock = json('package-lock.json') as { lockfileVersion: number; packages: Record<string, Locked> };
const newer = json('tools/newer-node/package-lock.json') as typeof lock;
const installed = Object.entries(lock.packages).filter(([path, { link }]) => path.includes('node_modules/') && !link);
const EXACT = /^(npm:(@[\w-]+\/)?[\w.-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/;
/** The ranges that are not one version: rxjs is shared with the user's own code. */
const SHARED: Readonly<Record<string, string>> = { rxjs: '^7.8.2' };

describe('the manifests', () => {
  const manifests = [
    ['package.json', workspace],
    ...packageFolders(root).map(({ name, manifest }) => [`packages/${name}`, manifest]),
  ] as [string, Manifest][];

  it.each(manifests)(
    '%s pins what it depends on to one version',
    (_, { dependencies, devDependencies, optionalDependencies, peerDependencies }) => {
      const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });
      expect(ranges.filter(([, range]) => !EXACT.test(range))).toEqual([]);
      const peers = Object.entries(peerDependencies ?? {});
      expect(peers.filter(([name, range]) => !EXACT.test(range) && SHARED[name] !== range)).toEqual([]);
    },
  );

  it.each(manifests)('%s runs on Node 20.19', (_, { engines }) => {
    expect(engines).toEqual({ node: '>=20.19' });
  });
});

describe('the newer Node', () => {
  it('is pinned to one version with a hash, and its lock names no registry', () => {
    const { optionalDependencies } = json('tools/newer-node/package.json') as Manifest;
    const { '': own, ...packages } = newer.packages;
    expect(own).toMatchObject({ optionalDependencies });
    expect(Object.keys(packages)).toEqual(Object.keys(optionalDependencies!).map((name) => `node_modules/${name}`));
    for (const [path, { version, integrity, resolved, hasInstallScript }] of Object.entries(packages)) {
      expect([path, version]).toEqual([path, optionalDependencies![path.slice('node_modules/'.length)]]);
      expect([integrity?.startsWith('sha512-'), resolved, hasInstallScript]).toEqual([true, undefined, undefined]);
    }
  });
});

describe('the lock file', () => {
  it('names no registry, so that any one serves it', () => {
    expect(lock.lockfileVersion).toBe(3);
    expect(Object.values(lock.packages).filter(({ link, resolved }) => resolved && !link)).toEqual([]);
    expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/https?:\/\/[^"]*\.tgz/);
  });

  it('has a hash for every package', () => {
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual(
      [],
    );
  });

  it('locks what the manifests pin', () => {
    for (const [name, range] of Object.entries(workspace.devDependencies ?? {})) {
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(range.replace(/^npm:.+@/, ''));
    }
  });

  it('takes nothing that needs a newer Node', () => {
    const require = createRequire(createRequire(import.meta.url).resolve('@nx/devkit'));
    const { satisfies } = require('semver') as { satisfies(version: string, range: string): boolean };
    const newer = installed.filter(
      ([, { engines, optional }]) => !optional && engines?.node && !satisfies('20.19.0', engines.node),
    );
    expect(newer.map(([path, { engines }]) => `${path}: ${engines?.node}`)).toEqual([]);
  });

  it('has no install scripts but those that may be left out', () => {
    const scripts = installed
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    // nx prepares its daemon; buf, esbuild and koffi look whether npm took the right binary: none is needed, `npm ci --ignore-scripts` works.
    expect([...new Set(scripts)].toSorted()).toEqual(['@bufbuild/buf', 'esbuild', 'koffi', 'nx']);
  });
});

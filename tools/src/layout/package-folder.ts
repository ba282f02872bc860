import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, relative, sep } from 'node:path';

/**
 * One export of a manifest: the source for tests and editors, the types, what Node loads and the modules for bundlers. An object `node` goes before
 * them, where Node gets more.
 */
export interface ExportTarget {
  readonly node?: ExportTarget | string;
  readonly '@gradstream/source'?: string;
  readonly types?: string;
  readonly default?: string;
}

/** The fields of a package.json that the house has rules for. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly sideEffects?: boolean;
  readonly engines?: Readonly<Record<string, string>>;
  readonly files?: readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | ExportTarget>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly nx?: { readonly tags?: readonly string[] };
}

/** A package as it lies on the disk. Paths of `files` are relative to the package, with slashes. */
export interface PackageFolder {
  readonly directory: string;
  /** The folder's name, for example `core`. */
  readonly name: string;
  readonly manifest: Manifest;
  /** Every file but what is built or installed. */
  readonly files: readonly string[];
  /** The text of one of its files. */
  read(file: string): string;
  /** The size of one of its files in bytes. */
  size(file: string): number;
}

const SKIPPED = new Set(['dist', 'node_modules']);

/** Reads the package that lies in `directory`. */
export function packageFolder(directory: string): PackageFolder {
  return {
    directory,
    name: basename(directory),
    manifest: JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Manifest,
    files: filesUnder(directory).map((file) => relative(directory, file).split(sep).join('/')),
    read: (file) => readFileSync(join(directory, file), 'utf8'),
    size: (file) => statSync(join(directory, file)).size,
  };
}

/** All packages of the workspace at `root`, by name. */
export function packageFolders(root: string): PackageFolder[] {
  return readdirSync(join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
    .map((name) => packageFolder(join(root, 'packages', name)));
}

/** The files of a package's source: what users get. `specs: true` gives its specs instead. */
export function sourceFiles({ files }: PackageFolder, { specs = false }: { readonly specs?: boolean } = {}): string[] {
  return files.filter((file) => file.startsWith('src/') && file.endsWith('.ts') && file.endsWith('.spec.ts') === specs);
}

function filesUnder(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.has(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

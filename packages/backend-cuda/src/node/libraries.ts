import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A library beside the driver: the names of its file, newest release first, and the folders below `nvidia` that pip's packages put it in. */
export interface SoughtLibrary {
  readonly names: readonly string[];
  readonly packages: readonly string[];
}

/** Where a library is looked for: names for the dynamic loader, then files in the folders of a toolkit, then in those of pip packages. */
export function libraryCandidates({ names, packages }: SoughtLibrary): readonly string[] {
  const { CUDA_HOME, CUDA_PATH, VIRTUAL_ENV, CONDA_PREFIX } = process.env;
  const toolkits = [CUDA_HOME, CUDA_PATH, '/usr/local/cuda'].flatMap((home) =>
    home ? [join(home, 'lib64'), join(home, 'bin')] : [],
  );
  const pythons = [VIRTUAL_ENV, CONDA_PREFIX, '/usr/local', '/usr'].flatMap((home) =>
    home ? [join(home, 'lib')] : [],
  );
  const nvidia = pythons.flatMap((lib) =>
    listed(lib, /^python3/).flatMap((python) =>
      ['site-packages', 'dist-packages'].map((name) => join(lib, python, name, 'nvidia')),
    ),
  );
  const wheels = nvidia.flatMap((folder) => packages.map((name) => join(folder, name, 'lib')));
  const files = [...toolkits, ...wheels]
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .filter((file) => existsSync(file));
  return [...names, ...files];
}

/** The library `stem` that a path means: a file, or the newest of a folder. */
export function libraryIn(path: string, stem: string): string {
  if (!existsSync(path) || !statSync(path).isDirectory()) return path;
  const found = listed(path, new RegExp(`^${stem}\\.so(\\.\\d+)?$`))
    .toSorted()
    .at(-1);
  return found === undefined ? join(dirname(path), `${stem}.so`) : join(path, found);
}

/** What the first candidate gives that gives anything: the others are not there, or are something else. */
export function firstLoaded<T>(candidates: readonly string[], load: (path: string) => T): T | undefined {
  for (const candidate of candidates) {
    try {
      return load(candidate);
    } catch {
      // The next one may be there.
    }
  }
  return undefined;
}

function listed(folder: string, pattern: RegExp): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).filter((name) => pattern.test(name)) : [];
}

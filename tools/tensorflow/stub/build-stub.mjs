// The stand-in for TensorFlow's C library, built from what lies here.
import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from '../build-binding.mjs';

const sources = join(import.meta.dirname, 'src');

/** Folders of headers, in which the addon finds what it includes. */
export const STUB_INCLUDE = join(import.meta.dirname, 'include');

/** Builds the library in a folder, under the name that TensorFlow's has in npm's packages. */
export function buildStub(folder) {
  mkdirSync(folder, { recursive: true });
  const library = join(folder, 'libtensorflow.so.2');
  const files = readdirSync(sources).filter((name) => name.endsWith('.cc'));
  compile([
    ...['-O1', '-std=c++17', '-fPIC', '-shared'],
    ...[`-I${STUB_INCLUDE}`, `-I${sources}`, ...files.map((name) => join(sources, name))],
    ...['-Wl,-soname,libtensorflow.so.2', '-Wl,--no-undefined', '-o', library],
  ]);
  return { include: STUB_INCLUDE, libraries: [library] };
}

/** A folder with nothing but empty libraries: the dynamic loader finds these names there, and nothing else is asked of them. */
export function buildEmptyLibraries(folder, names) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const [first, ...others] = names.map((name) => join(folder, name));
  compile(['-shared', '-fPIC', '-x', 'c++', '/dev/null', '-o', first]);
  for (const other of others) copyFileSync(first, other);
}

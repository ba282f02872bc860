// `node tools/tensorflow/build-binding.mjs PACKAGE [PYTHON]`: builds the addon of an installed @tensorflow/tfjs-node or tfjs-node-gpu (`npm install --ignore-scripts`) on the TensorFlow that
// pip installed for PYTHON: its C library has all that the addon calls. Needs g++ and Node's headers, and downloads nothing where those lie beside Node.
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeHeaders } from './node-headers.mjs';
import { findTensorflow } from './pip-tensorflow.mjs';

/** The versions of Node-API that tfjs-node 4.22 knows. */
const NODE_API = [3, 4, 5, 6, 7, 8];
const compiler = process.env.CXX ?? 'g++';

/** Whether there is a compiler. */
export const hasCompiler = () => spawnSync(compiler, ['--version']).error === undefined;

/** Runs the compiler. Throws what it says where it fails. */
export function compile(options) {
  const { status, stderr, error } = spawnSync(compiler, options, { encoding: 'utf8' });
  if (error) throw new Error(`The compiler cannot be started: ${error.message}`);
  if (status !== 0) throw new Error(`The compiler failed:\n${stderr}`);
}

/** Where the addon of a package has to lie. */
export function bindingPath(packageFolder) {
  const version = Math.max(...NODE_API.filter((one) => one <= Number(process.versions.napi)));
  return { version, path: join(packageFolder, `lib/napi-v${version}/tfjs_binding.node`) };
}

/** Builds the addon in `packageFolder` on C libraries, and puts links to these where npm has them, so that the same errors come where one is missing. */
export function buildBinding(packageFolder, { include, libraries }) {
  const headers = nodeHeaders(join(packageFolder, '.headers'));
  const folder = join(packageFolder, 'deps/lib');
  mkdirSync(folder, { recursive: true });
  for (const library of libraries) {
    rmSync(join(folder, basename(library)), { force: true });
    symlinkSync(library, join(folder, basename(library)));
  }
  const { version, path } = bindingPath(packageFolder);
  mkdirSync(dirname(path), { recursive: true });
  compile([
    ...['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${version}`],
    ...[`-I${headers}`, `-I${packageFolder}`, `-I${include}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
    ...[`-L${folder}`, ...libraries.map((library) => `-l:${basename(library)}`)],
    ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', path],
  ]);
  return { path, libraries: libraries.map((library) => join(folder, basename(library))) };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, python] = process.argv.slice(2);
  const found = findTensorflow(python);
  if (folder === undefined || 'reason' in found) {
    console.error(found.reason ?? 'Usage: node tools/tensorflow/build-binding.mjs PACKAGE [PYTHON]');
    process.exitCode = 1;
  } else console.log(buildBinding(resolve(folder), found).path);
}

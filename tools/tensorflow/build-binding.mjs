// `node tools/tensorflow/build-binding.mjs PACKAGE [PYTHON]`: builds the addon of an installed @tensorflow/tfjs-node or tfjs-node-gpu (`npm install --ignore-scripts`) on the TensorFlow that
// pip installed for PYTHON: its C library has all that the addon calls. Needs g++ and Node's headers; downloads nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
/** The versions of Node-API that tfjs-node 4.22 knows. */
const NODE_API = [3, 4, 5, 6, 7, 8];
const FIND = `
import importlib.util
spec = importlib.util.find_spec('tensorflow')
print(spec.submodule_search_locations[0] if spec else '')
`;

/** The folder of pip's TensorFlow, or why there is none that can be used. */
export function findTensorflow(python = process.env.PYTHON ?? 'python3') {
  const { stdout, error } = spawnSync(python, ['-c', FIND], { encoding: 'utf8' });
  if (error) return { reason: `${python} cannot be started: ${error.code}` };
  const folder = stdout.trim().split('\n').at(-1);
  if (!folder) return { reason: `${python} has no TensorFlow (pip install tensorflow)` };
  const missing = [...LIBRARIES, 'include/tensorflow/c/c_api.h'].filter((file) => !existsSync(join(folder, file)));
  return missing.length === 0 ? { folder } : { reason: `${folder} lacks ${missing.join(', ')}` };
}

/** The folder of node_api.h: beside this Node, or in the npm package node-api-headers. */
function findHeaders() {
  const candidates = [
    process.env.npm_config_nodedir && join(process.env.npm_config_nodedir, 'include/node'),
    join(dirname(process.execPath), '../include/node'),
    '/usr/include/node',
  ];
  try {
    const manifest = createRequire(join(process.cwd(), 'any.js')).resolve('node-api-headers/package.json');
    candidates.push(join(dirname(manifest), 'include'));
  } catch {
    // Not installed, and needed only where Node came without headers.
  }
  return candidates.find((folder) => folder && existsSync(join(folder, 'node_api.h')));
}

/** Builds the addon in `packageFolder` on the TensorFlow in `tensorflow`. Throws what the compiler says. */
export function buildBinding(packageFolder, tensorflow) {
  const headers = findHeaders();
  if (headers === undefined)
    throw new Error("Node's headers are not there: npm install node-api-headers, or set npm_config_nodedir");
  // Where the addon looks for its library in the layout of npm, so that the same errors come where it is missing.
  const libraries = join(packageFolder, 'deps/lib');
  mkdirSync(libraries, { recursive: true });
  for (const name of LIBRARIES) {
    rmSync(join(libraries, name), { force: true });
    symlinkSync(join(tensorflow, name), join(libraries, name));
  }
  const version = Math.max(...NODE_API.filter((one) => one <= Number(process.versions.napi)));
  const output = join(packageFolder, `lib/napi-v${version}/tfjs_binding.node`);
  mkdirSync(dirname(output), { recursive: true });
  const { status, stderr, error } = spawnSync(
    process.env.CXX ?? 'g++',
    [
      ...['-O2', '-std=c++17', '-fPIC', '-shared', `-DNAPI_VERSION=${version}`],
      ...[`-I${headers}`, `-I${packageFolder}`, `-I${join(tensorflow, 'include')}`],
      ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(packageFolder, 'binding', file)),
      ...[`-L${libraries}`, ...LIBRARIES.map((name) => `-l:${name}`)],
      ...['-Wl,-rpath,$ORIGIN/../../deps/lib', '-o', output],
    ],
    { encoding: 'utf8' },
  );
  if (error) throw new Error(`The compiler cannot be started: ${error.message}`);
  if (status !== 0) throw new Error(`The compiler failed:\n${stderr}`);
  return { output, libraries };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder, python] = process.argv.slice(2);
  const found = findTensorflow(python);
  if (folder === undefined || 'reason' in found) {
    console.error(found.reason ?? 'Usage: node tools/tensorflow/build-binding.mjs PACKAGE [PYTHON]');
    process.exitCode = 1;
  } else console.log(buildBinding(resolve(folder), found.folder).output);
}

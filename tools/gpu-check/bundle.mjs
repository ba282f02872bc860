// Bundles the parts of the check into single files that need Node.js, koffi and the compiled kernels alone.
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../..');

/** Parts that lie where what they need of packages may be imported. */
const elsewhere = {
  cases: 'test/cuda-gpu-cases.ts',
  tensor: 'test/cuda-gpu-tensor-cores.ts',
  conformance: 'packages/backend-cuda/conformance/entry.mjs',
};

/** Writes `app/*.mjs`, `ptx` and the packages that cannot be bundled to a folder. */
export async function bundle(folder, names) {
  await mkdir(join(folder, 'app'), { recursive: true });
  for (const name of names) {
    await build({
      entryPoints: [elsewhere[name] === undefined ? join(here, 'entries', `${name}.ts`) : join(root, elsewhere[name])],
      outfile: join(folder, 'app', `${name}.mjs`),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      mainFields: ['module', 'main'],
      conditions: ['@gradstream/source'],
      ignoreAnnotations: name === 'conformance', // tfjs-core declares its specs free of side effects
      logLevel: 'error',
      banner: {
        js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
      },
      external: ['koffi', 'jasmine', 'jasmine-core'],
      // The kernels lie beside the bundles.
      define: { 'import.meta.url': '__moduleUrl' },
      inject: [join(here, 'module-url.mjs')],
    });
  }
  await rm(join(folder, 'ptx'), { recursive: true, force: true });
  await cp(join(root, 'packages/backend-cuda/ptx'), join(folder, 'ptx'), { recursive: true });
  const modules = join(folder, 'node_modules');
  for (const name of [
    'koffi',
    '@koromix/koffi-linux-x64',
    'jasmine',
    'jasmine-core',
    'glob',
    'minimatch',
    'brace-expansion',
    'balanced-match',
    'concat-map',
    'fs.realpath',
    'inflight',
    'once',
    'wrappy',
    'inherits',
    'path-is-absolute',
  ]) {
    const from = join(root, 'node_modules', name);
    await cp(from, join(modules, name), {
      recursive: true,
      filter: (path) => !/koffi\/(vendor|doc)|musl/.test(path),
    }).catch(() => undefined);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle(process.argv[2], process.argv.slice(3));

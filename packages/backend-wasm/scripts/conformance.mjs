// tfjs-core's own specs on the backend: every spec that passes on tfjs-backend-cpu has to pass.
// `npm run conformance -w @gradstream/backend-wasm -- [--variant simd] [--threads 2]`; specs that differ from the cpu backend are printed.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildWasm } from './build-wasm.mjs';

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const run = promisify(execFile);

/** Runs the specs on each of the given set-ups, `{ backendName, options }`, and returns what passed and failed. */
export async function conformance(setups) {
  await buildWasm();
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'gradstream-conformance-'));
  try {
    const bundle = join(folder, 'specs.cjs');
    await build({
      entryPoints: [join(packageRoot, 'conformance/entry.mjs')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      conditions: ['@gradstream/source'],
      ignoreAnnotations: true, // tfjs-core declares its specs free of side effects
      logLevel: 'error',
      define: { 'import.meta.url': '__bundleUrl' },
      banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
      alias: { jasmine: createRequire(import.meta.url).resolve('jasmine') },
      external: ['jasmine-core', createRequire(import.meta.url).resolve('jasmine')],
    });
    return await Promise.all(setups.map((setup, index) => runSpecs(bundle, join(folder, `${index}.json`), setup)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The specs that pass on the cpu backend and do not on the other one. Two specs are about the cpu backend itself and exist nowhere else. */
export function brokenSpecs(cpu, own) {
  const passed = new Set(own.passed);
  const messages = new Map(own.failed.map(({ name, message }) => [name, message]));
  return [...new Set(cpu.passed)]
    .filter((name) => (!passed.has(name) || messages.has(name)) && !name.startsWith('Switching cpu backends'))
    .map((name) => ({ name, message: messages.get(name) ?? 'did not run' }));
}

async function runSpecs(bundle, out, { backendName, options = {}, nodeFlags = [] }) {
  await run(process.execPath, [...nodeFlags, bundle], {
    cwd: packageRoot,
    maxBuffer: 64 * 1024 * 1024,
    env: {
      ...process.env,
      GRADSTREAM_CONFORMANCE: JSON.stringify({ backendName, options }),
      GRADSTREAM_CONFORMANCE_OUT: out,
      NODE_PATH: resolve(packageRoot, '../../node_modules'),
    },
  });
  return JSON.parse(await readFile(out, 'utf8'));
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const argument = (name) =>
    process.argv.includes(`--${name}`) ? process.argv[process.argv.indexOf(`--${name}`) + 1] : undefined;
  const options = {};
  if (argument('variant')) options.variant = argument('variant');
  if (argument('threads')) options.threads = Number(argument('threads'));
  const nodeFlags =
    options.variant?.startsWith('relaxed') && Number(process.versions.node.split('.')[0]) < 22
      ? ['--experimental-wasm-relaxed-simd']
      : [];
  const [cpu, own] = await conformance([{ backendName: 'cpu' }, { backendName: 'wasm-simd', options, nodeFlags }]);
  const broken = brokenSpecs(cpu, own);
  for (const { name, message } of broken) console.log(`${name}\n    ${message.slice(0, 300)}`);
  console.log(
    `cpu: ${cpu.passed.length} passed, ${cpu.failed.length} failed; wasm-simd: ${own.passed.length} passed, ${own.failed.length} failed`,
  );
  if (process.argv.includes('--fallbacks'))
    console.log(
      Object.entries(own.fallbacks)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    );
  process.exitCode = broken.length > 0 ? 1 : 0;
}

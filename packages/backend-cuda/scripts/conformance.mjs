// tfjs-core's own specs on the backend: every spec that passes on tfjs-backend-cpu has to pass. `npm run conformance -w @gradstream/backend-cuda` takes the emulator,
// with --device the driver of this machine, with --sanitize the emulator with AddressSanitizer. Specs that differ from the cpu backend are printed.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { buildEmulator, sanitizerEnvironment, whyNoEmulator } from './build-emulator.mjs';

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const run = promisify(execFile);

/** Runs the specs on tfjs-backend-cpu and on cuda; `library` is the driver's. Gives what passed and failed on each. */
export async function conformance(library, environment = {}) {
  const { build } = await import('esbuild');
  const folder = await mkdtemp(join(tmpdir(), 'gradstream-conformance-'));
  try {
    const specs = join(folder, 'specs.cjs');
    const modules = ['jasmine', 'koffi'].map((name) => createRequire(import.meta.url).resolve(name));
    await build({
      entryPoints: [join(packageRoot, 'conformance/entry.mjs')],
      outfile: specs,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      conditions: ['@gradstream/source'],
      ignoreAnnotations: true, // tfjs-core declares its specs free of side effects
      logLevel: 'error',
      // The compiled kernels are found from the package's source.
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(packageRoot, 'src/internal/modules.ts')).href) },
      alias: { jasmine: modules[0], koffi: modules[1] },
      external: ['jasmine-core', ...modules],
    });
    const runSpecs = async (backendName) => {
      const env = {
        ...process.env,
        ...environment,
        GPU_CHECK_OUT: folder,
        NODE_PATH: resolve(packageRoot, '../../node_modules'),
      };
      if (library !== undefined) env.GRADSTREAM_CUDA_LIBRARY = library;
      const { stderr } = await run(process.execPath, [specs, backendName], {
        maxBuffer: 2 ** 28,
        env,
      }).catch((error) => error);
      const written = await readFile(join(folder, `conformance-${backendName}.json`), 'utf8').catch(() => undefined);
      if (written === undefined) throw new Error(`The specs did not run on ${backendName}: ${stderr}`);
      return JSON.parse(written);
    };
    const [cpu, cuda] = await Promise.all([runSpecs('cpu'), runSpecs('cuda')]);
    return { cpu, cuda };
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

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const onDevice = process.argv.includes('--device');
  const sanitize = process.argv.includes('--sanitize');
  const reason = onDevice ? undefined : await whyNoEmulator();
  if (reason !== undefined) {
    console.log(`skipped: ${reason}`);
  } else {
    const library = onDevice ? undefined : await buildEmulator({ sanitize });
    const { cpu, cuda } = await conformance(library, sanitize ? await sanitizerEnvironment() : {});
    const broken = brokenSpecs(cpu, cuda);
    for (const { name, message } of broken) console.log(`${name}\n    ${message.slice(0, 300)}`);
    console.log(
      `cpu: ${cpu.passed.length} passed, ${cpu.failed.length} failed; cuda: ${cuda.passed.length} passed, ${cuda.failed.length} failed, ` +
        `${broken.length} of them not on cpu`,
    );
    process.exitCode = broken.length > 0 || cuda.passed.length === 0 ? 1 : 0;
  }
}

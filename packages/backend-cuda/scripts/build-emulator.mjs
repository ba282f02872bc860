// Compiles the kernels and the look-alike of the driver with g++: `node scripts/build-emulator.mjs [--sanitize]` prints the library's path. A library is kept as long
// as its sources stay what they are.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const kernels = join(packageRoot, 'kernels');
const emulator = join(packageRoot, 'emulator');
const cache = join(packageRoot, '../../node_modules/.cache/gradstream-cuda-emulator');

/** Why the emulator cannot be built here, or undefined. */
export async function whyNoEmulator() {
  if (process.platform !== 'linux' || !['x64', 'arm64'].includes(process.arch))
    return `the emulator is for Linux on x64 or arm64, not ${process.platform} ${process.arch}`;
  try {
    await run('g++', ['--version']);
    return undefined;
  } catch {
    return 'there is no g++ here, which compiles the emulator';
  }
}

/** Builds the library where it is not there yet, and returns its path. `sanitize`: with AddressSanitizer. */
export async function buildEmulator({ sanitize = false } = {}) {
  const files = [
    ...(await readdir(kernels)).map((name) => join(kernels, name)),
    ...(await readdir(emulator)).map((name) => join(emulator, name)),
  ].sort();
  const flags = ['-std=c++17', '-fPIC', '-ffp-contract=off', '-fno-strict-aliasing', '-Wno-unknown-pragmas', '-DGRADSTREAM_EMULATOR'];
  flags.push(...(sanitize ? ['-O1', '-g', '-fsanitize=address'] : ['-O2', '-march=x86-64-v3'].slice(0, process.arch === 'x64' ? 2 : 1)));
  const hash = createHash('sha256').update(flags.join());
  for (const file of files) hash.update(file).update(await readFile(file));
  const library = join(cache, `libcuda-${hash.digest('hex').slice(0, 16)}.so`);
  if (existsSync(library)) return library;
  const folder = join(cache, `build-${process.pid}-${Date.now()}`);
  await mkdir(folder, { recursive: true });
  try {
    const sources = files.filter((file) => /\.(cu|cc)$/.test(file));
    const objects = [];
    // Two at a time: more compilers than that only take memory.
    const waiting = [...sources];
    const work = async () => {
      for (let source = waiting.shift(); source !== undefined; source = waiting.shift())
        objects.push(await compile(source, folder, flags));
    };
    await Promise.all([work(), work()]);
    const built = join(folder, 'libcuda.so');
    await run('g++', ['-shared', ...(sanitize ? ['-fsanitize=address'] : []), '-o', built, ...objects]);
    await rename(built, library);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return library;
}

async function compile(source, folder, flags) {
  const name = source.split('/').at(-1);
  const object = join(folder, `${name}.o`);
  let file = source;
  if (name.endsWith('.cu')) {
    // The names of the kernels as they come out of the macros, so that each can be found by its name.
    const { stdout } = await run('g++', [...flags, '-x', 'c++', '-E', '-P', source], { maxBuffer: 2 ** 28 });
    const names = [...stdout.matchAll(/extern "C" void (\w+)\s*\(/g)].map((match) => match[1]);
    file = join(folder, `${name}.cc`);
    await writeFile(file, `#include "${source}"\n${names.map((kernel) => `REGISTER(${kernel})\n`).join('')}`);
  }
  await run('g++', [...flags, '-c', file, '-o', object], { maxBuffer: 2 ** 26 });
  return object;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = await whyNoEmulator();
  if (reason !== undefined) throw new Error(reason);
  console.log(await buildEmulator({ sanitize: process.argv.includes('--sanitize') }));
}

// Compiles the kernels and the look-alikes of the driver, of cuBLAS, cuBLASLt and cuDNN with g++: `node scripts/build-emulator.mjs [--sanitize]` prints the path of the driver's. A library
// is kept as long as its sources stay what they are. Kernels for tensor cores take half of the time: they are in a library of their own beside the driver's, which loads it.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, readdir, readlink, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
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

/** Kernels for tensor cores. */
const ROUNDED = /_(bf16|f16|tf32)\.cu$/;

/**
 * Builds the library where it is not there yet, and returns its path. `sanitize`: with AddressSanitizer. `tensorCores`: with the kernels for tensor cores, which are
 * otherwise only there where they were built before.
 */
export async function buildEmulator({ sanitize = false, tensorCores = false } = {}) {
  const flags = flagsOf(sanitize);
  const { headers, sources } = await filesOf(kernels, emulator);
  const names = new Map();
  for (const file of sources)
    names.set(file, join(cache, `${basename(file)}-${await hashOf([...headers, file], flags)}.o`));
  const library = join(cache, `libcuda-${digest([...names.values()].join())}.so`);
  const rounded = library.replace(/so$/, 'tensor-cores.so');
  const wanted = tensorCores ? [library, rounded] : [library];
  if (wanted.every(existsSync)) return library;
  await mkdir(cache, { recursive: true });
  return await alone(join(cache, 'lock'), async () => {
    for (const target of wanted.filter((one) => !existsSync(one))) {
      const parts = [...names].filter(([file]) => ROUNDED.test(file) === (target === rounded));
      // Two at a time: more compilers than that only take memory.
      const waiting = [...parts];
      const work = async () => {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
          if (!existsSync(next[1])) await compile(...next, flags);
      };
      await Promise.all([work(), work()]);
      const built = `${target}.${process.pid}`;
      const needed = target === rounded ? [library] : ['-ldl'];
      const objects = [...parts.map(([, object]) => object), ...needed];
      await run('g++', ['-shared', ...(sanitize ? ['-fsanitize=address'] : []), '-o', built, ...objects]);
      await rename(built, target);
    }
    return library;
  });
}

/** Builds a library that looks like cuBLAS to who uses the emulator, and returns its path: libcublas.so.13 in a folder of its own. */
export const buildCublas = () => buildLookAlike('cublas', 'libcublas.so.13');

/** The same for cuBLASLt: libcublasLt.so.13, with the one of cuBLAS beside it. */
export async function buildCublasLt() {
  const cublas = await buildCublas();
  const library = await buildLookAlike('cublaslt', 'libcublasLt.so.13');
  const beside = join(dirname(library), basename(cublas));
  if ((await readlink(beside).catch(() => '')) !== cublas) {
    const made = `${beside}.${process.pid}`;
    await symlink(cublas, made);
    await rename(made, beside);
  }
  return library;
}

/** The same for cuDNN: libcudnn.so.9. */
export const buildCudnn = () => buildLookAlike('cudnn', 'libcudnn.so.9');

/** A library of the sources in a folder of the emulator. Its memory and its streams are the driver's. */
async function buildLookAlike(name, fileName) {
  const driver = await buildEmulator();
  const folder = join(emulator, name);
  const { headers, sources } = await filesOf(folder, join(emulator, 'look-alike'), emulator);
  const own = sources.filter((file) => dirname(file) === folder);
  const flags = flagsOf(false);
  const library = join(cache, `${name}-${digest(driver, await hashOf([...headers, ...own], flags))}`, fileName);
  if (existsSync(library)) return library;
  return await alone(join(cache, 'lock'), async () => {
    if (existsSync(library)) return library;
    await mkdir(dirname(library), { recursive: true });
    const built = `${library}.${process.pid}`;
    await run('g++', [...flags, '-shared', '-o', built, ...own, driver], { maxBuffer: 2 ** 26 });
    await rename(built, library);
    return library;
  });
}

/** What a process needs in its environment to load the library with AddressSanitizer. */
export async function sanitizerEnvironment() {
  const { stdout } = await run('g++', ['-print-file-name=libasan.so']);
  // Node keeps memory until it ends, and switches of stacks are announced by the emulator alone.
  return { LD_PRELOAD: stdout.trim(), ASAN_OPTIONS: 'detect_leaks=0:detect_stack_use_after_return=0' };
}

function flagsOf(sanitize) {
  const speed = process.arch === 'x64' ? ['-O1', '-march=x86-64-v3'] : ['-O1'];
  return [
    '-std=c++17',
    '-fPIC',
    '-ffp-contract=off',
    '-fno-strict-aliasing',
    '-Wno-unknown-pragmas',
    '-DGRADSTREAM_EMULATOR',
    ...(sanitize ? ['-O1', '-g', '-fsanitize=address'] : speed),
  ];
}

/** The headers and the files to compile of some folders. */
async function filesOf(...folders) {
  const listed = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).map((name) => join(folder, name))),
  );
  const files = listed
    .flat()
    .filter((file) => /\.(h|cc|cu)$/.test(file))
    .sort();
  return {
    headers: files.filter((file) => file.endsWith('.h')),
    sources: files.filter((file) => !file.endsWith('.h')),
  };
}

const digest = (...texts) => createHash('sha256').update(texts.join()).digest('hex').slice(0, 16);

async function hashOf(files, flags) {
  const hash = createHash('sha256').update(flags.join());
  for (const file of files) hash.update(basename(file)).update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

/** Does work while no other process does it: specs run side by side. A lock that nobody has touched for long is a dead process's. */
async function alone(lock, work) {
  for (;;) {
    const handle = await open(lock, 'wx').catch(() => undefined);
    if (handle === undefined) {
      const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
      if (Date.now() - mtimeMs > 900_000) await rm(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      return await work();
    } finally {
      await handle.close();
      await rm(lock, { force: true });
    }
  }
}

async function compile(source, object, flags) {
  const name = basename(source);
  const folder = `${object}.${process.pid}`;
  await mkdir(folder, { recursive: true });
  try {
    let file = source;
    if (name.endsWith('.cu')) {
      // The names of the kernels as they come out of the macros, so that each can be found by its name.
      const { stdout } = await run('g++', [...flags, '-x', 'c++', '-E', '-P', source], { maxBuffer: 2 ** 28 });
      const names = [...stdout.matchAll(/extern "C" void (\w+)\s*\(/g)].map((match) => match[1]);
      file = join(folder, `${name}.cc`);
      await writeFile(file, `#include "${source}"\n${names.map((kernel) => `REGISTER(${kernel})\n`).join('')}`);
    }
    await run('g++', [...flags, '-c', file, '-o', join(folder, 'object')], { maxBuffer: 2 ** 26 });
    await rename(join(folder, 'object'), object);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reason = await whyNoEmulator();
  if (reason !== undefined) throw new Error(reason);
  console.log(await buildEmulator({ sanitize: process.argv.includes('--sanitize'), tensorCores: true }));
}

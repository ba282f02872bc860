// Compiles assembly/ into the binaries dist/binaries/*.js: four, and for each a small one of what gains from wider vectors. Same sources, same bytes: nothing of the machine or the time goes in.
// `node scripts/build-wasm.mjs --here` compiles those alone that this Node runs; `--check` compiles all anew and fails where the bytes differ from those in dist/binaries.
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const sourceRoot = join(packageRoot, 'assembly');
const outRoot = join(packageRoot, 'dist/binaries');

/** The binaries and what tells them apart. */
const INSTRUCTIONS = {
  simd: [],
  'simd-threads': ['--enable', 'threads', '--sharedMemory'],
  relaxed: ['--enable', 'relaxed-simd'],
  'relaxed-threads': ['--enable', 'relaxed-simd', '--enable', 'threads', '--sharedMemory'],
};
export const BINARIES = Object.fromEntries(
  Object.entries(INSTRUCTIONS).flatMap(([name, flags]) => [
    [name, ['index.ts', '--exportTable', ...flags]],
    [`${name}-wide`, ['wide/index.ts', ...flags]],
  ]),
);

const OPTIONS =
  '-O3 --noAssert --uncheckedBehavior always --runtime stub --use abort= --enable simd ' +
  '--importMemory --noExportMemory --initialMemory 1 --maximumMemory 65536';

/** Compiles what is not up to date, on each processor in a process of its own, and says what it did. `only`: the names of binaries. */
export async function buildInParallel({ onCompile, only = Object.keys(BINARIES) } = {}) {
  const hash = await hashOf(await readSources());
  const names = [];
  for (const name of only) {
    const present = await readFile(join(outRoot, `${name}.js`), 'utf8').catch(() => '');
    if (!present.startsWith(`// sources ${hash}`)) names.push(name);
  }
  const built = [];
  // A compiler that is warm takes half the time: a process compiles all of its share.
  const lanes = Math.min(names.length, availableParallelism());
  const shares = Array.from({ length: lanes }, (_, lane) => names.filter((_, index) => index % lanes === lane));
  await Promise.all(
    shares.map(async (share) => {
      for (const name of share) onCompile?.(name);
      const child = fork(fileURLToPath(import.meta.url), ['--only', ...share]);
      child.on('message', (message) => built.push(message));
      const [code] = await once(child, 'exit');
      if (code !== 0) throw new Error(`One of the binaries ${share.join(', ')} could not be compiled.`);
    }),
  );
  return built;
}

/** Compiles what is not up to date, one binary after another, and says what it did. `only`: the names of binaries. */
export async function buildWasm({ force = false, only = Object.keys(BINARIES) } = {}) {
  const sources = await readSources();
  const hash = await hashOf(sources);
  const built = [];
  for (const name of only) {
    const file = join(outRoot, `${name}.js`);
    const stamp = `// sources ${hash}`;
    const present = await readFile(file, 'utf8').catch(() => '');
    if (!force && present.startsWith(stamp)) continue;
    const bytes = await compile(sources, BINARIES[name]);
    refuseStaticData(name, bytes);
    await mkdir(outRoot, { recursive: true });
    // Written aside and moved: another process that builds at the same time never reads half a file.
    await writeFile(
      `${file}.${process.pid}`,
      `${stamp}\nexport const binary =\n  '${Buffer.from(bytes).toString('base64')}';\n`,
    );
    await rename(`${file}.${process.pid}`, file);
    built.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  }
  return built;
}

/** The names of those that this Node runs, with those of wider vectors where they are wanted. */
export async function binariesOfThisNode({ wide }) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    entryPoints: [join(packageRoot, 'src/internal/binaries/variants.ts')],
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['#binaries/*'],
    write: false,
  });
  const { variants, whyNot } = await import(
    `data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString('base64')}`
  );
  const names = variants.filter((variant) => whyNot(variant) === undefined).map(({ name }) => name);
  return wide ? names.flatMap((name) => [name, `${name}-wide`]) : names;
}

async function readSources() {
  const files = (await readdir(sourceRoot, { recursive: true })).filter((file) => file.endsWith('.ts')).sort();
  const shared = ['src/internal/codes.ts'];
  const all = [...files.map((file) => join(sourceRoot, file)), ...shared.map((file) => join(packageRoot, file))];
  return new Map(
    await Promise.all(
      all.map(async (file) => [relative(sourceRoot, file).replaceAll('\\', '/'), await readFile(file, 'utf8')]),
    ),
  );
}

async function hashOf(sources) {
  const compiler = JSON.parse(
    await readFile(createRequire(import.meta.url).resolve('assemblyscript/package.json'), 'utf8'),
  ).version;
  const hash = createHash('sha256').update(JSON.stringify([compiler, OPTIONS, BINARIES]));
  // This script decides how a binary is packed.
  hash.update(await readFile(import.meta.filename, 'utf8'));
  for (const [name, text] of sources) hash.update(`\0${name}\0${text}`);
  return hash.digest('hex');
}

async function compile(sources, flags) {
  const { default: asc } = await import('assemblyscript/asc');
  const output = new Map();
  let messages = '';
  const { error } = await asc.main([...flags, '--outFile', 'out.wasm', ...OPTIONS.split(' ')], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (name, contents) => output.set(name, contents),
    listFiles: () => [],
    stderr: { write: (text) => void (messages += text) },
  });
  if (error) throw new Error(`The assembly does not compile.\n${messages}`);
  return output.get('out.wasm');
}

/** Static data would sit at fixed addresses that the heap owns. Section 11 is the data section. */
function refuseStaticData(name, bytes) {
  let at = 8;
  while (at < bytes.length) {
    const section = bytes[at++];
    let size = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      size |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    if (section === 11)
      throw new Error(`The binary ${name} has static data. Kernels get every address as an argument.`);
    at += size;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const only = process.argv.indexOf('--only');
  if (only > 0) {
    for (const binary of await buildWasm({ only: process.argv.slice(only + 1) })) process.send?.(binary);
  } else if (process.argv.includes('--check')) {
    await buildWasm();
    const before = new Map();
    for (const name of Object.keys(BINARIES))
      before.set(name, await readFile(join(outRoot, `${name}.js`), 'utf8').catch(() => ''));
    await buildWasm({ force: true });
    for (const [name, text] of before) {
      if (text !== '' && text !== (await readFile(join(outRoot, `${name}.js`), 'utf8')))
        throw new Error(`The binary ${name} is not reproducible.`);
    }
    console.log('The binaries are reproducible.');
  } else {
    const onCompile = (name) => console.log(`Compiling the WASM kernels, once after a change: ${name}`);
    const here = process.argv.includes('--here');
    const built = await buildInParallel({
      onCompile,
      ...(here ? { only: await binariesOfThisNode({ wide: process.env['GRADSTREAM_WASM_WIDE'] === '1' }) } : {}),
    });
    if (!here) for (const { name, bytes, sha256 } of built) console.log(`${name}: ${bytes} bytes, sha256 ${sha256}`);
  }
}

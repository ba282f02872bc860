import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { row } from './measure.mjs';

/** The root of the repository, from which every package can be imported. */
const root = new URL('../../../', import.meta.url).pathname;

/** What a user downloads: the code of this package without its peers and workspace packages, and one of the four binaries. */
export async function size() {
  const { outputFiles } = await build({
    entryPoints: [new URL('../dist/index.js', import.meta.url).pathname],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    external: ['@tensorflow/*', '@gradstream/core', '#binaries/*'],
  });
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;
  const code = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  row('gzipped', ['code', 'binary', 'together']);
  for (const name of ['simd', 'simd-threads', 'relaxed', 'relaxed-threads']) {
    const file = await readFile(new URL(`../dist/binaries/${name}.js`, import.meta.url));
    const binary = gzipSync(file, { level: 9 }).length;
    row(name, [code, binary, code + binary].map(kilobytes));
  }
}

/** Milliseconds that `import 'gradstream'` takes in a new process, and importing nothing; the least and the median of nine. */
export async function start() {
  const run = promisify(execFile);
  const measure = async (statement) => {
    const times = [];
    for (let round = 0; round < 9; round++) {
      const script = `const start = performance.now(); ${statement}; console.log(performance.now() - start);`;
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: root });
      times.push(Number(stdout.trim().split('\n').at(-1)));
    }
    times.sort((a, b) => a - b);
    return [times[0], times[4]].map((time) => `${time.toFixed(0)} ms`);
  };
  row('import', ['least', 'median']);
  for (const name of ['@tensorflow/tfjs-core', 'rxjs', '@gradstream/backend-wasm', 'gradstream'])
    row(name, await measure(`await import('${name}')`));
}

/** A training step of 784-128-128-128-10 with gradstream on this backend, beside tfjs-layers and PyTorch: the repository's own bench. */
export async function mlp() {
  const child = spawn(process.execPath, [`${root}tools/bench/bench.mjs`, 'wasm-simd'], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`The bench of the training step ended with code ${code}.`);
}

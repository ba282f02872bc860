// Compiles the kernels to PTX: `npm run build:ptx -w @gradstream/backend-cuda [-- --check]`. Needs nvcc; the result is committed, so that nobody else does. With --check
// nothing is written: it fails where a file is not what its source gives.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const packageRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const check = process.argv.includes('--check');
const only = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));

const folder = await mkdtemp(join(tmpdir(), 'gradstream-ptx-'));
try {
  const names = (await readdir(join(packageRoot, 'kernels')))
    .filter((name) => name.endsWith('.cu'))
    .map((name) => name.slice(0, -3));
  for (const name of names.filter((one) => only.length === 0 || only.includes(one))) {
    const out = join(folder, `${name}.ptx`);
    // Products and sums are joined where the source says fmaf and nowhere else: the same bits as on the emulator.
    const architecture = /_(bf16|f16|tf32)$/.test(name) ? 'compute_80' : 'compute_75';
    await run('nvcc', [`-arch=${architecture}`, '-ptx', '-fmad=false', '-std=c++17', `${name}.cu`, '-o', out], {
      cwd: join(packageRoot, 'kernels'),
    });
    const text = withoutOrigin(await readFile(out, 'utf8'));
    const target = join(packageRoot, 'ptx', `${name}.ptx`);
    if (!check) await writeFile(target, text);
    else if ((await readFile(target, 'utf8').catch(() => '')) !== text)
      throw new Error(`ptx/${name}.ptx is not what kernels/${name}.cu gives: run npm run build:ptx`);
    console.log(`${name}.ptx ${(text.length / 1024).toFixed(0)} kB, ${(text.match(/\.entry/g) ?? []).length} kernels`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The text without what says where it was made, and for the oldest driver that knows all that is in it: PTX 7.0, CUDA 11.0. Tensor cores of these numbers are Ampere's. */
function withoutOrigin(text) {
  return `${text
    .replace(/^\/\/.*\n/gm, '')
    // nvcc makes these names of the folder's.
    .replace(/_INTERNAL_[0-9a-f]{8}_/g, '_INTERNAL_00000000_')
    .replace(/^\.version .*$/m, '.version 7.0')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildEmulator, whyNoEmulator } from '../packages/backend-cuda/scripts/build-emulator.mjs';
import { brokenSpecs, conformance } from '../packages/backend-cuda/scripts/conformance.mjs';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const noEmulator = await whyNoEmulator();
const noCompiler = await run('nvcc', ['--version']).then(
  ({ stdout }) => (stdout.includes('release 13.0') ? undefined : 'the committed files are from nvcc 13.0'),
  () => 'there is no nvcc here',
);

describe.skipIf(noEmulator !== undefined)(`tfjs-core's own specs on cuda (${noEmulator ?? 'the emulator'})`, () => {
  it('all pass that pass on tfjs-backend-cpu', async () => {
    const { cpu, cuda } = await conformance(await buildEmulator());
    expect(cpu.passed.length).toBeGreaterThan(4000);
    expect(brokenSpecs(cpu, cuda)).toEqual([]);
    expect(cuda.failed).toEqual([]);
  }, 900_000);
});

describe.skipIf(noCompiler !== undefined)(`the compiled kernels (${noCompiler ?? 'nvcc'})`, () => {
  it('are what their sources give, byte by byte', async () => {
    await run(process.execPath, [join(root, 'packages/backend-cuda/scripts/build-ptx.mjs'), '--check'], {
      maxBuffer: 2 ** 26,
    });
  }, 900_000);
});

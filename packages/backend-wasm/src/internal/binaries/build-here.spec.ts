import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('build-wasm.mjs --here compiles the binaries that this Node runs alone: the tests have made those already', async () => {
  const script = fileURLToPath(new URL('../../../scripts/build-wasm.mjs', import.meta.url));
  const { GRADSTREAM_WASM_WIDE: _, ...env } = process.env;
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [script, '--here'], { env });
  expect([stdout, stderr]).toEqual(['', '']);
});

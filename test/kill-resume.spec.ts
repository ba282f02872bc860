import { dirname } from 'node:path';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { expectSameEnd, killableTraining } from './kill-training.js';

let program: string;
beforeAll(async () => {
  program = await killableTraining('kill-resume');
}, 120_000);
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }));

// `kill-resume.long.spec.ts` kills at each change of the file system, and on `wasm-simd`.
it(
  'a training that is killed while it writes, and again, ends to the bit as one that is not',
  () => expectSameEnd(program, 'cpu', [{ at: 2 }, { at: 7 }, { at: 13 }]),
  600_000,
);

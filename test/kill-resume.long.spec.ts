import { dirname } from 'node:path';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { expectSameEnd, killableTraining, type Kill } from './kill-training.js';

let program: string;
beforeAll(async () => {
  program = await killableTraining('kill-resume-long');
}, 120_000);
afterAll(() => rmSync(dirname(program), { recursive: true, force: true }));

// `npm run kill-test` does the same ten times as often.
it.concurrent.each<[string, string, readonly Kill[]]>([
  // Every change of the file system of a start and its first checkpoint: the folder, the files, their bytes, their names, the one that goes.
  ['cpu', 'mlp', Array.from({ length: 16 }, (_, at) => ({ at }))],
  ['wasm-simd', 'mlp', [0.02, 0.3, 0.2, 0.25].map((share) => ({ share }))],
  ['cpu', 'cnn', [{ at: 3 }, { at: 9 }, { share: 0.3 }]],
  ['wasm-simd', 'cnn', [{ at: 5 }, { at: 11 }, { share: 0.1 }, { share: 0.3 }]],
])(
  'a training that is killed again and again ends to the bit as one that is not: %s, %s',
  (backend, network, kills) => expectSameEnd(program, backend, kills, network),
  600_000,
);

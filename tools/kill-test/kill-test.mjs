// `npm run kill-test`: kills a training 200 times (`-- --kills 50` for fewer) of an MLP and a CNN on cpu and wasm-simd, at each change of the file system and at random moments, starts it
// again each time, and fails where it ends otherwise than the one that was never interrupted.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chain, life } from './chain.mjs';

const at = process.argv.indexOf('--kills');
const kills = at < 0 ? 200 : Number(process.argv[at + 1]);
if (!Number.isInteger(kills) || kills < 1)
  throw new Error(`--kills takes a whole number above 0, not "${process.argv[at + 1]}".`);
/** Changes of the file system from a start to the end of its second checkpoint. */
const CHANGES = 30;

const program = join(import.meta.dirname, 'training.mjs');
const folder = await mkdtemp(join(tmpdir(), 'gradstream-kill-test-'));
try {
  const kinds = ['cpu', 'wasm-simd'].flatMap((backend) => ['mlp', 'cnn'].map((network) => [backend, network]));
  for (const [backend, network] of kinds) {
    const start = performance.now();
    const argsOf = (name) => [backend, join(folder, `${network}-${backend}-${name}`), network];
    const { printed: whole, milliseconds } = await life(program, argsOf('whole'));
    const plan = Array.from({ length: Math.ceil(kills / kinds.length) }, (_, index) =>
      index % 2 === 0 ? { at: (index / 2) % CHANGES } : { after: Math.random() * milliseconds },
    );
    const { ends, killed } = await chain(program, argsOf, plan);
    for (const end of ends)
      assert.equal(end, whole, `${backend}, ${network}: a training that was killed ended otherwise`);
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    console.log(
      `${backend}, ${network}: killed ${killed} times of ${plan.length}, ${ends.length} trainings ended as the one that was not, ${seconds} s`,
    );
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

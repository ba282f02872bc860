// `npm run bench`: milliseconds a training step of the digits network (784-128-128-128-10, Adam, data handling, shuffling and the accuracy
// metric included), gradstream beside tfjs-layers on the same backend. Both live in processes of their own and take turns.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const plans = [
  { backend: 'wasm', batch: 32, steps: 200, rounds: 7 },
  { backend: 'wasm', batch: 128, steps: 60, rounds: 5 },
  { backend: 'cpu', batch: 32, steps: 15, rounds: 3 },
];
const only = process.argv[2];
const version = (name) =>
  JSON.parse(readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

async function runner(file, { backend, batch, steps }) {
  const child = fork(new URL(file, import.meta.url), [backend, String(batch), String(steps)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with code ${code}`)));
  failed.catch(() => undefined);
  const answer = async () => (await Promise.race([once(child, 'message'), failed]))[0];
  await answer();
  return { turn: () => (child.send('go'), answer()), end: () => child.kill() };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

console.log(
  `${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}; tfjs-layers ${version('@tensorflow/tfjs-layers')}`,
);
console.log(
  'milliseconds a step (median of turns, least in brackets); ratio: tfjs-layers / gradstream, median of the turns’ ratios\n',
);
console.log('backend  batch   gradstream        tfjs-layers       ratio');
for (const plan of plans) {
  if (only !== undefined && only !== plan.backend) continue;
  const ours = await runner('./gradstream-runner.mjs', plan);
  const theirs = await runner('./tfjs-layers-runner.mjs', plan);
  const turns = [];
  for (let round = 0; round <= plan.rounds; round++) {
    const turn = { ours: (await ours.turn()).milliseconds, theirs: (await theirs.turn()).milliseconds };
    // The first turn warms up both.
    if (round > 0) turns.push(turn);
  }
  ours.end();
  theirs.end();
  const cell = (name) => {
    const values = turns.map((turn) => turn[name]);
    return `${median(values).toFixed(2).padStart(7)} (${Math.min(...values).toFixed(2)})`.padEnd(18);
  };
  const ratio = median(turns.map((turn) => turn.theirs / turn.ours));
  console.log(
    `${plan.backend.padEnd(8)} ${String(plan.batch).padStart(5)}  ${cell('ours')}${cell('theirs')}${ratio.toFixed(2)} x`,
  );
}

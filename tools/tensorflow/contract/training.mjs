// A network of gradstream's layers learns on TensorFlow's side as it does on the cpu backend, and leaves nothing behind.
import assert from 'node:assert/strict';

/** On a GPU of the stand-in's. */
export function checkTraining(say) {
  const { detail, version, ours, cpu, served, report, stderr } = say({ role: 'train' }, { env: { TF_STUB_GPU: '1' } });
  assert.equal(detail, 'tfjs-node-gpu 4.22.0, TensorFlow 2.9.1-stub, GPU');
  // Node's warnings of what the package calls of it included.
  assert.equal(stderr, '');

  const steps = ours.losses.length;
  const apart = Math.max(...ours.losses.map((loss, step) => Math.abs(loss / cpu.losses[step] - 1)));
  assert.ok(apart < 1e-5, `the losses are ${apart} apart`);
  assert.ok(ours.losses.at(-1) < 0.8 * ours.losses[0], `the loss goes from ${ours.losses[0]} to ${ours.losses.at(-1)}`);
  const calls = Object.entries(served).filter(([, count]) => count > 0);
  assert.deepEqual(calls, [], 'no kernel ran on another backend');

  // The first step makes the optimizer's state, and each later one leaves what it found.
  assert.equal(new Set(ours.tensors).size, 1, `tensors after each step: ${ours.tensors}`);
  const [context, ...events] = report;
  assert.equal(context.event, 'context');
  assert.equal(context.growth, 'true', "memory of the GPU grows, which was said before TensorFlow's start");
  const after = events.slice(0, steps).map(({ alive }) => alive);
  assert.equal(after.length, steps);
  for (const alive of after) assert.deepEqual(alive, after[0]);
  assert.equal(after[0].handles, ours.tensors[0]);
  assert.equal(ours.left, 0);
  assert.equal(events.at(-1).event, 'end');
  assert.deepEqual(events.at(-1).alive, {}, 'nothing of TensorFlow is alive at the end');
  console.log(
    `node ${version}: ${detail}: ${steps} steps of Adam with the losses of cpu (${ours.losses[0].toFixed(3)} to ${ours.losses.at(-1).toFixed(3)}, ${apart.toExponential(0)} apart), ${after[0].handles} tensors after each, none at the end`,
  );
}

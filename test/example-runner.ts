// Runs modules one after another in one process, each in a fresh world, and tells the parent when one has ended: when nothing that it started keeps the
// process alive. What one throws ends the process, as it would end its own.
import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { freshWorld } from './world.js';

/** How many things of each kind keep the process alive. The standard streams count only once something was printed, and keep nothing alive. */
function alive(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of process.getActiveResourcesInfo().filter((kind) => !/^(Pipe|TTY)Wrap$/.test(kind)))
    counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

process.channel?.unref();
process.once('disconnect', () => process.exit());
for (const path of process.argv.slice(2)) {
  // Examples leave tensors and running backends to the end of the process.
  tf.engine().reset();
  await freshWorld();
  const before = alive();
  await import(pathToFileURL(path).href);
  while ([...alive()].some(([name, count]) => count > (before.get(name) ?? 0))) await setTimeout(5);
  process.send?.('ended');
}

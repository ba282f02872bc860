import { engine, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Puts saved outputs where they belong on the tape, for second derivatives.
 *
 * The engine records the copy that it saves of a kernel's output before the kernel itself, so a second backward pass finds no way from the copy to the
 * kernel's inputs, and the part of the derivative that goes through a saved output would silently be missing. A gradient calls this with what was
 * saved; while nothing is recorded, which is the usual case, it does nothing.
 */
export function linkSaved(saved: readonly Tensor[]): void {
  if (!engine().isTapeOn()) return;
  const tape = engine().state.activeTape;
  for (const tensor of saved) {
    const copy = tape.findIndex((node) => node.outputs.includes(tensor));
    const source = tape[copy]?.inputs['x'];
    const producer = source === undefined ? -1 : tape.findIndex((node) => node.outputs.includes(source));
    if (copy < producer) tape.splice(producer, 0, ...tape.splice(copy, 1));
  }
}

import { add, dispose, ones, tidy, util, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import { openEngine, type TapeNode } from './open-engine.js';

/** A recorded operation on a way from a wanted variable to the value, and the names of its inputs that lie on one. */
interface Step {
  readonly node: TapeNode;
  readonly wanted: ReadonlySet<string>;
}

/**
 * The value of a function and its gradients by tensors: what the engine's `gradients` does where no other derivative is being taken, with two
 * differences. An operation is told which of its gradients are wanted, and a gradient that was passed on is freed at once.
 */
export function backPropagate(
  f: () => Scalar,
  wanted: readonly Tensor[],
): { value: Scalar; grads: (Tensor | undefined)[] } {
  const open = openEngine();
  const { state } = open;
  let value: Scalar | undefined;
  open.startTape();
  try {
    value = tidy(f);
  } catch (error) {
    freeTape();
    throw error;
  } finally {
    open.endTape();
  }
  try {
    const steps = stepsBetween(state.activeTape!, wanted, value);
    return { value, grads: tidy(() => walkBack(steps, wanted, value)) };
  } catch (error) {
    value.dispose();
    throw error;
  } finally {
    freeTape();
  }
}

/** Frees what was saved, and the record. */
function freeTape(): void {
  const { state } = openEngine();
  for (const { saved } of state.activeTape ?? []) dispose(saved ?? []);
  state.activeTape = undefined;
}

function stepsBetween(tape: readonly TapeNode[], from: readonly Tensor[], to: Tensor): Step[] {
  const reached = new Set(from.map(({ id }) => id));
  const candidates: Step[] = [];
  for (const node of tape) {
    const wanted = new Set<string>();
    for (const name in node.inputs) if (reached.has(node.inputs[name]!.id)) wanted.add(name);
    if (wanted.size === 0) continue;
    for (const { id } of node.outputs) reached.add(id);
    candidates.push({ node, wanted });
  }
  const leading = new Set([to.id]);
  const steps: Step[] = [];
  for (let index = candidates.length - 1; index >= 0; index--) {
    const { node, wanted } = candidates[index]!;
    if (!node.outputs.some(({ id }) => leading.has(id))) continue;
    for (const name of wanted) leading.add(node.inputs[name]!.id);
    steps.push(candidates[index]!);
  }
  return steps;
}

/** The gradients by the wanted tensors. The steps come last first. */
function walkBack(steps: readonly Step[], wanted: readonly Tensor[], value: Scalar): (Tensor | undefined)[] {
  const gradients = new Map<number, Tensor>([[value.id, ones(value.shape)]]);
  const results = new Set(wanted.map(({ id }) => id));
  for (const { node, wanted: names } of steps) {
    const dys = node.outputs.map(({ id }) => gradients.get(id));
    if (node.gradient === undefined)
      throw new Error(`Cannot compute gradient: gradient function not found for ${node.kernelName}.`);
    const thunks = node.gradient(dys, names);
    for (const name of names) {
      const x = node.inputs[name]!;
      const dx = gradientOf(node, name, x, thunks);
      const sum = gradients.get(x.id);
      if (sum === undefined) {
        gradients.set(x.id, dx);
      } else {
        gradients.set(x.id, add(sum, dx));
        sum.dispose();
      }
    }
    // Whatever led here has been seen: nobody else needs this gradient, unless it is a result or stands for another one as well.
    for (const { id } of node.outputs) {
      const dy = gradients.get(id);
      if (dy === undefined || results.has(id)) continue;
      gradients.delete(id);
      if (![...gradients.values()].includes(dy)) dy.dispose();
    }
  }
  return wanted.map(({ id }) => gradients.get(id));
}

function gradientOf({ kernelName }: TapeNode, name: string, x: Tensor, thunks: Record<string, () => Tensor>): Tensor {
  const thunk = thunks[name];
  if (thunk === undefined) {
    throw new Error(
      `Cannot backprop through input ${name}. Available gradients found: ${Object.keys(thunks).join(', ')}.`,
    );
  }
  const dx = tidy(thunk);
  if (dx.dtype === 'float32' && util.arraysEqual(dx.shape, x.shape)) return dx;
  throw new Error(
    `Error in gradient for op ${kernelName}. The gradient of input '${name}' has dtype ${dx.dtype} and shape '${dx.shape.join(',')}', the input float32 and '${x.shape.join(',')}'.`,
  );
}

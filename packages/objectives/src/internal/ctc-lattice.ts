import {
  add,
  cast,
  concat,
  equal,
  exp,
  expandDims,
  fill,
  log,
  maximum,
  mul,
  notEqual,
  oneHot,
  pad,
  range,
  reshape,
  slice,
  stack,
  sub,
  sum,
  unstack,
  zeros,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { filled } from './filled.js';
import { logOfNothing } from './masked-log-sum-exp.js';

/** The labels of a batch with a blank around each: `_ a _ b _`, 2 n + 1 states. Class 0 is the blank and the padding behind a sequence. */
export interface CtcStates {
  /** [batch, states, classes], one-hot: the class that a state emits. */
  readonly emits: Tensor;
  /** [batch, states], logarithms of 1 or 0: whether a state can be entered from two states before, past a blank between different labels. */
  readonly skip: Tensor;
  /** [batch, states], logarithms: the two states in which a sequence may end. */
  readonly end: Tensor;
}

/** The states of labels [batch, n], at least one label. */
export function ctcStates(labels: Tensor, classes: number): CtcStates {
  const [batch, length] = labels.shape as [number, number];
  const states = 2 * length + 1;
  const blanks = zeros([batch, length, 1], 'int32');
  const pairs = reshape(concat([blanks, expandDims(labels, 2)], 2), [batch, 2 * length]);
  const sequence = pad(pairs, [
    [0, 0],
    [0, 1],
  ]);
  const before = pad(slice(sequence, [0, 0], [batch, states - 2]), [
    [0, 0],
    [2, 0],
  ]);
  const different = mul(
    cast(notEqual(sequence, before), 'float32'),
    cast(notEqual(sequence, filled(0, 'int32')), 'float32'),
  );
  const last = mul(sum(cast(notEqual(labels, filled(0, 'int32')), 'int32'), 1, true), filled(2, 'int32'));
  const position = expandDims(range(0, states, 1, 'int32'), 0);
  const isEnd = maximum(
    cast(equal(position, last), 'float32'),
    cast(equal(add(position, filled(1, 'int32')), last), 'float32'),
  );
  // As int32 and then cast: tfjs-backend-wasm writes int32 bits when it is asked for float32.
  return { emits: cast(oneHot(sequence, classes), 'float32'), skip: logOfFlags(different), end: logOfFlags(isEnd) };
}

/**
 * The logarithms of how probable it is to have come to a state by each step, [batch, steps, states]: emissions up to and with that step.
 * `emissions` are log-probabilities [batch, steps, states].
 */
export function ctcForward(emissions: Tensor, { skip }: CtcStates): Tensor {
  const [batch, , states] = emissions.shape as [number, number, number];
  const reached: Tensor[] = [];
  for (const emission of unstack(emissions, 1)) {
    const previous = reached.at(-1);
    // A sequence starts with the first blank or the first label.
    const arrived =
      previous === undefined
        ? concat([fill([batch, 2], 0), fill([batch, states - 2], logOfNothing)], 1)
        : logSum(previous, later(previous, 1), add(later(previous, 2), skip));
    reached.push(add(arrived, emission));
  }
  return stack(reached, 1);
}

/** The logarithms of how probable it is to come from a state to the end, [batch, steps, states]: emissions after that step. */
export function ctcBackward(emissions: Tensor, { skip, end }: CtcStates): Tensor {
  const steps = unstack(emissions, 1);
  const remaining: Tensor[] = [end];
  for (let step = steps.length - 1; step > 0; step--) {
    const next = add(remaining[0]!, steps[step]!);
    remaining.unshift(logSum(next, earlier(next, 1), earlier(add(next, skip), 2)));
  }
  return stack(remaining, 1);
}

/** `log(exp(a) + exp(b) + exp(c))`. */
function logSum(a: Tensor, b: Tensor, c: Tensor): Tensor {
  const largest = maximum(a, maximum(b, c));
  return add(largest, log(add(exp(sub(a, largest)), add(exp(sub(b, largest)), exp(sub(c, largest))))));
}

/** The states moved on by some places. */
function later(x: Tensor, places: number): Tensor {
  const [batch, states] = x.shape as [number, number];
  return pad(
    slice(x, [0, 0], [batch, states - places]),
    [
      [0, 0],
      [places, 0],
    ],
    logOfNothing,
  );
}

/** The states moved back by some places. */
function earlier(x: Tensor, places: number): Tensor {
  const [batch, states] = x.shape as [number, number];
  return pad(
    slice(x, [0, places], [batch, states - places]),
    [
      [0, 0],
      [0, places],
    ],
    logOfNothing,
  );
}

function logOfFlags(flags: Tensor): Tensor {
  return mul(sub(filled(1), flags), filled(logOfNothing));
}

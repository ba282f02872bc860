import { describeShape, GradstreamError } from '@gradstream/core';
import { dispose, engine, tidy, type Scalar, type Tensor, type Variable } from '@tensorflow/tfjs-core';
import { backPropagate } from './internal/back-propagate.js';
import { openEngine } from './internal/open-engine.js';

/** A loss and its gradients. The caller owns the tensors. */
export interface ValueAndGradients {
  readonly value: Scalar;
  /** One gradient a variable, under the variable's name in the record, of its shape. */
  readonly gradients: Record<string, Tensor>;
}

/**
 * The value of a function and its gradients by variables: like `tf.variableGrads`, but by the names of a record, and every variable counts.
 *
 * `f` gives a float32 scalar; whatever else it makes is disposed. Each variable given is differentiated by, trainable or not; an empty record gives
 * the value alone. Throws `GS_AUTODIFF_DISCONNECTED` where the value does not depend on one of them and `GS_AUTODIFF_VALUE` where `f` gives no
 * scalar; in both cases, and where `f` itself throws, nothing is left behind.
 */
export function valueAndGradients(f: () => Scalar, variables: Readonly<Record<string, Variable>>): ValueAndGradients {
  const names = Object.keys(variables);
  if (names.length === 0) return { value: tidy(() => checkScalar(f())), gradients: {} };
  const wanted = names.map((name) => variables[name]!);
  const { value, grads } = runTape(() => checkScalar(f()), wanted);
  const gradients: Record<string, Tensor> = {};
  const missing: string[] = [];
  for (const [index, name] of names.entries()) {
    const gradient = grads[index];
    if (gradient === undefined) missing.push(name);
    else gradients[name] = gradient;
  }
  if (missing.length === 0) return { value, gradients };
  dispose([value, ...Object.values(gradients)]);
  throw new GradstreamError('GS_AUTODIFF_DISCONNECTED', {
    where: 'autodiff/valueAndGradients',
    what: 'The value does not depend on some of the variables',
    expected: 'a gradient for each variable',
    received: `none for ${missing.join(', ')}`,
    next: 'Use these variables inside the function, or leave them out: freeze a layer that takes no part.',
  });
}

/** Runs the function and its backward pass: the engine's own where another derivative is being recorded. */
function runTape(f: () => Scalar, wanted: Tensor[]): { value: Scalar; grads: (Tensor | undefined)[] } {
  if (openEngine().state.gradientDepth === 0) return backPropagate(f, wanted);
  let value: Scalar | undefined;
  try {
    return engine().gradients(() => (value = f()), wanted, undefined, true);
  } catch (error) {
    value?.dispose();
    throw error;
  }
}

function checkScalar(value: Scalar): Scalar {
  if (value.rank === 0 && value.dtype === 'float32') return value;
  throw new GradstreamError('GS_AUTODIFF_VALUE', {
    where: 'autodiff/valueAndGradients',
    what: 'The function gave something that has no gradient',
    expected: 'a float32 scalar',
    received: `${value.dtype} ${describeShape(value.shape)}`,
    next: 'Reduce the loss to one number, for example with tf.mean.',
  });
}

import {
  concat,
  engine,
  getBackend,
  grads,
  profile,
  reshape,
  setBackend,
  square,
  tensor,
  Tensor,
  tidy,
  util,
} from '@tensorflow/tfjs-core';
import { gradientCheck, type GradientCheckOptions } from './gradient-check.js';
import { expectAllClose } from './to-be-all-close.js';

type Inputs = (...inputs: Tensor[]) => Tensor;

/** An input of a row: a shape, filled with different numbers from -2 to 2.2 that stay away from 0; a shape with bounds of its own; or a tensor. */
export type RowInput = number[] | { readonly shape: number[]; readonly low: number; readonly high: number } | Tensor;

/** One check of one kernel's gradient. */
export interface GradientRow extends GradientCheckOptions {
  /** The kernel that the function has to run. */
  readonly kernel: string;
  readonly f: Inputs;
  readonly inputs: readonly RowInput[];
  /** Whether the second derivative is checked too. Default true. */
  readonly second?: boolean;
  /** Backends that lack a kernel of the row. */
  readonly except?: readonly string[];
}

/** A row; the rest of its fields as options. */
export function gradientRow(
  kernel: string,
  f: Inputs,
  inputs: readonly RowInput[],
  options: Partial<GradientRow> = {},
): GradientRow {
  return { kernel, f, inputs, ...options };
}

/** The names of registered gradients without a row, and of rows without a registered gradient. Empty where the rows cover a table. */
export function uncoveredKernels(
  gradients: readonly { readonly kernelName: string }[],
  rows: readonly GradientRow[],
): string[] {
  const registered = new Set(gradients.map(({ kernelName }) => kernelName));
  const checked = new Set(rows.map(({ kernel }) => kernel));
  return [
    ...[...registered].filter((name) => !checked.has(name)),
    ...[...checked].filter((name) => !registered.has(name)),
  ];
}

/** Throws unless the function runs its kernel and its first and second derivatives agree with finite differences. */
export async function checkGradientRow({ kernel, f, inputs, second = true, ...options }: GradientRow): Promise<void> {
  const tensors = inputs.map(materialize);
  const { kernels } = await profile(() => tidy(() => void f(...tensors)) as never);
  if (!kernels.some(({ name }) => name === kernel))
    throw new Error(`The function ran ${kernels.map(({ name }) => name)}, but not ${kernel}`);
  gradientCheck(f, tensors, options);
  // A second difference of float32 numbers has fewer digits.
  if (second) gradientCheck(gradientsOf(f), tensors, { tolerance: { absolute: 2e-3, relative: 2e-3 }, ...options });
}

/** The rows that a backend has the kernels for. */
export function rowsOn(backend: string, rows: readonly GradientRow[]): GradientRow[] {
  return rows.filter(({ except = [] }) => !except.includes(backend));
}

/** Throws unless another backend gives the gradients that the active one gives. Leaves the active one active. */
export async function checkGradientRowOn(backend: string, { f, inputs }: GradientRow): Promise<void> {
  const collect = (): Float32Array =>
    tidy(() =>
      gradientsOf(f)(...inputs.map(materialize))
        .dataSync<'float32'>()
        .slice(),
    );
  const active = getBackend();
  const expected = collect();
  await setBackend(backend);
  try {
    expectAllClose(collect(), expected, { absolute: 1e-4, relative: 1e-4 });
  } finally {
    await setBackend(active);
  }
}

/** Runs a kernel that no op of tfjs-core runs. */
export function runKernel(kernel: string, inputs: Record<string, Tensor>, attributes: object = {}): Tensor {
  return engine().runKernel(kernel, inputs, attributes as Record<string, never>);
}

function materialize(input: RowInput): Tensor {
  if (input instanceof Tensor) return input;
  const { shape, low, high } = Array.isArray(input) ? { shape: input, low: -2, high: 2.2 } : input;
  const size = util.sizeFromShape(shape);
  // A stride without a common divisor visits every place once: all elements differ.
  const stride = [7, 5, 11, 13].find((candidate) => size % candidate !== 0)!;
  const place = (index: number): number => ((index * stride + 3) % size) + 0.6;
  const values = Float32Array.from({ length: size }, (_, index) => low + ((high - low) * place(index)) / size);
  return tensor(values, shape);
}

/** The gradients by all inputs of a function's squares, as one vector. Of the squares, so that they depend on every input. */
function gradientsOf(f: Inputs): Inputs {
  return (...inputs) => {
    const gradients = grads((...moved: Tensor[]) => square(f(...moved)))(inputs);
    return concat(gradients.map((gradient) => reshape(gradient, [-1])));
  };
}

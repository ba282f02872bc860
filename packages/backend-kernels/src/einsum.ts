import { util } from '@tensorflow/tfjs-core';
import type { NamedTensorInfoMap, TensorInfo } from '@tensorflow/tfjs-core';
import type { Kernel, OutputBackend } from './kernel.js';
import { runOwn, uncovered, type RunOwn } from './run-own.js';

/** A tensor whose dimensions have letters. */
interface Labelled {
  readonly x: TensorInfo;
  readonly labels: readonly string[];
}

/**
 * `Einsum` of one or two float32 tensors as one matrix product: letters of both operands and the result are its batch, letters of both operands alone are
 * summed over by the product, letters of one operand alone are its rows or columns. tfjs-backend-cpu multiplies out everything before it sums.
 *
 * `kernels` are the backend's own `Sum`, `Transpose` and `BatchMatMul`, `where` is the package that an error names.
 */
export function einsumKernels<B extends OutputBackend>(
  where: string,
  kernels: readonly Kernel<B>[],
): readonly Kernel<B>[] {
  const run = runOwn(where, kernels);
  return [
    {
      name: 'Einsum',
      run: ({ inputs, attrs, backend }) => {
        const operands = Object.values(inputs) as TensorInfo[];
        const parsed = parse(where, attrs['equation'] as string, operands);
        if (parsed === undefined || operands.some(({ dtype }) => dtype !== 'float32')) return undefined;
        const { terms, result, sizes } = parsed;
        // Letters of one operand that nothing else has are summed over first.
        const reduced = terms.map((term, index) =>
          summed(
            run,
            backend,
            term,
            (label) => result.includes(label) || terms[1 - index]?.labels.includes(label) === true,
          ),
        );
        const [a, b] = reduced as [Labelled, Labelled | undefined];
        const joined = b === undefined ? a : product(run, backend, a, b, result, sizes);
        if (b !== undefined) for (const { x } of reduced) backend.disposeIntermediateTensorInfo(x);
        const ordered = arranged(run, backend, joined, result);
        backend.disposeIntermediateTensorInfo(joined.x);
        return ordered;
      },
    },
  ];
}

/**
 * The letters of each operand and of the result; undefined for what tfjs-backend-cpu is to judge. Throws `GS_BACKEND_KERNEL` where an operand has another number
 * of dimensions than letters.
 */
function parse(
  where: string,
  equation: string,
  operands: readonly TensorInfo[],
): { terms: Labelled[]; result: string[]; sizes: ReadonlyMap<string, number> } | undefined {
  const match = /^([A-Za-z]*)(?:,([A-Za-z]*))?->([A-Za-z]*)$/.exec(equation.replaceAll(' ', ''));
  if (match === null) return undefined;
  const texts = match.slice(1, 3).filter((text) => text !== undefined);
  const result = [...match[3]!];
  if (texts.length !== operands.length || new Set(result).size !== result.length) return undefined;
  const sizes = new Map<string, number>();
  const terms: Labelled[] = [];
  for (const [index, text] of texts.entries()) {
    const x = operands[index]!;
    const labels = [...text];
    if (labels.length !== x.shape.length) throw uncovered(where, 'Einsum', named(operands), { equation });
    if (new Set(labels).size !== labels.length || labels.length > 6) return undefined;
    for (const [axis, label] of labels.entries()) {
      const size = x.shape[axis]!;
      if ((sizes.get(label) ?? size) !== size) return undefined;
      sizes.set(label, size);
    }
    terms.push({ x, labels });
  }
  return result.every((label) => sizes.has(label)) ? { terms, result, sizes } : undefined;
}

/** Operands under their numbers, for an error. */
const named = (operands: readonly TensorInfo[]): NamedTensorInfoMap =>
  Object.fromEntries(operands.map((x, index) => [`operand ${index}`, x]));

/** The sum over letters that are not kept; counts as a new tensor in any case. */
function summed<B extends OutputBackend>(
  run: RunOwn<B>,
  backend: B,
  { x, labels }: Labelled,
  isKept: (label: string) => boolean,
): Labelled {
  const axis = labels.flatMap((label, index) => (isKept(label) ? [] : [index]));
  if (axis.length === 0) return { x: backend.share(x), labels };
  return { x: run(backend, 'Sum', { x }, { axis }), labels: labels.filter(isKept) };
}

/** The same tensor with its dimensions in another order, as a new one; not copied where the order is the same. */
function arranged<B extends OutputBackend>(
  run: RunOwn<B>,
  backend: B,
  { x, labels }: Labelled,
  order: readonly string[],
): TensorInfo {
  const perm = order.map((label) => labels.indexOf(label));
  if (perm.every((from, to) => from === to)) return backend.share(x);
  return run(backend, 'Transpose', { x }, { perm });
}

function product<B extends OutputBackend>(
  run: RunOwn<B>,
  backend: B,
  a: Labelled,
  b: Labelled,
  result: readonly string[],
  sizes: ReadonlyMap<string, number>,
): Labelled {
  const common = a.labels.filter((label) => b.labels.includes(label));
  const batch = common.filter((label) => result.includes(label));
  const inner = common.filter((label) => !result.includes(label));
  const rows = a.labels.filter((label) => !common.includes(label));
  const columns = b.labels.filter((label) => !common.includes(label));
  const size = (labels: readonly string[]): number => util.sizeFromShape(labels.map((label) => sizes.get(label)!));
  const side = (operand: Labelled, first: readonly string[], second: readonly string[]): TensorInfo => {
    const x = arranged(run, backend, operand, [...batch, ...first, ...second]);
    return { ...x, shape: [size(batch), size(first), size(second)] };
  };
  // Whichever order an operand has already saves a copy: the product reads both sides transposed as well.
  const isLast = (labels: readonly string[], tail: readonly string[]): boolean =>
    tail.length === 0 || labels.slice(-tail.length).join() === tail.join();
  const transposeA = !isLast(a.labels, inner);
  const transposeB = isLast(b.labels, inner);
  const left = transposeA ? side(a, inner, rows) : side(a, rows, inner);
  const right = transposeB ? side(b, columns, inner) : side(b, inner, columns);
  const y = run(backend, 'BatchMatMul', { a: left, b: right }, { transposeA, transposeB });
  for (const operand of [left, right]) backend.disposeIntermediateTensorInfo(operand);
  const labels = [...batch, ...rows, ...columns];
  return { x: { ...y, shape: labels.map((label) => sizes.get(label)!) }, labels };
}

import { floats, sizeOf, slopeOf } from './kernel-case.js';
import type { CasesByKernel, KernelCase, Values } from './kernel-case.js';

/** Rows, columns and what is summed over: around vectors and tiles, nothing, and several units of work. */
const sizes: readonly (readonly [m: number, n: number, k: number])[] = [
  [1, 1, 1],
  [3, 4, 5],
  [4, 8, 16],
  [5, 7, 9],
  [7, 9, 3],
  [8, 15, 31],
  [9, 16, 1],
  [15, 17, 8],
  [16, 31, 4],
  [17, 32, 33],
  [31, 33, 17],
  [32, 5, 64],
  [1, 65, 130],
  [0, 3, 4],
  [3, 0, 4],
  [3, 4, 0],
  [131, 140, 150],
];

const at = (row: number, column: number, rows: number, columns: number, turned: boolean): number =>
  turned ? column * rows + row : row * columns + column;

/** One product in float64; either side may be stored the other way round. */
function product(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  [m, n, k]: readonly [number, number, number],
  turned: readonly [boolean, boolean] = [false, false],
): Float64Array {
  const c = new Float64Array(m * n);
  for (let row = 0; row < m; row++)
    for (let column = 0; column < n; column++)
      for (let inner = 0; inner < k; inner++)
        c[row * n + column]! += a[at(row, inner, m, k, turned[0])]! * b[at(inner, column, k, n, turned[1])]!;
  return c;
}

const tolerance = { relative: 1e-5, absolute: 3e-5 };
const turns = [0, 1, 2, 3].map((flags) => [(flags & 1) > 0, (flags & 2) > 0] as const);

function batched(): KernelCase[] {
  const patterns = [
    [[2], [2]],
    [[1], [3]],
    [[3], [1]],
    [
      [2, 1],
      [1, 3],
    ],
    [[0], [1]],
  ] as const;
  return patterns.flatMap(([aBatch, bBatch]) =>
    turns.map((turned): KernelCase => {
      const size = [5, 9, 6] as const;
      const [m, n, k] = size;
      const a = floats([...aBatch, ...(turned[0] ? [k, m] : [m, k])], 2);
      const b = floats([...bBatch, ...(turned[1] ? [n, k] : [k, n])], 3);
      const outer = aBatch.map((count, axis) => (count === 1 ? bBatch[axis]! : count));
      const values = Array.from({ length: sizeOf(outer) }, (_, index) => {
        const places = outer.length === 1 ? [index] : [Math.floor(index / outer[1]!), index % outer[1]!];
        const pick = (batch: readonly number[]): number =>
          batch.reduce((sum, count, axis) => sum * count + (count === 1 ? 0 : places[axis]!), 0);
        const [i, j] = [pick(aBatch), pick(bBatch)];
        return [
          ...product(
            Array.from(a.values).slice(i * m * k, (i + 1) * m * k),
            Array.from(b.values).slice(j * k * n, (j + 1) * k * n),
            size,
            turned,
          ),
        ];
      }).flat();
      return {
        inputs: { a, b },
        attrs: { transposeA: turned[0], transposeB: turned[1] },
        outputs: [{ shape: [...outer, m, n], values }],
        tolerance,
      };
    }),
  );
}

function single(): KernelCase[] {
  return sizes.flatMap((size) =>
    turns.flatMap((turned) =>
      (size[0] > 100 ? [undefined] : [undefined, NaN, Infinity, 1e-41]).map((special): KernelCase => {
        const [m, n, k] = size;
        const a = floats([1, ...(turned[0] ? [k, m] : [m, k])], 2);
        const b = floats([1, ...(turned[1] ? [n, k] : [k, n])], 3);
        // One special number reaches its row, and nothing else.
        if (special !== undefined && a.values.length > 0)
          (a.values as Float32Array)[Math.floor(a.values.length / 2)] = special;
        return {
          inputs: { a, b },
          attrs: { transposeA: turned[0], transposeB: turned[1] },
          outputs: [{ shape: [1, m, n], values: product(a.values, b.values, size, turned) }],
          tolerance,
        };
      }),
    ),
  );
}

const activations: Readonly<Record<string, (row: Float64Array) => Float64Array>> = {
  linear: (row) => row,
  relu: (row) => row.map((x) => Math.max(0, x)),
  relu6: (row) => row.map((x) => Math.min(6, Math.max(0, x))),
  elu: (row) => row.map((x) => (x >= 0 ? x : Math.expm1(x))),
  sigmoid: (row) => row.map((x) => 1 / (1 + Math.exp(-x))),
  tanh: (row) => row.map(Math.tanh),
  softmax: (row) => {
    const most = Math.max(...row);
    const sum = row.reduce((total, x) => total + Math.exp(x - most), 0);
    return row.map((x) => Math.exp(x - most) / sum);
  },
};

/** activation(x kernel + bias) in float64. */
function dense(
  x: ArrayLike<number>,
  kernel: ArrayLike<number>,
  bias: ArrayLike<number>,
  [m, n, k]: readonly [number, number, number],
  activation: string,
): Float64Array {
  const y = product(x, kernel, [m, n, k]).map((value, index) => value + (bias[index % n] ?? 0));
  for (let row = 0; row < m; row++) y.set(activations[activation]!(y.subarray(row * n, (row + 1) * n)), row * n);
  return y;
}

function denseCases(aName: 'a' | 'x', bName: 'b' | 'kernel', names: readonly string[]): KernelCase[] {
  const batch = aName === 'a' ? [1] : [];
  return sizes.flatMap((size) =>
    names.map((activation): KernelCase => {
      const [m, n, k] = size;
      const [x, kernel, bias] = [floats([...batch, m, k], 2), floats([...batch, k, n], 3), floats([n], 4)];
      return {
        inputs: { [aName]: x, [bName]: kernel, bias },
        attrs: { transposeA: false, transposeB: false, activation },
        outputs: [{ shape: [...batch, m, n], values: dense(x.values, kernel.values, bias.values, size, activation) }],
        tolerance,
      };
    }),
  );
}

/** The gradients by all three, against finite differences of the layer. */
function denseGradientCases(): KernelCase[] {
  return sizes
    .filter(([m, n, k]) => m * n * k < 700)
    .flatMap((size) =>
      Object.keys(activations).map((activation): KernelCase => {
        const [m, n, k] = size;
        const [x, kernel, bias, dy] = [floats([m, k], 2), floats([k, n], 3), floats([n], 4), floats([m, n], 5)];
        const run = (a: ArrayLike<number>, b: ArrayLike<number>, c: ArrayLike<number>): Float64Array =>
          dense(a, b, c, size, activation);
        const y: Values = {
          shape: [m, n],
          dtype: 'float32',
          values: Float32Array.from(run(x.values, kernel.values, bias.values)),
        };
        return {
          inputs: { dy, x, kernel, ...(activation === 'linear' ? {} : { y }) },
          attrs: { activation, wanted: ['x', 'kernel', 'bias'] },
          outputs: [
            { shape: [m, k], values: slopeOf((p) => run(p, kernel.values, bias.values), x.values, dy.values) },
            { shape: [k, n], values: slopeOf((p) => run(x.values, p, bias.values), kernel.values, dy.values) },
            { shape: [n], values: slopeOf((p) => run(x.values, kernel.values, p), bias.values, dy.values) },
          ],
          tolerance,
        };
      }),
    );
}

/** Any equation in float64: for every place of the letters, one product. */
function einsum(equation: string, operands: readonly Values[]): { shape: number[]; values: Float64Array } {
  const [left, result] = equation.split('->') as [string, string];
  const terms = left.split(',');
  const size = new Map(
    terms.flatMap((term, index) => [...term].map((letter, axis) => [letter, operands[index]!.shape[axis]!] as const)),
  );
  const letters = [...size.keys()];
  const shape = [...result].map((letter) => size.get(letter)!);
  const values = new Float64Array(sizeOf(shape));
  for (let index = 0; index < sizeOf([...size.values()]); index++) {
    let rest = index;
    const place = new Map<string, number>();
    for (const letter of letters) {
      place.set(letter, rest % size.get(letter)!);
      rest = Math.floor(rest / size.get(letter)!);
    }
    const flat = (term: string): number =>
      [...term].reduce((sum, letter) => sum * size.get(letter)! + place.get(letter)!, 0);
    values[flat(result)]! += terms.reduce((total, term, which) => total * operands[which]!.values[flat(term)]!, 1);
  }
  return { shape, values };
}

/** Products of matrices. */
export const matrixProductCases: CasesByKernel = {
  BatchMatMul: () => [...single(), ...batched()],
  _FusedMatMul: () => denseCases('a', 'b', ['linear', 'relu', 'relu6', 'elu', 'sigmoid']),
  GradstreamDense: () => denseCases('x', 'kernel', Object.keys(activations)),
  GradstreamDenseGradient: denseGradientCases,
  Einsum: () =>
    [
      ['ij,jk->ik', [5, 9], [9, 17]],
      ['ij,kj->ki', [5, 9], [17, 9]],
      ['bij,bjk->bik', [3, 4, 5], [3, 5, 7]],
      ['bqhd,bkhd->bhqk', [2, 3, 2, 5], [2, 4, 2, 5]],
      ['abc,cd->abd', [3, 1, 8], [8, 4]],
      ['ij,ij->', [3, 33], [3, 33]],
      ['i,j->ij', [7], [15]],
      ['ijk->ki', [3, 4, 5]],
      ['ij->ji', [31, 3]],
    ].map(([equation, ...shapes]): KernelCase => {
      const operands = (shapes as number[][]).map((shape, index) => floats(shape, index + 2));
      return {
        inputs: Object.fromEntries(operands.map((operand, index) => [String(index), operand])),
        attrs: { equation },
        outputs: [einsum(equation as string, operands)],
        tolerance,
      };
    }),
};

import { matMul, reshape, sum, transpose, type Tensor } from '@tensorflow/tfjs-core';

/** The letters of an equation of two operands: `ab,bc->ac`. Each letter comes once in an operand. */
export interface EinsumTerms {
  readonly a: string;
  readonly b: string;
  readonly out: string;
}

/**
 * The sum over all letters that are not in the result, of products of two tensors, as one product of matrices: every backend has it and its gradient.
 */
export function einsum({ a, b, out }: EinsumTerms, x: Tensor, y: Tensor): Tensor {
  const left = summed(a, b + out, x);
  const right = summed(b, a + out, y);
  const letters = (text: string, test: (letter: string) => boolean): string => [...text].filter(test).join('');
  const both = letters(left.letters, (letter) => right.letters.includes(letter));
  const batch = letters(both, (letter) => out.includes(letter));
  const inner = letters(both, (letter) => !out.includes(letter));
  const rows = letters(left.letters, (letter) => !both.includes(letter));
  const columns = letters(right.letters, (letter) => !both.includes(letter));
  const sizes = new Map<string, number>();
  [...left.letters].forEach((letter, index) => sizes.set(letter, left.tensor.shape[index]!));
  [...right.letters].forEach((letter, index) => sizes.set(letter, right.tensor.shape[index]!));
  const size = (text: string): number => [...text].reduce((product, letter) => product * sizes.get(letter)!, 1);
  const matrix = (term: Term, order: string, shape: number[]): Tensor => reshape(arranged(term, order), shape);
  const lead = batch === '' ? [] : [size(batch)];
  const product = matMul(
    matrix(left, batch + rows + inner, [...lead, size(rows), size(inner)]),
    matrix(right, batch + inner + columns, [...lead, size(inner), size(columns)]),
  );
  const found = batch + rows + columns;
  const result = reshape(
    product,
    [...found].map((letter) => sizes.get(letter)!),
  );
  return arranged({ letters: found, tensor: result }, out);
}

interface Term {
  readonly letters: string;
  readonly tensor: Tensor;
}

/** Sums over the letters that nobody else has. */
function summed(letters: string, others: string, tensor: Tensor): Term {
  const alone = [...letters].flatMap((letter, index) => (others.includes(letter) ? [] : [index]));
  if (alone.length === 0) return { letters, tensor };
  return { letters: [...letters].filter((_, index) => !alone.includes(index)).join(''), tensor: sum(tensor, alone) };
}

/** The tensor with its dimensions in the order of other letters. */
function arranged({ letters, tensor }: Term, order: string): Tensor {
  if (letters === order) return tensor;
  return transpose(
    tensor,
    [...order].map((letter) => letters.indexOf(letter)),
  );
}

import { describeValue, GradstreamError, type Shape } from '@gradstream/core';
import { shapeError } from './shape-error.js';

/** An equation of `einsumDense`, for inputs of one rank: a letter for each dimension of the input, the kernel and the output. Each letter comes once in each. */
export interface EinsumPlan {
  readonly a: string;
  readonly b: string;
  readonly out: string;
  readonly kernelShape: readonly number[];
  readonly biasShape: readonly number[] | undefined;
  readonly outputShape: Shape;
}

const FORM = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/;

/** Throws `GS_OPTION_VALUE` unless the equation is one of the forms `X,Y->Z`, `...X,Y->...Z` and `X...,Y->Z...`, each letter once in a term. */
export function checkEquation(where: string, equation: unknown, biasAxes: string | undefined): void {
  const match = typeof equation === 'string' ? FORM.exec(equation) : null;
  const [, leftIn, input, rightIn, kernel, leftOut, output, rightOut] = match ?? [];
  const once = (text: string): boolean => new Set(text).size === text.length;
  const sound =
    match !== null &&
    leftIn === leftOut &&
    rightIn === rightOut &&
    !(leftIn && rightIn) &&
    [input!, kernel!, output!].every(once) &&
    [...output!].every((letter) => (input! + kernel!).includes(letter)) &&
    [...kernel!].every((letter) => (input! + output!).includes(letter));
  if (!sound) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The equation cannot be used',
      expected: 'X,Y->Z, ...X,Y->...Z or X...,Y->Z..., each letter of Z in X or Y and each of Y in X or Z',
      received: describeValue(equation),
      next: "Write it as in 'abc,cd->abd'.",
    });
  }
  if (biasAxes === undefined || [...biasAxes].every((letter) => output!.includes(letter))) return;
  throw new GradstreamError('GS_OPTION_VALUE', {
    where,
    what: 'The option "biasAxes" has a letter that the output lacks',
    expected: `letters of ${output}`,
    received: describeValue(biasAxes),
    next: 'Name letters of the output.',
  });
}

/** Finds the shapes of kernel, bias and output for an input. `outputSizes` is the output's shape without the batch and without what `...` stands for. */
export function einsumPlan(
  path: string,
  equation: string,
  inputShape: Shape,
  outputSizes: Shape,
  biasAxes: string | undefined,
): EinsumPlan {
  const [, leftIn, input, rightIn, kernel, , output] = FORM.exec(equation)!;
  const refused = (what: string, expected: string): GradstreamError =>
    shapeError('einsumDense', path, what, expected, inputShape, 'Change the equation, the outputShape or the input.');
  const elided = inputShape.length - input!.length;
  const ellipsis = leftIn ?? rightIn;
  if (elided < 0 || (elided > 0 && ellipsis === undefined))
    throw refused(`The equation is for inputs of ${input!.length} dimensions`, `${input!.length} dimensions`);
  // Letters for what the dots stand for: none that the equation uses.
  const free = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'].filter(
    (letter) => !(input! + kernel! + output!).includes(letter),
  );
  const dots = free.slice(0, elided).join('');
  const a = leftIn === undefined ? input! + dots : dots + input!;
  const out = leftIn === undefined ? output! + dots : dots + output!;
  const sizes = new Map([...a].map((letter, index) => [letter, inputShape[index]!] as const));
  const dotSizes = [...dots].map((letter) => sizes.get(letter)!);
  const shape = leftIn === undefined ? [inputShape[0]!, ...outputSizes, ...dotSizes] : [...dotSizes, ...outputSizes];
  const outputShape = leftIn === undefined || elided > 0 ? shape : [inputShape[0]!, ...outputSizes];
  if (outputShape.length !== out.length)
    throw refused(
      `The output of the equation has ${out.length} dimensions`,
      `an outputShape of ${outputSizes.length + out.length - outputShape.length} sizes`,
    );
  const found = [...out].map((letter, index) => {
    const given = outputShape[index]!;
    const known = sizes.get(letter);
    if (known === undefined) return given;
    if (given !== null && known !== null && given !== known)
      throw refused(`Dimension "${letter}" has two sizes`, `${known}, as in the input, and not ${given}`);
    return known ?? given;
  });
  const outSizes = new Map([...out].map((letter, index) => [letter, found[index]!] as const));
  const kernelShape = [...kernel!].map((letter) => outSizes.get(letter) ?? sizes.get(letter) ?? null);
  if (kernelShape.includes(null)) throw refused('The size of a dimension of the kernel is not known', 'known sizes');
  return {
    a,
    b: kernel!,
    out,
    kernelShape: kernelShape as number[],
    biasShape: biasAxes === undefined ? undefined : biasShape(path, biasAxes, out, outSizes),
    outputShape: found,
  };
}

/** From the first axis with a bias on: its size, or 1 where there is none. */
function biasShape(
  path: string,
  axes: string,
  out: string,
  sizes: ReadonlyMap<string, number | null>,
): readonly number[] {
  const first = Math.min(...[...axes].map((letter) => out.indexOf(letter)));
  return [...out.slice(first)].map((letter) => {
    if (!axes.includes(letter)) return 1;
    const size = sizes.get(letter);
    if (typeof size === 'number') return size;
    throw shapeError(
      'einsumDense',
      path,
      `The size of "${letter}" is not known, and the bias needs it`,
      'a known size',
      'null',
      'Leave the letter out of biasAxes, or give its size.',
    );
  });
}

import { logicalOr, onesLike, reshape, where, zerosLike, type Tensor } from '@tensorflow/tfjs-core';
import type { Mask } from '../layer.js';

/** Joins two tensors element by element. */
type Join = (a: Tensor, b: Tensor) => Tensor;

/** A position counts where it counts in any mask; without one of them everything counts. */
export function anyMask(masks: readonly Mask[]): Mask {
  return masks.includes(undefined) ? undefined : (masks as Tensor[]).reduce((joined, mask) => logicalOr(joined, mask));
}

/** The product of inputs, in which a masked position counts as 1; 0 where it is masked in all of them. */
export function maskedProduct(join: Join, inputs: readonly Tensor[], masks: readonly Mask[]): Tensor {
  const wide = inputs.map((input, index) => over(input, masks[index]));
  const product = inputs
    .map((input, index) => (wide[index] === undefined ? input : where(wide[index], input, onesLike(input))))
    .reduce((joined, input) => join(joined, input));
  const counts = anyMask(wide);
  return counts === undefined ? product : where(counts, product, zerosLike(product));
}

/** The extreme of inputs, in which a masked position does not count; what the first input has where it is masked in all of them. */
export function maskedExtreme(join: Join, inputs: readonly Tensor[], masks: readonly Mask[]): Tensor {
  let [output] = inputs as [Tensor];
  let counts = over(output, masks[0]);
  for (const [index, input] of inputs.entries()) {
    if (index === 0) continue;
    const mask = over(input, masks[index]);
    const here = mask === undefined ? input : where(mask, input, output);
    const before = counts === undefined ? output : where(counts, output, here);
    counts = mask === undefined || counts === undefined ? undefined : logicalOr(counts, mask);
    output = join(before, here);
  }
  return output;
}

/** A mask of positions over what is at them. */
function over(input: Tensor, mask: Mask): Tensor | undefined {
  if (mask === undefined || mask.rank >= input.rank) return mask;
  return reshape(mask, [...mask.shape, ...Array.from({ length: input.rank - mask.rank }, () => 1)]);
}

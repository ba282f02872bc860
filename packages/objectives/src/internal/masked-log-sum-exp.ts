import { add, div, exp, log, max, maximum, mul, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { filled } from './filled.js';

/** What stands for the logarithm of 0: finite, so that differences and products with it are numbers. */
export const logOfNothing = -1e30;

/** A logarithm of a sum, and each term's share of the sum. */
export interface LogSumExp {
  /** [rows, 1]; `logOfNothing` where the mask leaves nothing. */
  readonly value: Tensor;
  /** [rows, columns]: the softmax over what the mask leaves. */
  readonly share: Tensor;
}

/** `log(sum(exp(x)))` of rows over the columns where the mask is 1. Without a gradient of its own. */
export function maskedLogSumExp(x: Tensor, mask: Tensor): LogSumExp {
  const left = add(mul(x, mask), mul(sub(filled(1), mask), filled(logOfNothing)));
  const largest = max(left, 1, true);
  const terms = mul(exp(sub(left, largest)), mask);
  const total = sum(terms, 1, true);
  // Where nothing is left the total is 0 and the largest is logOfNothing already.
  const divisor = maximum(total, filled(1e-30));
  return { value: add(largest, log(divisor)), share: div(terms, divisor) };
}

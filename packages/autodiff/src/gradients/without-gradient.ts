import { GradstreamError } from '@gradstream/core';
import * as tf from '@tensorflow/tfjs-core';
import type { GradientTable } from './gradient-table.js';

const WHOLE = 'It works on whole numbers';
const TEXT = 'It works on text, not on numbers';
const NOTHING = 'It takes no numbers that could be differentiated by';
const COMPLEX = 'The engine refuses gradients of complex numbers';
const COMPOSED = 'No backend has it: the op of this name runs other kernels, which have gradients';
const RAGGED = 'The engine keeps no list of tensors as one input for the backward pass';
const PIXELS = 'It moves pixels between a canvas and a tensor';

/** The kernels of tfjs-core that have no gradient, each with the reason. */
export const WITHOUT_GRADIENT: Readonly<Record<string, string>> = {
  [tf.BroadcastArgs]: WHOLE,
  [tf.Complex]: COMPLEX,
  [tf.ComplexAbs]: COMPLEX,
  [tf.Draw]: PIXELS,
  [tf.FFT]: COMPLEX,
  [tf.Fill]: NOTHING,
  [tf.FromPixels]: PIXELS,
  [tf.IFFT]: COMPLEX,
  [tf.Imag]: COMPLEX,
  [tf.LinSpace]: NOTHING,
  [tf.LogicalXor]: COMPOSED,
  [tf.LowerBound]: COMPOSED,
  [tf.LRNGrad]: 'While a second derivative is recorded the gradient of LRN runs other kernels',
  [tf.NonMaxSuppressionV5]: 'Which boxes are chosen jumps as their scores change, and so do the scores that are left',
  [tf.Pool]: COMPOSED,
  [tf.RaggedGather]: RAGGED,
  [tf.RaggedRange]: WHOLE,
  [tf.RaggedTensorToTensor]: RAGGED,
  [tf.Range]: NOTHING,
  [tf.Real]: COMPLEX,
  [tf.SparseReshape]: WHOLE,
  [tf.StaticRegexReplace]: TEXT,
  [tf.StringNGrams]: TEXT,
  [tf.StringSplit]: TEXT,
  [tf.StringToHashBucketFast]: TEXT,
  [tf.Unique]: 'Which elements are unique jumps as they change',
  [tf.UpperBound]: COMPOSED,
};

/** What is said where one of these kernels lies between a wanted variable and the value. Throws `GS_AUTODIFF_NO_GRADIENT`. */
export const withoutGradientGradients: GradientTable = Object.entries(WITHOUT_GRADIENT).map(([kernelName, reason]) => ({
  kernelName,
  gradFunc: () => {
    throw new GradstreamError('GS_AUTODIFF_NO_GRADIENT', {
      where: `autodiff/${kernelName}`,
      what: `The kernel ${kernelName} has no gradient. ${reason}`,
      expected: 'kernels with a gradient between the variables and the value',
      received: kernelName,
      next: 'Keep what is differentiated apart from it.',
    });
  },
}));

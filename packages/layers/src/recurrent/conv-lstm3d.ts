import { convLstm } from '../internal/recurrent/conv-lstm.js';
import type { ConvLstmOptions } from './conv-lstm-options.js';
import type { RecurrentLayer } from './recurrent-layer.js';

/**
 * An LSTM over sequences of volumes: the products of `lstm` are convolutions.
 *
 * Inputs `[x, h, c]`, x `[batch, steps, depth, height, width, channels]`, the states optional; gives the last output `[batch, ..., filters]` or with `returnSequences` all of them,
 * then with `returnState` the last h and c. Kernel `[...kernelSize, channels, 4 filters]`, recurrent kernel `[...kernelSize, filters, 4 filters]`, bias `[4 filters]`, the gates in
 * the order i, f, g, o; `kernelSize` is one number or one for each dimension. The input's convolution has `strides`, `padding` and `dilationRate`; the state's keeps its size.
 * As Keras' ConvLSTM3D, channels last. Throws `GS_LAYER_SHAPE` for inputs of another rank or of unknown size. Source: Shi et al., 2015, arXiv 1506.04214.
 */
export function convLstm3d(
  filters: number,
  kernelSize: number | readonly number[],
  options: ConvLstmOptions = {},
): RecurrentLayer {
  return convLstm(3, filters, kernelSize, options, (changes) =>
    convLstm3d(filters, kernelSize, { ...options, ...changes }),
  );
}

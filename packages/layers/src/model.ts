import type { HostArray, Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer } from './layer.js';
import type { Weight } from './weight.js';

/** An input of a model: the shape has the batch in front. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: 'float32' | 'int32';
}

/** One use of a layer in a model. Nodes come in the order in which they are computed. */
export interface ModelNode {
  readonly layer: Layer;
  /** The layer's name in this model. */
  readonly name: string;
  /** Where its inputs come from: an index of `nodes`, or `-1 - i` for the model's input i. */
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
}

/** Numbers of weights: all, those that training changes, those that it does not. */
export interface ParameterCount {
  readonly total: number;
  readonly trainable: number;
  readonly frozen: number;
}

/** A model: a graph of layers with weights. It is a layer itself. */
export interface Model extends Layer {
  readonly name: string;
  readonly inputs: readonly ModelInput[];
  readonly outputShape: Shape;
  readonly nodes: readonly ModelNode[];
  /** What the weights were drawn from. */
  readonly seed: number;
  /** The weights in the order of the layers. They are drawn at the first use, on the backend that is active then. */
  readonly weights: readonly Weight[];
  /** Numbers of parameters; needs no weights drawn. */
  readonly parameterCount: ParameterCount;
  /** Computes the output of a batch. The caller owns both tensors. Throws `GS_MODEL_INPUT` for another shape. */
  apply(x: Tensor, options?: { readonly training?: boolean; readonly step?: number }): Tensor;
  /** Keeps weights out of training, by path: a string is the path or its beginning, a RegExp is tested; without one, all. */
  freeze(pattern?: string | RegExp): void;
  /** Undoes `freeze`. */
  unfreeze(pattern?: string | RegExp): void;
  /** All weights by path, copied to the host. */
  getWeights(): Promise<Record<string, HostArray<'float32'>>>;
  /** Replaces weights by path: all of them, exactly. Throws `GS_MODEL_WEIGHTS` before anything is changed. */
  setWeights(weights: Readonly<Record<string, HostArray>>): void;
  /** A table of layers, output shapes and parameters. */
  summary(): string;
  /** Frees the weights. The model draws new ones when it is used again. */
  dispose(): void;
}

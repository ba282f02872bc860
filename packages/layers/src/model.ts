import type { HostArray, RandomKey, Shape } from '@gradstream/core';
import type { StepCounter } from '@gradstream/autodiff';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import type { Layer, LayerDtype, Mask } from './layer.js';
import type { Weight } from './weight.js';

/** An input of a model: the shape has the batch in front. */
export interface ModelInput {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype: LayerDtype;
}

/** An output of a model, with the tensor of the graph that it is. */
export interface ModelOutput extends ModelInput {
  readonly from: TensorRef;
}

/** A tensor of a model's graph: an output of a node, or with `node` = `-1 - i` the model's input i. */
export interface TensorRef {
  readonly node: number;
  readonly output: number;
}

/** One use of a layer in a model. Nodes come in the order in which they are computed. A shared layer has several nodes of one name. */
export interface ModelNode {
  readonly layer: Layer;
  /** The layer's name in this model. */
  readonly name: string;
  readonly inputs: readonly TensorRef[];
  readonly inputShapes: readonly Shape[];
  /** The shape of the first output. */
  readonly outputShape: Shape;
  readonly outputShapes: readonly Shape[];
  readonly outputDtypes: readonly LayerDtype[];
}

/** Numbers of weights: all, those that training changes, those that it does not. */
export interface ParameterCount {
  readonly total: number;
  readonly trainable: number;
  readonly frozen: number;
}

/** A batch for a model: the tensor of its only input, all in order, or by name. */
export type ModelBatch = Tensor | readonly Tensor[] | Readonly<Record<string, Tensor>>;

/** How `apply` runs a model. */
export interface ApplyOptions {
  /** Dropout and noise act, statistics are updated. Default false. */
  readonly training?: boolean;
  /** The step whose random numbers are used. Default 0. */
  readonly step?: number;
}

/** How `run` runs a model. */
export interface RunOptions {
  readonly training: boolean;
  readonly key: RandomKey;
  readonly step: StepCounter;
  /** The weights to use, by path. Default: the model's own. */
  readonly weights?: Readonly<Record<string, Tensor>>;
  /** Takes the new values of weights that layers keep themselves, by path: the caller assigns them. */
  readonly update?: (path: string, value: Tensor) => void;
  /** Takes what layers add to the loss. */
  readonly addLoss?: (loss: Scalar) => void;
  /** Takes a look at each layer's output. */
  readonly observe?: (path: string, output: Tensor) => void;
}

/** What a run of a model gives: its outputs and their masks. An output may be an input itself. */
export interface ModelResult {
  readonly outputs: readonly Tensor[];
  readonly masks: readonly Mask[];
}

/**
 * A model: a graph of layers with weights. It is a layer itself: used in another model it brings its weights along, so that both models train the
 * same numbers. (A layer used in two models has weights in each.)
 */
export interface Model extends Layer {
  readonly name: string;
  readonly inputs: readonly ModelInput[];
  readonly outputs: readonly ModelOutput[];
  /** The shape of the first output. */
  readonly outputShape: Shape;
  readonly nodes: readonly ModelNode[];
  /** What the weights were drawn from. */
  readonly seed: number;
  /** The weights in the order of the layers, each once. They are drawn at the first use, on the backend that is active then. */
  readonly weights: readonly Weight[];
  /** The numbers of the weights by path, for `run`; a weight that is reached on two paths is there under both. */
  readonly tensors: Readonly<Record<string, Variable>>;
  /** Numbers of parameters; needs no weights drawn. */
  readonly parameterCount: ParameterCount;
  /**
   * Computes the output of a batch. The caller owns all tensors. Weights that layers keep themselves (moving statistics while training, states) are updated.
   * Throws `GS_MODEL_INPUT` for other shapes and `GS_MODEL_OUTPUTS` where the model has several outputs.
   */
  apply(x: ModelBatch, options?: ApplyOptions): Tensor;
  /** As `apply`, and gives all outputs, in their order. */
  applyAll(x: ModelBatch, options?: ApplyOptions): Tensor[];
  /** One run for those who train it: nothing is checked, nothing is assigned, tensors belong to the caller's scope. */
  run(inputs: readonly Tensor[], options: RunOptions): ModelResult;
  /** A layer by its name in this model. Throws `GS_MODEL_LAYER` where there is none. */
  layer(name: string): Layer;
  /** Keeps weights out of training, by path: a string is the path or its beginning, a RegExp is tested; without one, all. */
  freeze(pattern?: string | RegExp): void;
  /** Undoes `freeze`. */
  unfreeze(pattern?: string | RegExp): void;
  /** All weights by path, copied to the host. */
  getWeights(): Promise<Record<string, HostArray<'float32'>>>;
  /** Replaces weights by path: all of them, exactly. Throws `GS_MODEL_WEIGHTS` before anything is changed. */
  setWeights(weights: Readonly<Record<string, HostArray>>): void;
  /** Gives the states of stateful layers their initial values again. */
  resetStates(): void;
  /** A table of layers, output shapes and parameters. */
  summary(options?: SummaryOptions): string;
  /** Frees the weights, those of models inside included. The model draws new ones when it is used again. */
  dispose(): void;
}

/** Options of `summary`. */
export interface SummaryOptions {
  /** Shows the layers of models inside. Default false. */
  readonly expandNested?: boolean;
  /** Shows whether each layer trains. Default false. */
  readonly showTrainable?: boolean;
}

import type { Config, RandomKey, Shape } from '@gradstream/core';
import type { Activation } from '@gradstream/activations';
import type { StepCounter } from '@gradstream/autodiff';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** What a layer's inputs and outputs are made of. */
export type LayerDtype = 'float32' | 'int32';

/** Says which positions of a tensor count: boolean, `[batch, time]` as a rule, true where there is something. Undefined: all of them. */
export type Mask = Tensor | undefined;

/** A weight that a layer asks for: what it is, not its numbers. */
export interface WeightSpec {
  /** Unique inside the layer: `kernel`, `bias`. A nested model's weights carry their layer's name: `dense/kernel`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initializer: Initializer;
  /** Whether training changes it. Default: as the layer. */
  readonly trainable?: boolean;
  readonly regularizer?: Regularizer;
  readonly constraint?: Constraint;
  /** A state that lives from batch to batch: `resetStates` gives it its initial value again. */
  readonly state?: boolean;
}

/** What a layer says when it is told its inputs' shapes. */
export interface LayerBuild {
  /** The output's shape, or the first one's. */
  readonly outputShape: Shape;
  /** All outputs' shapes, the first included, where there are several: `call` then returns as many tensors. */
  readonly outputShapes?: readonly Shape[];
  /** What the outputs are made of: `float32` by default, `'input'` for what the first input is made of; a list where they differ. */
  readonly outputDtype?: LayerDtype | 'input' | readonly LayerDtype[];
  readonly weights: readonly WeightSpec[];
}

/** What a layer is given when it runs, beside its weights and inputs. */
export interface CallContext {
  /** True while training: dropout and noise act. */
  readonly training: boolean;
  /** The layer's own random key: unrelated to every other layer's. */
  readonly key: RandomKey;
  /** Counts training steps: with the key it gives the step's random numbers. */
  readonly step: StepCounter;
  /** The inputs' masks, in the order of the inputs. Absent where no input has one. */
  readonly masks?: readonly Mask[];
  /** Whether a weight, by its name in the layer, is kept out of training. Absent where nothing is. */
  readonly frozen?: (weight: string) => boolean;
  /**
   * Gives a weight a new value after this step, by its name in the layer: for statistics and states that a layer keeps itself. Such a weight is not
   * `trainable`. Absent where nothing may change, as in `predict` on a shared model.
   */
  readonly update?: (weight: string, value: Tensor) => void;
  /** Adds a number to what training minimizes. Absent where nobody minimizes. */
  readonly addLoss?: (loss: Scalar) => void;
  /** Takes a look at a layer's output, by the path of its layer. Set only on steps that are observed. */
  readonly observe?: (path: string, output: Tensor) => void;
}

/**
 * A layer: a plain value that says which weights it needs and computes its output from them. It holds no numbers itself, so one
 * layer can be used in several models. Anything that fits this interface is a layer.
 */
export interface Layer {
  /** The kind, under Keras' class name: `Dense`. */
  readonly type: string;
  /** The user's name, or undefined: then the model names it after its type (`dense`, `dense_1`). */
  readonly name?: string | undefined;
  /** Whether training changes its weights. */
  readonly trainable: boolean;
  /** The shape of one input example, without the batch: lets the layer be a model's first. */
  readonly inputShape?: Shape | undefined;
  /**
   * What it is given: `float32` by default (whole numbers are converted), `'any'` for the input as it is. For `int32` a model refuses other inputs when it
   * is defined.
   */
  readonly inputDtype?: LayerDtype | 'any' | undefined;
  /** How many inputs it takes, as `[least, most]`: one by default. A model refuses other numbers when it is defined. */
  readonly inputCount?: readonly [number, number] | undefined;
  /** A penalty on the output that is added to the loss. */
  readonly activityRegularizer?: Regularizer | undefined;
  /** The function that its output went through, where it has one: exporters and loss checks look at it. */
  readonly activation?: Activation | undefined;
  /**
   * Infers the output's shape and the weights. Shapes have the batch in front: `[null, 28, 28]`. `inputDtypes` say what the inputs are made of, where a layer's output
   * depends on it; the weights do not. Throws `GS_LAYER_*` for inputs it cannot take.
   */
  build(inputShapes: readonly Shape[], path: string, inputDtypes?: readonly LayerDtype[]): LayerBuild;
  /** Computes the output, or all of them. `weights` are those of `build`, by name. The caller owns all tensors. */
  call(
    weights: Readonly<Record<string, Tensor>>,
    inputs: readonly Tensor[],
    context: CallContext,
  ): Tensor | readonly Tensor[];
  /**
   * The output's mask, or all outputs' masks, from the inputs and their masks. A layer without it loses the mask, as one does that mixes positions;
   * `passMask` hands it on. Also called where no input has a mask: a layer may make one.
   */
  computeMask?(inputs: readonly Tensor[], masks: readonly Mask[]): Mask | readonly Mask[];
  /** The serializable description. Throws `GS_LAYER_CONFIG` where a part is a function without a name. */
  toConfig(): Config;
}

import type { Config, RandomKey, Shape } from '@gradstream/core';
import type { Activation } from '@gradstream/activations';
import type { StepCounter } from '@gradstream/autodiff';
import type { Initializer } from '@gradstream/initializers';
import type { Regularizer } from '@gradstream/regularizers';
import type { Constraint } from '@gradstream/regularizers/constraints';
import type { Tensor } from '@tensorflow/tfjs-core';

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
}

/** What a layer says when it is told its inputs' shapes. */
export interface LayerBuild {
  readonly outputShape: Shape;
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
  /** The function that its output went through, where it has one: exporters and loss checks look at it. */
  readonly activation?: Activation | undefined;
  /** Infers the output's shape and the weights. Shapes have the batch in front: `[null, 28, 28]`. Throws `GS_LAYER_*` for inputs it cannot take. */
  build(inputShapes: readonly Shape[], path: string): LayerBuild;
  /** Computes the output. `weights` are those of `build`, by name. The caller owns all tensors. */
  call(weights: Readonly<Record<string, Tensor>>, inputs: readonly Tensor[], context: CallContext): Tensor;
  /** The serializable description. Throws `GS_LAYER_CONFIG` where a part is a function without a name. */
  toConfig(): Config;
}

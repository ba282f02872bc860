import type { StepCounter } from '@gradstream/autodiff';
import type { RandomKey } from '@gradstream/core';
import type { Model, ModelBatch } from '@gradstream/layers';
import type { GradientTransformation } from '@gradstream/optimizers';
import type { Scalar, Tensor } from '@tensorflow/tfjs-core';

/** A part of a batch on the device: one tensor, or several by the names that the data gives them. */
export type TensorFields = Tensor | Readonly<Record<string, Tensor>>;

/** A batch as a step of one's own gets it. It is freed after the step. */
export interface StepBatch {
  readonly x: TensorFields;
  readonly y: TensorFields | undefined;
  readonly sampleWeight: TensorFields | undefined;
  /** Samples. */
  readonly size: number;
}

/** What a step gives: a scalar on the device under each name of `CustomStep.logs`. */
export type StepNumbers = Readonly<Record<string, Scalar>>;

/** What a step of one's own works with. All tensors made in a step are freed after it. */
export interface StepTools {
  readonly model: Model;
  /** True in `fit` and `trainOnBatch`. */
  readonly training: boolean;
  /** Counts training steps; with `key` it gives the random numbers of the step. */
  readonly step: StepCounter;
  readonly key: RandomKey;
  /** The outputs of a model, by default the trainer's: dropout acts in training, and layers that keep statistics get their new ones after the step. */
  run(x: ModelBatch, model?: Model): Tensor[];
  /** The penalties of a model's regularizers and what its layers added to the loss in this step's runs. */
  penalty(model?: Model): Scalar;
  /** Loss and gradients by the weights that train, of the trainer's model or of one of `others`, by path. */
  gradients(
    loss: () => Scalar,
    model?: Model,
  ): { readonly value: Scalar; readonly gradients: Readonly<Record<string, Tensor>> };
  /** Gives gradients to the optimizer of their model: clipping, accumulation and constraints as in the usual step. */
  update(gradients: Readonly<Record<string, Tensor>>, model?: Model): void;
  /** Both: takes a step that makes the loss smaller, and gives what the function gave. A record has the loss under `loss`; nothing else in it is differentiated. */
  minimize<T extends Scalar | StepNumbers>(loss: () => T, model?: Model): T;
}

/** Another model that a step trains, with an optimizer of its own. */
export interface OtherModel {
  readonly model: Model;
  readonly optimizer: string | GradientTransformation;
}

/**
 * A training step of one's own in the loop of `fit`: events, commands, pausing, limits, validation and history are the usual ones. It replaces `loss` and `metrics`.
 * As in the usual step nothing is read back from the device, and nothing is decided from a tensor's value.
 */
export interface CustomStep {
  /** The names of the numbers that a step gives, in their order in the logs. They are averaged over samples. */
  readonly logs: readonly string[];
  /** One step of training on a batch. */
  train(batch: StepBatch, tools: StepTools): StepNumbers;
  /** The numbers for a batch in `evaluate` and validation; without it these are refused. */
  test?(batch: StepBatch, tools: StepTools): StepNumbers;
  /** Models that the step trains beside the trainer's. */
  readonly others?: readonly OtherModel[];
}

/** A weight of a layer, as events describe it: no numbers. */
export interface WeightFacts {
  /** Its path, as in statistics of weights, gradients and updates: `dense_1/kernel`. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Whether training changes it when training begins. */
  readonly trainable: boolean;
}

/** A layer of the model that trains, as events describe it. */
export interface LayerFacts {
  /** Its name, as in statistics of activations; in a model inside the model with that one's name in front: `encoder/dense`. */
  readonly name: string;
  /** The kind, under Keras' class name: `Dense`. */
  readonly type: string;
  /** The name of the activation that its output goes through; null where there is none, or one without a name. */
  readonly activation: string | null;
  /** Whether what it gives is an output of the model. */
  readonly output: boolean;
  readonly weights: readonly WeightFacts[];
}

/** An output of the model that trains, as events describe it. */
export interface OutputFacts {
  /** Its name, as in statistics of targets. */
  readonly name: string;
  /** The layer that gives it, as in `layers`. */
  readonly layer: string;
  /** Its loss; null for an output that is only looked at. */
  readonly loss: string | null;
}

/** The model that trains, as events describe it: plain data. */
export interface ModelFacts {
  readonly name: string;
  readonly parameters: number;
  /** The layers in the order in which they are computed, those of models inside in the place of these. */
  readonly layers: readonly LayerFacts[];
  readonly outputs: readonly OutputFacts[];
}

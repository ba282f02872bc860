import { foldIn, randomKey } from '@gradstream/core';
import { initialValue } from '@gradstream/initializers';
import { tidy, variable, type Variable } from '@tensorflow/tfjs-core';
import type { WeightSpec } from '../layer.js';
import type { Weight } from '../weight.js';

/** A weight as the model sees it: training may be switched. */
export interface StoredWeight extends Weight {
  trainable: boolean;
}

/** A weight's description with its path in the model. */
export interface PathSpec extends WeightSpec {
  readonly path: string;
  readonly trainable: boolean;
}

/** The weights of a model: drawn at the first use, freed on request. Each is drawn from the seed and its path, whatever the order. */
export class WeightStore {
  readonly #specs: readonly PathSpec[];
  readonly #seed: number;
  readonly #trainable: Map<string, boolean>;
  #weights: StoredWeight[] | undefined;

  constructor(specs: readonly PathSpec[], seed: number) {
    this.#specs = specs;
    this.#seed = seed;
    this.#trainable = new Map(specs.map(({ path, trainable }) => [path, trainable]));
  }

  get weights(): readonly Weight[] {
    this.#weights ??= this.#specs.map((spec) => ({
      path: spec.path,
      shape: spec.shape,
      variable: draw(spec, this.#seed),
      trainable: this.#trainable.get(spec.path)!,
      ...(spec.regularizer === undefined ? {} : { regularizer: spec.regularizer }),
      ...(spec.constraint === undefined ? {} : { constraint: spec.constraint }),
    }));
    return this.#weights;
  }

  isTrainable(path: string): boolean {
    return this.#trainable.get(path)!;
  }

  /** Switches training of the weights whose path fits. Returns how many there were. */
  setTrainable(fits: (path: string) => boolean, trainable: boolean): number {
    const paths = this.#specs.map(({ path }) => path).filter(fits);
    for (const path of paths) this.#trainable.set(path, trainable);
    for (const weight of this.#weights ?? []) if (fits(weight.path)) weight.trainable = trainable;
    return paths.length;
  }

  dispose(): void {
    for (const weight of this.#weights ?? []) weight.variable.dispose();
    this.#weights = undefined;
  }
}

function draw(spec: PathSpec, seed: number): Variable {
  return tidy(() =>
    variable(initialValue(spec.initializer, spec.shape, foldIn(foldIn(randomKey(seed), 'weights'), spec.path)), true),
  );
}

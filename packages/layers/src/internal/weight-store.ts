import { foldIn, randomKey, sizeOf } from '@gradstream/core';
import { initialValue } from '@gradstream/initializers';
import { tidy, variable, type Variable } from '@tensorflow/tfjs-core';
import type { WeightSpec } from '../layer.js';
import type { ParameterCount } from '../model.js';
import type { Weight } from '../weight.js';

let stores = 0;

/** A weight as its model sees it: training may be switched. */
interface StoredWeight extends Weight {
  trainable: boolean;
}

/** A weight's description with its path in the model. */
export interface PathSpec extends WeightSpec {
  readonly path: string;
  readonly trainable: boolean;
  /** False for what the layer keeps itself: nothing makes it train. */
  readonly trainableByLayer: boolean;
  /** The model that owns the numbers, and the path there; without it, this one does. */
  readonly owner?: { readonly store: WeightStore; readonly path: string } | undefined;
}

/**
 * The weights of a model: drawn at the first use, freed on request. Each is drawn from the seed and its path, whatever the order. Weights of a model
 * inside belong to that model's store; a weight that is reached on two paths is listed once, under the first.
 */
export class WeightStore {
  readonly specs: readonly PathSpec[];
  readonly #byPath: ReadonlyMap<string, PathSpec>;
  readonly #seed: number;
  readonly #own = new Map<string, StoredWeight>();
  readonly #frozen: Set<string>;
  readonly #owners: readonly WeightStore[];
  #listed:
    | { readonly version: number; readonly weights: readonly Weight[]; readonly tensors: Record<string, Variable> }
    | undefined;
  #draws = 0;
  readonly #number = stores++;

  constructor(specs: readonly PathSpec[], seed: number) {
    this.specs = specs;
    this.#seed = seed;
    this.#byPath = new Map(specs.map((spec) => [spec.path, spec]));
    this.#frozen = new Set(
      specs.filter(({ owner, trainable }) => owner === undefined && !trainable).map(({ path }) => path),
    );
    this.#owners = [...new Set(specs.flatMap(({ owner }) => (owner === undefined ? [] : [owner.store])))];
  }

  /** Grows when weights are drawn anew, here or in a model inside. */
  get version(): number {
    return this.#owners.reduce((sum, owner) => sum + owner.version, this.#draws);
  }

  /** The weights in order, each once. */
  get weights(): readonly Weight[] {
    return this.#list().weights;
  }

  /** The numbers by path, under every path. */
  get tensors(): Readonly<Record<string, Variable>> {
    return this.#list().tensors;
  }

  isTrainable(path: string): boolean {
    const { owner } = this.#byPath.get(path)!;
    return owner === undefined ? !this.#frozen.has(path) : owner.store.isTrainable(owner.path);
  }

  /** The weights that layers would train and that are kept out of training. */
  get frozen(): ReadonlySet<string> {
    return new Set(
      this.specs
        .filter(({ path, trainableByLayer }) => trainableByLayer && !this.isTrainable(path))
        .map(({ path }) => path),
    );
  }

  /** Numbers of parameters, each weight counted once. */
  get parameterCount(): ParameterCount {
    const counted = new Map(this.specs.map((spec) => [this.#identity(spec.path), spec]));
    let [total, trainable] = [0, 0];
    for (const { path, shape } of counted.values()) {
      total += sizeOf(shape);
      if (this.isTrainable(path)) trainable += sizeOf(shape);
    }
    return { total, trainable, frozen: total - trainable };
  }

  /** The same string for two paths of one weight. */
  #identity(path: string): string {
    const { owner } = this.#byPath.get(path)!;
    return owner === undefined ? `${this.#number}:${path}` : owner.store.#identity(owner.path);
  }

  /** Switches training of a weight. One that its layer keeps itself never trains. */
  setTrainable(path: string, trainable: boolean): void {
    const spec = this.#byPath.get(path)!;
    if (spec.owner !== undefined) return spec.owner.store.setTrainable(spec.owner.path, trainable);
    if (!trainable) this.#frozen.add(path);
    else if (spec.trainableByLayer) this.#frozen.delete(path);
    const weight = this.#own.get(path);
    if (weight !== undefined) weight.trainable = !this.#frozen.has(path);
  }

  /** A weight by path, drawn if need be. */
  weight(path: string): Weight {
    const spec = this.#byPath.get(path)!;
    if (spec.owner !== undefined) return spec.owner.store.weight(spec.owner.path);
    const known = this.#own.get(path);
    if (known !== undefined) return known;
    const weight: StoredWeight = {
      path,
      shape: spec.shape,
      variable: draw(spec, this.#seed),
      trainable: !this.#frozen.has(path),
      ...(spec.regularizer === undefined ? {} : { regularizer: spec.regularizer }),
      ...(spec.constraint === undefined ? {} : { constraint: spec.constraint }),
    };
    this.#own.set(path, weight);
    this.#draws++;
    return weight;
  }

  /** Gives states their initial values again. */
  resetStates(): void {
    for (const { path, state, initializer, shape } of this.specs) {
      if (state === true)
        tidy(() => this.weight(path).variable.assign(initialValue(initializer, shape, weightKey(this.#seed, path))));
    }
  }

  dispose(): void {
    for (const { variable } of this.#own.values()) variable.dispose();
    this.#own.clear();
    this.#listed = undefined;
    this.#draws++;
    for (const owner of this.#owners) owner.dispose();
  }

  #list(): { readonly weights: readonly Weight[]; readonly tensors: Record<string, Variable> } {
    if (this.#listed?.version === this.version) return this.#listed;
    const tensors: Record<string, Variable> = {};
    const weights: Weight[] = [];
    const seen = new Set<Weight>();
    for (const { path, owner } of this.specs) {
      const weight = this.weight(path);
      tensors[path] = weight.variable;
      if (seen.has(weight)) continue;
      seen.add(weight);
      weights.push(owner === undefined ? weight : seenFrom(path, weight));
    }
    this.#listed = { version: this.version, weights, tensors };
    return this.#listed;
  }
}

/** A weight of a model inside, under its path outside. */
function seenFrom(path: string, weight: Weight): Weight {
  const { shape, variable, regularizer, constraint } = weight;
  return {
    path,
    shape,
    variable,
    get trainable() {
      return weight.trainable;
    },
    ...(regularizer === undefined ? {} : { regularizer }),
    ...(constraint === undefined ? {} : { constraint }),
  };
}

const weightKey = (seed: number, path: string): ReturnType<typeof randomKey> =>
  foldIn(foldIn(randomKey(seed), 'weights'), path);

function draw(spec: PathSpec, seed: number): Variable {
  return tidy(() => variable(initialValue(spec.initializer, spec.shape, weightKey(seed, spec.path)), true));
}

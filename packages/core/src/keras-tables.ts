/**
 * What the conversion between a `Config` and Keras' JSON cannot know from the words alone. Whatever is given here is added to the exceptions of
 * Keras' own API, which are built in, and goes before them.
 */
export interface KerasTables {
  /** Keys whose two spellings do not follow from each other, ours to Keras': `{ beta1: 'beta_1' }`. */
  readonly keys?: Readonly<Record<string, string>>;
  /** Types that Keras calls by another class name, ours to Keras': `{ Input: 'InputLayer' }`. */
  readonly types?: Readonly<Record<string, string>>;
  /**
   * Modules of nested parts, by their type (`{ SeedGenerator: 'keras.random' }`) or by the key they stand under (`{ innerOptimizer: 'keras.optimizers' }`).
   * A part without an entry belongs to the module of the part around it.
   */
  readonly modules?: Readonly<Record<string, string>>;
  /** Keys whose text is a name of something, camelCase with us and snake_case in Keras: `['activation']`. Other text stays as it is. */
  readonly names?: readonly string[];
  /** Types that Keras does not have, with the name under which a user registers a class there: `{ KlSparsity: 'gradstream>KlSparsity' }`. */
  readonly registered?: Readonly<Record<string, string>>;
  /** Keys that may stand beside `class_name` and that the caller reads for itself: `['inbound_nodes', 'build_config']`. Others are refused. */
  readonly beside?: readonly string[];
}

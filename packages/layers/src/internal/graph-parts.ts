import type { Model, ModelInput, ModelNode, ModelOutput } from '../model.js';

/** What a model is made of. */
export interface GraphParts {
  readonly type: 'Sequential' | 'Functional';
  readonly name: string;
  /** Whether the user chose the name. */
  readonly named: boolean;
  readonly seed: number;
  readonly trainable: boolean;
  readonly inputs: readonly ModelInput[];
  readonly nodes: readonly ModelNode[];
  readonly outputs: readonly ModelOutput[];
  /** The model whose weights are used for the layers of the same names. */
  readonly weightsOf?: Model | undefined;
}

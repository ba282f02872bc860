import type { Shape } from '@gradstream/core';
import type { Layer, LayerDtype } from './layer.js';

/** A tensor of a model that is being defined: shape and dtype, no numbers. `input(...)` is the first; layers make others. */
export interface SymbolicTensor {
  /** With the batch in front; null for a size that the data decides. */
  readonly shape: Shape;
  readonly dtype: LayerDtype;
  /**
   * Sends it through layers, or through functions that do so, one after the other: `x.pipe(dense(64), residual, dense(10))`. Shapes are checked at once;
   * an error names the layer and the way that led to it. For a layer with several outputs use `applyAll`.
   */
  pipe(...steps: readonly PipeStep[]): SymbolicTensor;
}

/** What a symbolic tensor can be sent through: a layer, or a function that applies some. */
export type PipeStep = Layer | ((x: SymbolicTensor) => SymbolicTensor);

/** What a layer is applied to: one tensor, or several for a layer of several inputs. */
export type SymbolicInputs = SymbolicTensor | readonly SymbolicTensor[];

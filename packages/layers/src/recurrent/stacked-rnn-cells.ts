import { GradstreamError, describeValue, type Shape } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { innerConfig, innerContext, innerSpecs, innerWeights } from '../internal/inner-layer.js';
import { nameLayers } from '../internal/name-layers.js';
import { checkIsCell } from '../internal/recurrent/check-is-cell.js';
import { checkLayerOptions, layerConfig, type LayerOptions } from '../layer-options.js';
import type { LayerBuild, WeightSpec } from '../layer.js';
import type { RecurrentCell } from './recurrent-cell.js';

/**
 * Cells on top of one another as one cell: each takes the output of the one before.
 *
 * Its states are those of its cells, one cell after another; each cell's weights carry its name in front. As Keras' StackedRNNCells. Throws `GS_MODEL_LAYERS` for an empty list
 * and for what is no cell, and what the cells throw for shapes that they cannot take.
 */
export function stackedRnnCells(cells: readonly RecurrentCell[], options: LayerOptions = {}): RecurrentCell {
  const where = 'layers/stackedRnnCells';
  const common = checkLayerOptions(where, options);
  checkCells(where, cells);
  const names = nameLayers(where, cells);
  const stateCount = cells.reduce((sum, cell) => sum + cell.stateCount, 0);
  const firsts = cells.map((_, index) => cells.slice(0, index).reduce((sum, cell) => sum + cell.stateCount, 0));
  const statesOf = <T>(states: readonly T[], index: number): readonly T[] =>
    states.slice(firsts[index]!, firsts[index]! + cells[index]!.stateCount);

  /** Goes through the cells with the shape that each gets. */
  const through = (inputShape: Shape, visit: (cell: RecurrentCell, index: number, input: Shape) => LayerBuild): Shape =>
    cells.reduce<Shape>((input, cell, index) => visit(cell, index, input).outputShape, inputShape);

  return {
    type: 'StackedRNNCells',
    ...common,
    inputCount: [1 + stateCount, 1 + stateCount],
    stateCount,
    stateShapes(inputShape): readonly Shape[] {
      const shapes: Shape[] = [];
      through(inputShape, (cell, index, input) => {
        const own = cell.stateShapes(input);
        shapes.push(...own);
        return cell.build([input, ...own.map((shape) => [input[0]!, ...shape])], names[index]!);
      });
      return shapes;
    },
    build([x, ...states], path): LayerBuild {
      const weights: WeightSpec[] = [];
      const outputShape = through(x!, (cell, index, input) => {
        const built = cell.build([input, ...statesOf(states, index)], `${path}/${names[index]}`);
        weights.push(...innerSpecs(cell, built.weights, names[index]!));
        return built;
      });
      return { outputShape, outputShapes: [outputShape, ...states], weights };
    },
    call(weights, [x, ...states], context): readonly Tensor[] {
      let current = x!;
      const next: Tensor[] = [];
      cells.forEach((cell, index) => {
        const name = names[index]!;
        const inputs = [current, ...statesOf(states, index)];
        const results = cell.call(
          innerWeights(weights, name),
          inputs,
          innerContext(context, name),
        ) as readonly Tensor[];
        current = results[0]!;
        next.push(...results.slice(1));
      });
      return [current, ...next];
    },
    toConfig: () => layerConfig('StackedRNNCells', common, { cells: cells.map((cell) => innerConfig(cell)) }),
  };
}

function checkCells(where: string, cells: unknown): asserts cells is readonly RecurrentCell[] {
  if (Array.isArray(cells) && cells.length > 0) return cells.forEach((cell) => checkIsCell(where, cell));
  throw new GradstreamError('GS_MODEL_LAYERS', {
    where,
    what: 'There are no cells',
    expected: 'a list of at least one cell',
    received: describeValue(cells),
    next: 'Pass cells, for example [lstmCell(8), lstmCell(8)].',
  });
}

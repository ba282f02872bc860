import { describeShape, describeValue, GradstreamError, type HostArray } from '@gradstream/core';
import { readSafetensors, toHostArray, type SafetensorsTensor } from '@gradstream/formats/safetensors';
import type { Model, Weight } from '@gradstream/layers';

/** Differences that an error lists before it counts the rest. */
const LISTED = 12;

/**
 * Puts the weights of a safetensors file into a model, exact to the bit. The file must have the model's weights, by path, shape and dtype
 * (F32), and no others.
 *
 * Throws what `readSafetensors` throws, and `GS_EXPORT_WEIGHTS` with all differences listed; the model is changed only when there are none.
 */
export function importWeights(model: Model, file: Uint8Array): void {
  const { tensors } = readSafetensors(file);
  const differences = differencesOf(model.weights, tensors);
  if (differences.length > 0) throw differ(model, differences);
  const entries = [...tensors].map(([path, tensor]): [string, HostArray] => [path, toHostArray(path, tensor)]);
  model.setWeights(Object.fromEntries(entries));
}

function differencesOf(weights: readonly Weight[], tensors: ReadonlyMap<string, SafetensorsTensor>): string[] {
  const differences: string[] = [];
  for (const { path, shape } of weights) {
    const tensor = tensors.get(path);
    if (tensor === undefined) {
      differences.push(`${path} is missing`);
    } else if (tensor.dtype !== 'F32' || describeShape(tensor.shape) !== describeShape(shape)) {
      differences.push(
        `${path} is ${tensor.dtype} ${describeShape(tensor.shape)} instead of F32 ${describeShape(shape)}`,
      );
    }
  }
  const paths = new Set(weights.map(({ path }) => path));
  for (const name of tensors.keys())
    if (!paths.has(name)) differences.push(`${describeValue(name)} is not in the model`);
  return differences;
}

function differ(model: Model, differences: readonly string[]): GradstreamError {
  const more = differences.length > LISTED ? `, and ${differences.length - LISTED} more` : '';
  return new GradstreamError('GS_EXPORT_WEIGHTS', {
    where: `exporters/safetensors "${model.name}"`,
    what: "The file's weights are not this model's",
    expected: `the ${model.weights.length} weights of the model, and no others`,
    received: `${differences.length} difference${differences.length === 1 ? '' : 's'}: ${differences.slice(0, LISTED).join(', ')}${more}`,
    next: 'Build the model as it was when the file was written: the same layers, sizes and names.',
  });
}

import { describeShape, GradstreamError, sizeOf, type HostArray } from '@gradstream/core';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { Weight } from '../weight.js';

/** Replaces all weights by path. Everything is checked before the first is changed: a failed call changes nothing. */
export function assignWeights(
  where: string,
  weights: readonly Weight[],
  given: Readonly<Record<string, HostArray>>,
): void {
  const paths = new Set(weights.map(({ path }) => path));
  const missing = weights.filter(({ path }) => !Object.hasOwn(given, path)).map(({ path }) => path);
  const extra = Object.keys(given).filter((path) => !paths.has(path));
  if (missing.length > 0 || extra.length > 0) {
    throw refused(
      where,
      'The weights are not those of this model',
      `exactly ${list([...paths])}`,
      [missing.length > 0 ? `without ${list(missing)}` : '', extra.length > 0 ? `with ${list(extra)}` : '']
        .filter(Boolean)
        .join(', '),
    );
  }
  for (const { path, shape } of weights) {
    const { dtype, shape: other, values } = given[path]!;
    if (
      dtype !== 'float32' ||
      other.length !== shape.length ||
      other.some((size, index) => size !== shape[index]) ||
      values.length !== sizeOf(shape)
    ) {
      throw refused(
        where,
        `The weight "${path}" does not fit`,
        `float32 ${describeShape(shape)}`,
        `${dtype} ${describeShape(other)} with ${values.length} values`,
      );
    }
  }
  tidy(() => {
    for (const { path, shape, variable } of weights)
      variable.assign(tensor(Float32Array.from(given[path]!.values), [...shape], 'float32'));
  });
}

function refused(where: string, what: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_MODEL_WEIGHTS', {
    where,
    what,
    expected,
    received,
    next: 'Use weights that were saved from a model of the same definition.',
  });
}

function list(paths: readonly string[]): string {
  return paths.length > 6 ? `${paths.slice(0, 5).join(', ')} and ${paths.length - 5} more` : paths.join(', ');
}

import { GradstreamError } from '@gradstream/core';
import type { Layer } from '../layer.js';

/** Models that got their name from their type: inside another model they are numbered like other layers. */
export const unnamedModels: WeakSet<Layer> = new WeakSet();

/** Names layers uniquely in their model: the user's names as they are, else the type in snake_case with a number. Throws `GS_MODEL_NAME` for a name used twice. */
export function nameLayers(where: string, layers: readonly Layer[]): string[] {
  const taken = new Set<string>();
  const chosen = layers.map((layer) => (unnamedModels.has(layer) ? undefined : layer.name));
  for (const name of chosen) {
    if (name === undefined) continue;
    if (taken.has(name)) {
      throw new GradstreamError('GS_MODEL_NAME', {
        where,
        what: 'Two layers have the same name',
        expected: 'unique names',
        received: `"${name}" twice`,
        next: 'Rename one of them, or leave its name out.',
      });
    }
    taken.add(name);
  }
  return layers.map(({ type }, index) => {
    const name = chosen[index];
    if (name !== undefined) return name;
    const base = snakeCase(type);
    let candidate = base;
    for (let number = 1; taken.has(candidate); number++) candidate = `${base}_${number}`;
    taken.add(candidate);
    return candidate;
  });
}

/** `MaxPooling2D` becomes `max_pooling2d`, `LSTMCell` becomes `lstm_cell`, as Keras names layers. */
export function snakeCase(type: string): string {
  return type
    .replaceAll(/([A-Za-z0-9])([A-Z][a-z])/g, '$1_$2')
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
}

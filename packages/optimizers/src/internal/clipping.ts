import { GradstreamError } from '@gradstream/core';
import { clipByGlobalNorm } from '../clip-by-global-norm.js';
import { clipByNorm } from '../clip-by-norm.js';
import { clipByValue } from '../clip-by-value.js';
import type { GradientTransformation } from '../gradient-transformation.js';
import type { OptimizerOptions } from '../optimizer-options.js';

/** The clipping that the options ask for: one part or none. Throws `GS_OPTIMIZER_CLIPPING` for more than one. */
export function clipping(
  where: string,
  { clipNorm, clipValue, globalClipNorm }: OptimizerOptions,
): GradientTransformation[] {
  const asked = Object.entries({ clipNorm, clipValue, globalClipNorm }).filter(([, value]) => value !== undefined);
  if (asked.length > 1) {
    throw new GradstreamError('GS_OPTIMIZER_CLIPPING', {
      where,
      what: 'More than one kind of gradient clipping is asked for',
      expected: 'one of clipNorm, clipValue, globalClipNorm',
      received: asked.map(([name, value]) => `${name}: ${value}`).join(', '),
      next: 'Keep one of them, or build a chain() with several clipping parts in the order you mean.',
    });
  }
  if (clipNorm !== undefined) return [clipByNorm(clipNorm)];
  if (clipValue !== undefined) return [clipByValue(clipValue)];
  if (globalClipNorm !== undefined) return [clipByGlobalNorm(globalClipNorm)];
  return [];
}

import { checkSeed as seedOf } from '@gradstream/core';

/** The option that every random initializer has. */
export interface SeedOptions {
  /**
   * An integer from 0 to 2^53 - 1: the numbers come from this seed, whatever key is passed in. Null, the default: they come from the key, so that a
   * model's seed and each weight's path decide.
   */
  readonly seed?: number | null;
}

/** A seed or null. Throws `GS_OPTION_VALUE` for anything else. */
export function checkSeed(where: string, seed: unknown): number | null {
  return seedOf(where, seed ?? undefined) ?? null;
}

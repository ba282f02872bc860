import { registerGradients } from '@gradstream/autodiff';
import { useBackend } from 'gradstream';
import type { Group } from './group.js';
import type { Check, Proof } from './proof.js';

/** The backends, in the order of the table's columns. */
export const BACKENDS = ['cpu', 'wasm', 'wasm-simd'] as const;
export type Backend = (typeof BACKENDS)[number];

/** What a building block did on a backend: its numbers are right; its gradients too, or there are none to compare. */
export interface Result {
  readonly forward: boolean;
  readonly gradient: boolean | undefined;
  /** What was wrong. */
  readonly problem?: string;
}

/** The results of every proof on every backend. */
export type Results = ReadonlyMap<Proof, Readonly<Record<Backend, Result>>>;

/** Runs one case of each proof on every backend: one with gradients where there is one. The packages' specs run all of them. */
export async function resultsOf(groups: readonly Group[]): Promise<Results> {
  const results = new Map<Proof, Record<string, Result>>();
  registerGradients();
  for (const backend of BACKENDS) {
    const { name } = await useBackend(backend);
    if (name !== backend) throw new Error(`The backend ${backend} does not start`);
    for (const proof of groups.flatMap(({ proofs }) => proofs)) {
      const check = proof.checks.find(({ gradients }) => gradients) ?? proof.checks[0]!;
      results.set(proof, { ...results.get(proof), [backend]: resultOf(check) });
    }
  }
  return results as unknown as Results;
}

function resultOf(check: Check): Result {
  const whole = problemOf(() => check.run(check.gradients));
  if (whole === undefined) return { forward: true, gradient: check.gradients || undefined };
  // Which of the two was wrong is known without the gradients alone.
  const forward = check.gradients && problemOf(() => check.run(false)) === undefined;
  return { forward, gradient: check.gradients ? false : undefined, problem: whole };
}

function problemOf(run: () => void): string | undefined {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** One comparison of a building block with the numbers it should give. */
export interface Check {
  /** Whether there are gradients to compare. */
  readonly gradients: boolean;
  /** Throws unless the numbers on the active backend are right, and gradients too where they are asked for. */
  run(gradients: boolean): void;
}

/** What shows that a building block is right: comparisons with numbers of one file, or a statistical test. */
export interface Proof {
  /** The building block: an exported name, or Keras' name of it. */
  readonly name: string;
  /** The file of the numbers, in the package's `fixtures/`. */
  readonly from: string;
  readonly checks: readonly Check[];
}

/** What stands in place of a file for random numbers. */
export const STATISTICS = 'statistical test';

/** A comparison that belongs to a name and a file. */
export interface NamedCheck extends Check {
  readonly name: string;
  readonly from: string;
}

/** Comparisons put together by name and file. */
export function proofsOf(checks: readonly NamedCheck[]): Proof[] {
  const found = new Map<string, Proof & { checks: Check[] }>();
  for (const check of checks) {
    const { name, from } = check;
    const key = `${name} ${from}`;
    const proof = found.get(key) ?? { name, from, checks: [] };
    proof.checks.push(check);
    found.set(key, proof);
  }
  return [...found.values()];
}

/** A comparison without gradients. */
export const forward = (name: string, from: string, run: () => void): NamedCheck => ({
  name,
  from,
  gradients: false,
  run,
});

/** A reduction of values[outer][n][inner] over n. */
export interface ReductionStep {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

/**
 * The steps that reduce a shape over some axes: one for each run of neighbouring axes, the last run first. [8, 4, 5] over [0, 2] is n = 5 for 32 rows, then
 * n = 8 for 4 columns.
 */
export function reductionSteps(shape: readonly number[], axes: readonly number[]): ReductionStep[] {
  const groups: { size: number; reduced: boolean }[] = [];
  for (const [axis, size] of shape.entries()) {
    if (size === 1) continue;
    const reduced = axes.includes(axis);
    const last = groups.at(-1);
    if (last?.reduced === reduced) last.size *= size;
    else groups.push({ size, reduced });
  }
  const steps: ReductionStep[] = [];
  const product = (part: typeof groups): number => part.reduce((total, { size }) => total * size, 1);
  for (let index = groups.length - 1; index >= 0; index--) {
    const group = groups[index]!;
    if (!group.reduced) continue;
    steps.push({
      outer: product(groups.slice(0, index)),
      n: group.size,
      inner: product(groups.slice(index + 1).filter(({ reduced }) => !reduced)),
    });
  }
  return steps;
}

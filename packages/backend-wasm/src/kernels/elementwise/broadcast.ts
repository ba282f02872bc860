/** A run of dimensions of the result over which both operands move alike. */
export interface BroadcastRun {
  readonly size: number;
  /** False where the operand has one value (or row) for the whole run. */
  readonly a: boolean;
  readonly b: boolean;
}

/**
 * The dimensions of a broadcast result, innermost first, joined as far as they can be: [8, 4, 5] with [5] is one run of 5 that both walk along and one of
 * 32 that only the first does. Dimensions of 1 vanish.
 */
export function broadcastRuns(
  aShape: readonly number[],
  bShape: readonly number[],
  outShape: readonly number[],
): BroadcastRun[] {
  const runs: BroadcastRun[] = [];
  for (let back = 1; back <= outShape.length; back++) {
    const size = outShape.at(-back)!;
    if (size === 1) continue;
    const a = (aShape.at(-back) ?? 1) !== 1 && back <= aShape.length;
    const b = (bShape.at(-back) ?? 1) !== 1 && back <= bShape.length;
    const last = runs.at(-1);
    if (last !== undefined && last.a === a && last.b === b) runs[runs.length - 1] = { size: last.size * size, a, b };
    else runs.push({ size, a, b });
  }
  return runs;
}

/**
 * The rate at which losses fall fastest by their differences (central ones inside), without some at both ends and those that are not finite; null where fewer
 * than two are left.
 */
export function suggestedRate(
  rates: readonly number[],
  losses: readonly number[],
  skipBegin: number,
  skipEnd: number,
): number | null {
  const end = losses.length - skipEnd;
  const places = losses.flatMap((loss, index) =>
    index >= skipBegin && index < end && Number.isFinite(loss) ? [index] : [],
  );
  if (places.length < 2) return null;
  const at = (index: number): number => losses[places[index]!]!;
  const last = places.length - 1;
  const slopes = places.map((_, index) => {
    if (index === 0) return at(1) - at(0);
    return index === last ? at(last) - at(last - 1) : (at(index + 1) - at(index - 1)) / 2;
  });
  const steepest = slopes.reduce((best, slope, index) => (slope < slopes[best]! ? index : best), 0);
  return rates[places[steepest]!]!;
}

/** A share as people read it: 0.25 is `25 %`. Shares that are neither none nor all are never written as such. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  if (share < 1 && share > 0.99) return 'over 99 %';
  return `${Math.round(100 * share)} %`;
}

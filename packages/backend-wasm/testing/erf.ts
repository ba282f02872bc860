/** erf in float64: its series below 3, the continued fraction of 1 - erf above. */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (!(size <= 6)) return Number.isNaN(x) ? NaN : Math.sign(x);
  if (size < 3) {
    let [term, sum] = [x, x];
    for (let n = 1; n < 80; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let n = 60; n > 0; n--) fraction = n / 2 / (size + fraction);
  return Math.sign(x) * (1 - Math.exp(-size * size) / Math.sqrt(Math.PI) / (size + fraction));
}

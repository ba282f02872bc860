/**
 * The best time of each function in milliseconds a call, in turns, so that all meet the same machine: `rounds` turns of about `milliseconds` each. `before` makes
 * ready for the turn of a function, by its name.
 */
export async function alternate(functions, { rounds, milliseconds, before }) {
  const names = Object.keys(functions);
  const best = Object.fromEntries(names.map((name) => [name, Infinity]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      await before(name);
      // What the other peer has left in the caches is not this one's.
      functions[name]();
      const end = performance.now() + milliseconds;
      do {
        const start = performance.now();
        functions[name]();
        const time = performance.now() - start;
        // The first turn warms up.
        if (round > 0) best[name] = Math.min(best[name], time);
      } while (performance.now() < end);
    }
  }
  return best;
}

// Rows that look like images of digits in size and spread, the same in every process: a bench needs no file.
export function rows(count, seed = 1) {
  const x = new Float32Array(count * 784);
  const y = new Int32Array(count);
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 4294967296;
  for (let row = 0; row < count; row++) {
    const label = Math.floor(next() * 10);
    y[row] = label;
    for (let pixel = 0; pixel < 784; pixel++) {
      const on = (pixel * 7 + label * 79) % 97 < 19;
      x[row * 784 + pixel] = on ? 0.5 + 0.5 * next() : next() < 0.1 ? next() : 0;
    }
  }
  return { x, y };
}

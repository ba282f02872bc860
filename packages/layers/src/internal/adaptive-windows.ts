/** The first element of each of `count` windows over `size` elements, and the one behind its last. */
export function adaptiveWindows(size: number, count: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => [
    Math.floor((index * size) / count),
    Math.ceil(((index + 1) * size) / count),
  ]);
}

/** A matrix [count, size] whose rows average the elements of a window each. */
export function averagingMatrix(size: number, count: number): Float32Array {
  const matrix = new Float32Array(count * size);
  adaptiveWindows(size, count).forEach(([start, end], row) => {
    matrix.fill(1 / (end - start), row * size + start, row * size + end);
  });
  return matrix;
}

/** The elements of all windows, one window after the other. All have the length of the longest: shorter ones name their last element again. */
export function windowElements(size: number, count: number): Int32Array {
  const windows = adaptiveWindows(size, count);
  const length = Math.max(...windows.map(([start, end]) => end - start));
  return Int32Array.from(
    windows.flatMap(([start, end]) => Array.from({ length }, (_, index) => Math.min(start + index, end - 1))),
  );
}

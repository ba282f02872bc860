/** Where each matrix of a broadcast batch lies in an operand: `dimensions` are the operand's batch sizes, `output` the result's. */
export function batchOffsets(dimensions: readonly number[], output: readonly number[]): number[] {
  const aligned = [...Array.from({ length: output.length - dimensions.length }, () => 1), ...dimensions];
  let offsets = [0];
  output.forEach((size, axis) => {
    const own = aligned[axis]!;
    offsets = offsets.flatMap((offset) =>
      Array.from({ length: size }, (_, index) => offset * own + (own === 1 ? 0 : index)),
    );
  });
  return offsets;
}

/** The names that a result's numbers have in the logs: its own for a scalar, `name_0`, `name_1` for a vector, `name_0_1` for a matrix. */
export function resultNames(name: string, shape: readonly number[]): string[] {
  return shape.reduce<string[]>(
    (names, size) => names.flatMap((prefix) => Array.from({ length: size }, (_, index) => `${prefix}_${index}`)),
    [name],
  );
}

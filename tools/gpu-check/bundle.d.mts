/** Writes `app/*.mjs`, `ptx` and the packages that cannot be bundled to a folder. */
export function bundle(folder: string, names: readonly string[]): Promise<void>;

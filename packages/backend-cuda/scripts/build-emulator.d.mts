/** Why the emulator cannot be built here, or undefined. */
export function whyNoEmulator(): Promise<string | undefined>;
/** Builds the library where it is not there yet, and returns its path. `sanitize`: with AddressSanitizer; `tensorCores`: with their kernels. */
export function buildEmulator(options?: {
  readonly sanitize?: boolean;
  readonly tensorCores?: boolean;
}): Promise<string>;
/** Builds a library that looks like cuBLAS to who uses the emulator, and returns its path. */
export function buildCublas(): Promise<string>;
/** The same for cuBLASLt, with the one of cuBLAS in the same folder. */
export function buildCublasLt(): Promise<string>;
/** The same for cuDNN. */
export function buildCudnn(): Promise<string>;
/** What a process needs in its environment to load the library with AddressSanitizer. */
export function sanitizerEnvironment(): Promise<Record<string, string>>;

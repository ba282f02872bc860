import { hasRelaxedSimd, hasSimd, whyNoThreads } from './probes.js';

/** A binary: which instructions it needs and whether its memory is shared between threads. */
export interface Variant {
  readonly name: VariantName;
  readonly relaxed: boolean;
  readonly threads: boolean;
  /** Its bytes, as base64 text. */
  readonly load: () => Promise<{ binary: string }>;
  /** Those of its module of wide functions. */
  readonly loadWide: () => Promise<{ binary: string }>;
}

/** The names of the four binaries. */
export type VariantName = 'simd' | 'simd-threads' | 'relaxed' | 'relaxed-threads';

/** The four binaries: read by the choice at start, by tests and by the benchmark. */
export const variants: readonly Variant[] = [
  {
    name: 'relaxed-threads',
    relaxed: true,
    threads: true,
    load: () => import('#binaries/relaxed-threads'),
    loadWide: () => import('#binaries/relaxed-threads-wide'),
  },
  {
    name: 'simd-threads',
    relaxed: false,
    threads: true,
    load: () => import('#binaries/simd-threads'),
    loadWide: () => import('#binaries/simd-threads-wide'),
  },
  {
    name: 'relaxed',
    relaxed: true,
    threads: false,
    load: () => import('#binaries/relaxed'),
    loadWide: () => import('#binaries/relaxed-wide'),
  },
  {
    name: 'simd',
    relaxed: false,
    threads: false,
    load: () => import('#binaries/simd'),
    loadWide: () => import('#binaries/simd-wide'),
  },
];

/** Why this engine cannot run a binary, or undefined where it can. */
export function whyNot(variant: Variant): string | undefined {
  if (!hasSimd()) return 'this JavaScript engine has no WebAssembly SIMD';
  if (variant.relaxed && !hasRelaxedSimd()) return 'this JavaScript engine has no relaxed WebAssembly SIMD';
  return variant.threads ? whyNoThreads() : undefined;
}

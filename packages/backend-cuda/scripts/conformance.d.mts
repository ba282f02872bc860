/** What the specs gave on one backend. */
export interface SpecResults {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly message: string }[];
  readonly fallbacks: Readonly<Record<string, number>>;
}
/** Runs the specs on tfjs-backend-cpu and on cuda; `library` is the driver's. */
export function conformance(
  library: string | undefined,
  environment?: Readonly<Record<string, string>>,
): Promise<{ readonly cpu: SpecResults; readonly cuda: SpecResults }>;
/** The specs that pass on the cpu backend and do not on the other one. */
export function brokenSpecs(
  cpu: SpecResults,
  own: SpecResults,
): readonly { readonly name: string; readonly message: string }[];

/** What the specs of tfjs-core did on one backend. */
export interface SpecResults {
  readonly passed: readonly string[];
  readonly failed: readonly { readonly name: string; readonly message: string }[];
  readonly fallbacks: Readonly<Record<string, number>>;
}

/** A backend with its options. */
export interface Setup {
  readonly backendName: string;
  readonly options?: object;
  readonly nodeFlags?: readonly string[];
}

export function conformance(setups: readonly Setup[]): Promise<SpecResults[]>;
export function brokenSpecs(cpu: SpecResults, own: SpecResults): { name: string; message: string }[];

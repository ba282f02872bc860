/** A backend as this suite sees it: what `BackendPlugin` of `@gradstream/backends` is. */
export interface CheckedBackend {
  readonly name: string;
  probe(): Promise<
    | { readonly available: true; readonly detail: string }
    | { readonly available: false; readonly reason: string; readonly remedy: string }
  >;
  start(): Promise<void>;
  fallbacks?(): { readonly kernels: readonly string[]; readonly calls: Readonly<Record<string, number>> };
}

/** Rejects where a backend does not keep what the check's title says. */
export type BackendCheck = (plugin: CheckedBackend) => Promise<void>;

/** What is read of an adapter of WebGPU's. */
export interface GpuAdapter {
  readonly info?: {
    readonly vendor?: string;
    readonly architecture?: string;
    readonly device?: string;
    readonly description?: string;
    readonly isFallbackAdapter?: boolean;
  };
  /** Where older browsers say it. */
  readonly isFallbackAdapter?: boolean;
  readonly features: { has(name: string): boolean };
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(description: {
    readonly requiredFeatures: readonly string[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<GpuDevice>;
}

/** What is used of a device. */
export interface GpuDevice {
  readonly lost: Promise<{ readonly reason?: string; readonly message: string }>;
  addEventListener?(type: 'uncapturederror', listener: (event: { readonly error: Error }) => void): void;
}

/** What stands behind `navigator.gpu`. */
export interface GpuObject {
  requestAdapter(options?: { readonly powerPreference?: 'high-performance' | 'low-power' }): Promise<GpuAdapter | null>;
}

/** A way to WebGPU, or why there is none here. */
export type GpuSource =
  | {
      readonly gpu: GpuObject;
      /** Makes it what programs find as `navigator.gpu`, where it is not that yet. */
      install(): void;
      /** What to do where it has no adapter. */
      readonly noAdapter: string;
    }
  | { readonly reason: string; readonly remedy: string };

/** WebGPU as a browser has it. */
export function browserGpu(): GpuSource {
  const { gpu } = (globalThis as { navigator?: { gpu?: GpuObject } }).navigator ?? {};
  if (gpu !== undefined && gpu !== null)
    return {
      gpu,
      install: () => undefined,
      noAdapter: 'Update the browser and the graphics driver; chrome://gpu says what is switched off',
    };
  return {
    reason: 'This host has no WebGPU',
    remedy: 'Use a browser with WebGPU, on a page that is served by https or from localhost',
  };
}

/** What an adapter is, for people. */
export function adapterName({ info }: GpuAdapter): string {
  const { description = '', device = '', vendor = '', architecture = '' } = info ?? {};
  return description || device || [vendor, architecture].filter(Boolean).join(' ') || 'an adapter without a name';
}

/** Whether an adapter only makes believe: it computes on the CPU. */
export const isSoftware = (adapter: GpuAdapter): boolean =>
  adapter.info?.isFallbackAdapter === true || adapter.isFallbackAdapter === true;

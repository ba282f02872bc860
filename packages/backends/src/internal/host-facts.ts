/** What is known of the host; null where it does not tell. */
export interface HostFacts {
  /** `node`, `deno`, `bun`, `browser` or `worker`, with the version where there is one. */
  readonly runtime: string;
  /** Operating system and processor, as `linux x64`; a browser's own words. */
  readonly platform: string | null;
  /** Logical cores. */
  readonly cores: number | null;
  /** Bytes of memory in the machine and in use by this process. */
  readonly memory: { readonly total: number | null; readonly used: number | null };
}

interface ProcessLike {
  readonly platform?: string;
  readonly arch?: string;
  readonly versions?: Readonly<Record<string, string>>;
  memoryUsage?(): { rss: number };
  readonly report?: { getReport?(): unknown };
}

interface HostLike {
  readonly process?: ProcessLike;
  readonly navigator?: { hardwareConcurrency?: number; deviceMemory?: number; userAgent?: string };
  readonly Deno?: { version?: { deno?: string } };
  readonly Bun?: { version?: string };
  readonly window?: unknown;
}

/** Reads what the host tells about itself, in any runtime, without importing anything. */
export function hostFacts(host: HostLike = globalThis as HostLike): HostFacts {
  const { process, navigator } = host;
  const report = navigator?.hardwareConcurrency === undefined || process !== undefined ? reportOf(process) : null;
  return {
    runtime: runtimeOf(host),
    platform: process?.platform ? `${process.platform} ${process.arch}` : (navigator?.userAgent ?? null),
    cores: navigator?.hardwareConcurrency ?? report?.cores ?? null,
    memory: {
      total: report?.memory ?? (navigator?.deviceMemory === undefined ? null : navigator.deviceMemory * 2 ** 30),
      used: process?.memoryUsage?.().rss ?? null,
    },
  };
}

function runtimeOf({ Deno, Bun, process, window }: HostLike): string {
  if (Deno !== undefined) return `deno ${Deno.version?.deno ?? ''}`.trim();
  if (Bun !== undefined) return `bun ${Bun.version ?? ''}`.trim();
  if (process?.versions?.['node'] !== undefined) return `node ${process.versions['node']}`;
  return window === undefined ? 'worker' : 'browser';
}

/** Cores and memory from Node's diagnostic report: Node 20 has no `navigator`. */
function reportOf(process: ProcessLike | undefined): { cores: number | null; memory: number | null } | null {
  try {
    const report = process?.report?.getReport?.();
    const { header, resourceUsage } = Object(typeof report === 'string' ? JSON.parse(report) : report) as {
      header?: { cpus?: unknown[] };
      resourceUsage?: { total_memory?: unknown; constrained_memory?: unknown };
    };
    // A container's limit, where it has one, counts for more than the machine.
    const total = Math.min(Number(resourceUsage?.total_memory), Number(resourceUsage?.constrained_memory ?? Infinity));
    return { cores: header?.cpus?.length ?? null, memory: Number.isFinite(total) ? total : null };
  } catch {
    // A host may refuse the report (permissions, sandboxes): then it is not known.
    return null;
  }
}

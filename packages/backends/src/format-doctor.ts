import { checkBoolean, checkOptions } from '@gradstream/core';
import type { BackendFinding, DoctorReport } from './doctor.js';

/** Options of `formatDoctor`. */
export interface FormatDoctorOptions {
  /** Names every kernel of every backend, and how often the cpu backend served which. Default: false. */
  readonly kernels?: boolean;
}

/** So many names of kernels are read at a glance. */
const FEW = 8;

/**
 * The doctor's report as lines for a terminal, without colours.
 *
 * Throws `GS_OPTION_*` for options that it does not know.
 */
export function formatDoctor(report: DoctorReport, options: FormatDoctorOptions = {}): string {
  checkOptions('backends/formatDoctor', options, ['kernels']);
  if (options.kernels !== undefined) checkBoolean('backends/formatDoctor', 'kernels', options.kernels);
  const { host, packages, backends, chosen, environment, active } = report;
  const rows: [string, string][] = [
    ['runtime', [host.runtime, host.platform].filter(Boolean).join(', ')],
    ['cores', String(host.cores ?? 'not known')],
    ['memory', memoryText(host.memory)],
    ...Object.entries(packages).map(([name, version]): [string, string] => [
      name.replace('@tensorflow/', ''),
      version ?? 'not installed',
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    'Host',
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
    'Backends',
    ...backends.flatMap((backend) => backendLines(backend, chosen, options.kernels === true)),
    '',
    choiceLine(chosen, environment),
    active === null ? 'No backend is active.' : `The active backend is ${active}.`,
  ].join('\n');
}

function backendLines(backend: BackendFinding, chosen: string | null, all: boolean): string[] {
  const mark = backend.name === chosen ? '*' : ' ';
  if (!backend.available) {
    return [`${mark} ${backend.name}: not available`, `    why:  ${backend.reason}`, `    next: ${backend.remedy}`];
  }
  const { name, detail, kernels, ownKernels, fallbackKernels, fallbackCalls, missingKernels } = backend;
  const own = all ? `: ${ownKernels.join(', ')}` : '';
  const lines = [`${mark} ${name}: works, ${detail}`, `    ${kernels} kernels of its own${own}`];
  if (fallbackKernels.length > 0) {
    const served =
      all || fallbackKernels.length <= FEW ? fallbackKernels.join(', ') : `${fallbackKernels.length} kernels`;
    lines.push(`    served by the cpu backend: ${served}`);
  }
  if (all) {
    const calls = Object.entries(fallbackCalls).map(([kernel, count]) => `${kernel} ${count} times`);
    lines.push(`    served so far: ${calls.length === 0 ? 'nothing' : calls.join(', ')}`);
  }
  if (missingKernels.length > 0) lines.push(`    missing without tfjs-backend-cpu: ${missingKernels.join(', ')}`);
  return lines;
}

function choiceLine(chosen: string | null, environment: string | null): string {
  if (environment === null) return chosen === null ? 'No backend works here.' : `useBackend() takes ${chosen}.`;
  return chosen === null
    ? `GRADSTREAM_BACKEND names "${environment}", which does not work here: useBackend() fails.`
    : `useBackend() takes ${chosen}, as GRADSTREAM_BACKEND says.`;
}

function memoryText({ total, used }: DoctorReport['host']['memory']): string {
  const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  const parts = [
    total === null ? null : gibibytes(total),
    used === null ? null : `${gibibytes(used)} used by this process`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'not known' : parts.join(', ');
}

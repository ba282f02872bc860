import { formatDoctor } from '@gradstream/backends';
import { doctor } from '../use-backend.js';

/** Prints what this machine can train on. */
export async function runDoctor({
  json = false,
  kernels = false,
}: {
  readonly json?: boolean;
  readonly kernels?: boolean;
}): Promise<void> {
  const report = await doctor();
  console.log(json ? JSON.stringify(report, null, 2) : formatDoctor(report, { kernels }));
}

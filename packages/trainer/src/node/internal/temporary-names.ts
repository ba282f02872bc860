import { hostname } from 'node:os';

const PREFIX = '.gradstream-temp';
const NAME = /^\.gradstream-temp-([a-z0-9-]*)-(\d+)-[a-z0-9]+$/i;
/** Milliseconds after which nobody works on a temporary folder any more, wherever it was made. */
const OLD = 24 * 3600 * 1000;

const host = (): string =>
  hostname()
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, 40);

/** A name for a folder that is being written or taken away; it tells who does it. */
export function temporaryName(): string {
  return `${PREFIX}-${host()}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
}

/** True for a temporary folder whose writer is dead: a process of this machine that is gone, or any writer a day ago. */
export function isLeftOver(name: string, changed: number): boolean {
  const [, writer, pid] = NAME.exec(name) ?? [];
  if (pid === undefined) return false;
  if (Date.now() - changed > OLD) return true;
  return writer === host() && Number(pid) !== process.pid && !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Not ours to signal, but there.
    return (error as { code?: unknown }).code === 'EPERM';
  }
}

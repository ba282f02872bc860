import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** A Chromium that starts: the one that the environment variable CHROMIUM names, or the first on the path; undefined where there is none. */
export function findChromium() {
  return [process.env.CHROMIUM, ...NAMES]
    .filter(Boolean)
    .map((command) => ({ command, found: spawnSync(command, ['--version'], { encoding: 'utf8' }) }))
    .filter(({ found }) => found.status === 0)
    .map(({ command, found }) => ({ command, version: found.stdout.trim() }))[0];
}

/**
 * Opens a page in a browser without a window until `done` settles, and kills the browser. `kept` is a profile that stays; without it the browser has one of its own.
 * `flags`: more of the browser's options.
 */
export async function withPage(command, url, done, timeout, { kept, flags = [] } = {}) {
  const profile = kept ?? (await mkdtemp(join(tmpdir(), 'gradstream-browser-')));
  const options = [
    '--headless=new',
    '--disable-gpu',
    '--no-first-run',
    '--disable-dev-shm-usage',
    '--disable-extensions',
    // It looks for nothing of its own on the network.
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  // Root has no sandbox to run it in.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const child = spawn(command, [...options, ...sandbox, ...flags, `--user-data-dir=${profile}`, url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  let messages = '';
  child.stderr.on('data', (text) => (messages = (messages + text).slice(-4000)));
  let timer;
  try {
    return await Promise.race([
      done,
      new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error(`The page said nothing in ${timeout / 1000} s.\n${messages}`)),
          timeout,
        );
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`The browser ended with ${code}.\n${messages}`)));
      }),
    ]);
  } finally {
    clearTimeout(timer);
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.signalCode === null) {
      // The browser is several processes: all of its group.
      process.kill(-child.pid, 'SIGKILL');
      await ended;
    }
    if (kept === undefined) await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

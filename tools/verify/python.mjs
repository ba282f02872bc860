import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';

const HERE = import.meta.dirname;
const REQUIREMENTS = join(HERE, 'requirements.txt');

/** Runs a program. Gives whether it ended well, and what it said; never rejects. */
export function run(command, args, { timeout }) {
  return new Promise((resolve) => {
    const env = {
      ...process.env,
      TF_CPP_MIN_LOG_LEVEL: '2',
      PYTHONDONTWRITEBYTECODE: '1',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
    };
    execFile(command, args, { env, timeout, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      const late = error?.killed ? `\nIt did not end within ${timeout / 1000} s.` : '';
      resolve({ ok: !error, stdout, text: `${stdout}${stderr}${late}`.trim() });
    });
  });
}

/**
 * A Python with everything in requirements.txt, in a venv in the user's cache folder that later runs find again.
 * Gives its path, or why there is none.
 */
export async function python() {
  const system = await run('python3', ['-c', 'import sys; print(*sys.version_info[:2], sep=".")'], { timeout: 30_000 });
  if (!system.ok) return { missing: 'there is no python3' };
  const hash = createHash('sha256').update(system.stdout);
  for (const file of [REQUIREMENTS, join(HERE, '../reference/requirements.txt')]) hash.update(readFileSync(file));
  const venv = join(cacheFolder(), `venv-${hash.digest('hex').slice(0, 12)}`);
  const path = process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python');
  const whole = join(venv, 'whole');
  if (existsSync(whole)) return { path };
  console.log(`Making a Python with TensorFlow in ${venv}, once: this takes minutes.`);
  rmSync(venv, { recursive: true, force: true });
  mkdirSync(dirname(venv), { recursive: true });
  const made = await run('python3', ['-m', 'venv', venv], { timeout: 300_000 });
  if (!made.ok) return { missing: `python3 cannot make a venv:\n${last(made.text)}` };
  const installed = await run(path, ['-m', 'pip', 'install', '--quiet', '-r', REQUIREMENTS], { timeout: 1_800_000 });
  if (!installed.ok) return { missing: `pip cannot install requirements.txt:\n${last(installed.text)}` };
  writeFileSync(whole, '');
  return { path };
}

/** The user's folder for what can be made again. */
function cacheFolder() {
  const { XDG_CACHE_HOME: xdg, LOCALAPPDATA: local } = process.env;
  return join(xdg || local || join(homedir(), '.cache'), 'gradstream');
}

const last = (text) => text.split('\n').slice(-8).join('\n');

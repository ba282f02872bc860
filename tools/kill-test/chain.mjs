import { spawn } from 'node:child_process';
import { join } from 'node:path';

const KILL_AT = join(import.meta.dirname, 'kill-at.mjs');

/**
 * One life of a program, as a process: `at` kills it at that change of the file system, `after` so many milliseconds after it said that it trains; without either it
 * lives to its end. What it `printed`, null where it was killed, and how many milliseconds it trained.
 */
export async function life(program, args, { at, after } = {}, node = []) {
  const imports = at === undefined ? [] : ['--import', KILL_AT];
  const child = spawn(process.execPath, [...node, ...imports, program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...(at === undefined ? {} : { KILL_AT: String(at) }) },
  });
  let out = '';
  let errors = '';
  let timer;
  let began;
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (errors += text));
  child.once('message', () => {
    began = performance.now();
    if (after !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), after);
  });
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode, exitSignal) => resolve({ code: exitCode, signal: exitSignal }));
  });
  clearTimeout(timer);
  const milliseconds = began === undefined ? 0 : performance.now() - began;
  if (signal === 'SIGKILL') return { printed: null, milliseconds };
  if (code !== 0) throw new Error(`${program} ended with ${code ?? signal}.\n${errors}`);
  return { printed: out.trim(), milliseconds };
}

/**
 * Lives of a program, each killed as it is told, each in the folder of the one before; where one came to its end all the same, the next begins in a new folder. The
 * last lives to its end. What those printed that came to their end, and how many were killed.
 */
export async function chain(program, argsOf, kills, node) {
  const ends = [];
  let killed = 0;
  let folder = 0;
  for (const kill of [...kills, {}]) {
    const { printed } = await life(program, argsOf(folder), kill, node);
    if (printed === null) {
      killed++;
      continue;
    }
    ends.push(printed);
    folder++;
  }
  return { ends, killed };
}

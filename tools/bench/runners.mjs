// Peers of the bench, each in a process of its own that trains when it is asked to and answers with milliseconds a step.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A runner in Node.js. */
export async function nodeRunner(file, args) {
  const child = fork(new URL(file, import.meta.url), args.map(String), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`${file} ended with code ${code}`)));
  failed.catch(() => undefined);
  const answer = async () => (await Promise.race([once(child, 'message'), failed]))[0];
  await answer();
  return { turn: () => (child.send('go'), answer()), end: () => child.kill() };
}

/** A script of the Python that the environment's PYTHON names, else python3; undefined where it lacks what the script imports. */
export async function pythonRunner(file, args) {
  const script = new URL(file, import.meta.url).pathname;
  const child = spawn(process.env.PYTHON ?? 'python3', [script, ...args.map(String)], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const started = await Promise.race([answer(), once(child, 'error').then(() => undefined)]);
  if (started === undefined) return undefined;
  return { version: started.ready, turn: () => (child.stdin.write('go\n'), answer()), end: () => child.kill() };
}

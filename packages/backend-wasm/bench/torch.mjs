import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

/** Runs a Python script that prints JSON with the first Python that has PyTorch; undefined where none has. `PYTHON` names another one. */
export async function torch(script) {
  for (const python of [process.env.PYTHON, 'python3'].filter(Boolean)) {
    try {
      const { stdout } = await promisify(execFile)(python, ['-c', script], { maxBuffer: 1024 * 1024 });
      return JSON.parse(stdout.trim().split('\n').at(-1));
    } catch (error) {
      if (!String(error.stderr).includes("No module named 'torch'")) throw error;
    }
  }
  return undefined;
}

let started;

/** A PyTorch that takes turns with what is measured here; undefined where no Python has it. */
export function torchTurns() {
  started ??= start();
  return started;
}

async function start() {
  const script = new URL('./torch_turns.py', import.meta.url).pathname;
  const child = spawn(process.env.PYTHON ?? 'python3', [script], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    return done ? undefined : JSON.parse(value);
  };
  const first = await answer();
  if (first === undefined) return undefined;
  return {
    version: first.version,
    /** One side of `alternate`: Python statements, the first once, the second in each call. */
    side: (setup, run, threads = 1) => ({
      turn: async (milliseconds) => {
        child.stdin.write(`${JSON.stringify({ threads, setup, run, milliseconds })}\n`);
        const time = await answer();
        if (time === undefined) throw new Error(`PyTorch cannot run: ${run}`);
        return time;
      },
    }),
    end: () => child.kill(),
  };
}

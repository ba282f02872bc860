import { execFile } from 'node:child_process';
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

import { execFile } from 'node:child_process';

/** Runs a command. Gives its exit status and its two outputs; never rejects. */
export function run(directory, command, args, { timeout = 300_000 } = {}) {
  return new Promise((resolve) => {
    // What npm gave to the script that we run in is not for the commands that we start.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_(lifecycle|package|command)/i.test(name)),
    );
    execFile(command, args, { cwd: directory, env, timeout, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resolve({
        ok: !error,
        stdout,
        stderr,
        text: `${stdout}${stderr}${error?.killed ? `\nIt did not end within ${timeout} ms.` : ''}`.trim(),
      });
    });
  });
}

// Runs one of the programs in a process of its own.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

/** What a program writes as its last line, as JSON, and all that it writes to stderr. Throws where it does not end well. */
export function ask(program, question, { node = process.execPath, env = {} } = {}) {
  const { GRADSTREAM_BACKEND: _, ...inherited } = process.env;
  const { stdout, stderr, status, signal, error } = spawnSync(node, [program, question], {
    encoding: 'utf8',
    env: { ...inherited, ...env },
  });
  if (error) throw error;
  assert.equal(status, 0, `${program} ${question} ended with ${signal ?? status}:\n${stderr}`);
  return { ...JSON.parse(stdout.trim().split('\n').at(-1)), stderr };
}

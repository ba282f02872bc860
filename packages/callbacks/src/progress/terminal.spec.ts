import { expect, it } from 'vitest';
import { defaultTerminal } from './terminal.js';

const silent = { log: () => undefined };

it('is the console where there is no process: one line a call', () => {
  const lines: string[] = [];
  const { write, interactive, columns } = defaultTerminal({ console: { log: (text) => lines.push(text) } });
  write('Epoch 1\n');
  expect([lines, interactive, columns()]).toEqual([['Epoch 1'], false, 80]);
});

it('is standard output in Node: live on a terminal, with its width of the moment', () => {
  const written: string[] = [];
  const stdout = { write: (text: string) => written.push(text), isTTY: true, columns: 100 };
  const terminal = defaultTerminal({ process: { stdout, env: {} }, console: silent });
  terminal.write('a\n');
  stdout.columns = 60;
  expect([written, terminal.interactive, terminal.columns()]).toEqual([['a\n'], true, 60]);
});

it.each([
  ['a file', { isTTY: false }, {}],
  ['a pipe', {}, {}],
  ['a terminal that cannot move its cursor', { isTTY: true }, { TERM: 'dumb' }],
])('is plain in %s', (_, parts, env) => {
  const terminal = defaultTerminal({ process: { stdout: { write: () => true, ...parts }, env }, console: silent });
  expect([terminal.interactive, terminal.columns()]).toEqual([false, 80]);
});

import { fork } from 'node:child_process';
import { join } from 'node:path';
import { bundleSource, cacheFolder } from './bundle-source.js';
import type { CheckedExample } from './check-examples.js';

/**
 * Runs examples one after another in one process, which is many times faster than a process each: what each printed where it failed,
 * undefined where all went well. One that fails ends the process, and those behind it get a new one. `limitOf` says how many milliseconds each may take.
 */
export async function runInOrder(
  root: string,
  examples: readonly CheckedExample[],
  limitOf: (example: CheckedExample) => number = () => 60_000,
): Promise<readonly (string | undefined)[]> {
  const cache = cacheFolder(root, 'example-runner');
  await bundleSource({ runner: join(root, 'test/example-runner.ts') }, cache);
  const results: (string | undefined)[] = [];
  while (results.length < examples.length) {
    const { module } = examples[results.length]!;
    if ('failure' in module) results.push(module.failure);
    else results.push(...(await runUntilOneFails(join(cache, 'runner.mjs'), examples.slice(results.length), limitOf)));
  }
  return results;
}

function runUntilOneFails(
  runner: string,
  examples: readonly CheckedExample[],
  limitOf: (example: CheckedExample) => number,
): Promise<readonly (string | undefined)[]> {
  const end = examples.findIndex(({ module }) => 'failure' in module);
  const runnable = end < 0 ? examples : examples.slice(0, end);
  const paths = runnable.flatMap(({ module }) => ('path' in module ? [module.path] : []));
  const child = fork(runner, paths, { silent: true, execArgv: ['--enable-source-maps'] });
  const results: undefined[] = [];
  let printed = '';
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  let timer: NodeJS.Timeout | undefined;
  const watch = (): void => {
    const limit = limitOf(runnable[results.length]!);
    timer = setTimeout(() => {
      printed += `\nIt did not end within ${limit} ms.\n`;
      child.kill('SIGKILL');
    }, limit);
  };
  watch();
  child.on('message', () => {
    results.push(undefined);
    printed = '';
    clearTimeout(timer);
    if (results.length < runnable.length) watch();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => {
      clearTimeout(timer);
      const failed = runnable[results.length];
      resolve(failed === undefined ? results : [...results, failed.told(printed)]);
    });
  });
}

// Prints what failed in a report of vitest's JSON reporter, each with the first lines of its message: `node tools/ci/failures.mjs REPORT`.
// Nothing where nothing failed, or where there is no report.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const LINES = 12;

const read = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { testResults: [] };
  }
};

const firstLines = (text) => text.split('\n').slice(0, LINES).join('\n');

for (const { name, status, message, assertionResults } of read(process.argv[2]).testResults) {
  const file = relative('.', name);
  const failed = assertionResults.filter((test) => test.status === 'failed');
  for (const { fullName, failureMessages } of failed)
    console.log(`\n${file} > ${fullName}\n${firstLines(failureMessages.join('\n'))}`);
  if (status === 'failed' && failed.length === 0) console.log(`\n${file}\n${firstLines(message)}`);
}

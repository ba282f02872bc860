#!/usr/bin/env node
// A file of its own, so that npm can link the command before the first build of a clone.
import { existsSync } from 'node:fs';

const program = new URL('../dist/bundled/node/cli.js', import.meta.url);
if (existsSync(program)) {
  await import(program.href);
} else {
  console.error('gradstream is not built yet. Run npm run build first.');
  process.exitCode = 1;
}

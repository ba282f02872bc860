// Oxlint with the module boundaries; `npm run lint` runs it. Arguments go to oxlint.
// The boundary rule reads the project graph that Nx keeps in .nx/, and skips itself where there is none. So the graph is made first,
// and a rule that was skipped all the same is a failure.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

Object.assign(process.env, { NX_DAEMON: 'false', NX_NO_CLOUD: 'true', NX_TUI: 'false' });
const require = createRequire(join(process.cwd(), 'package.json'));

await require('@nx/devkit').createProjectGraphAsync({ exitOnError: true });

const oxlint = join(dirname(require.resolve('oxlint/package.json')), 'bin/oxlint');
const options = [
  '--deny-warnings',
  '--report-unused-disable-directives',
  '--disable-nested-config',
  ...process.argv.slice(2),
];
const { status, stdout, stderr, error } = spawnSync(process.execPath, [oxlint, ...options], {
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (error) throw error;
process.stdout.write(stdout);
process.stderr.write(stderr);
const skipped = /rule will be skipped/i.test(stdout + stderr);
if (skipped) console.error('The module boundaries were not checked: Nx gave no project graph.');
process.exitCode = status === 0 && !skipped ? 0 : 1;

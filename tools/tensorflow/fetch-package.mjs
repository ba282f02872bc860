// Packages of npm in a scratch folder of their own, without their install scripts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Installs a package of a version in a folder, where it is not there already. Gives its folder, or the reason why npm has not fetched it. */
export function fetchPackage(into, name, version) {
  const folder = join(into, 'node_modules', name);
  if (existsSync(join(folder, 'package.json'))) return { folder };
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'package.json'), '{ "private": true }\n');
  const install = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', '--workspaces=false'];
  const { status, stderr, error } = spawnSync('npm', [...install, `${name}@${version}`], {
    cwd: into,
    encoding: 'utf8',
  });
  if (error) return { reason: `npm cannot be started: ${error.code}` };
  return status === 0 ? { folder } : { reason: `npm cannot fetch ${name}: ${stderr.split('\n')[0]}` };
}

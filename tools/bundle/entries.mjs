import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The files of dist/bundled that a package's manifest and its commands name, each with its source: `{ 'node/index': '…/src/node/index.ts' }`. */
export function entriesOf(folder) {
  if (!existsSync(join(folder, 'package.json'))) return {};
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const named = [JSON.stringify(exports ?? {}), ...commands(folder)].flatMap((text) =>
    [...text.matchAll(/dist\/bundled\/([^'"]+)\.js/g)].map(([, stem]) => stem),
  );
  return Object.fromEntries(named.map((stem) => [stem, join(folder, 'src', `${stem}.ts`)]));
}

/** A command is a small file in bin/ that imports what was built. */
function commands(folder) {
  const bin = join(folder, 'bin');
  return existsSync(bin) ? readdirSync(bin).map((file) => readFileSync(join(bin, file), 'utf8')) : [];
}

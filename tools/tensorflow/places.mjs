// Where the checks lie, and the Nodes that they run on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

/** The version of both packages. */
export const VERSION = '4.22.0';

/** A scratch folder, which is kept between runs. */
export const scratch = (name) => join(root, 'node_modules/.cache', name);

/** This Node, and the newer one of `npm run newer-node` where it is installed. */
export const nodes = [
  ...new Set([
    process.execPath,
    join(root, `tools/newer-node/node_modules/node-${process.platform}-${process.arch}/bin/node`),
  ]),
].filter(existsSync);

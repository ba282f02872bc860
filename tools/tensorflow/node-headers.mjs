// Where node_api.h lies.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fetchPackage } from './fetch-package.mjs';

/** The folder of Node's headers: beside this Node, or in the npm package node-api-headers, which is installed in a scratch folder. Throws where neither can be had. */
export function nodeHeaders(scratch) {
  const candidates = [
    process.env.npm_config_nodedir && join(process.env.npm_config_nodedir, 'include/node'),
    join(dirname(process.execPath), '../include/node'),
    '/usr/include/node',
  ];
  const found = candidates.find((folder) => folder && existsSync(join(folder, 'node_api.h')));
  if (found !== undefined) return found;
  const { folder, reason } = fetchPackage(scratch, 'node-api-headers', '1.9.0');
  if (reason !== undefined)
    throw new Error(
      `Node's headers are not there, and ${reason}. Set npm_config_nodedir to a folder with include/node.`,
    );
  return join(folder, 'include');
}

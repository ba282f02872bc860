// Where a bundle says that its modules lie: two folders below the pack, so that ../../ptx/ is the folder beside it.
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
export const __moduleUrl = pathToFileURL(join(process.env.GPU_CHECK_HOME, 'app/x/y.js')).href;

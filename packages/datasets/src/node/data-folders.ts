import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { env } from 'node:process';

/** The folder for downloads that may be deleted: `XDG_CACHE_HOME`, else `LOCALAPPDATA` (Windows), else `~/.cache`, and `gradstream` in it. */
export function cacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = env;
  // A relative XDG path is invalid and has to be ignored, says the XDG base directory specification.
  if (XDG_CACHE_HOME !== undefined && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'gradstream');
  if (LOCALAPPDATA !== undefined && isAbsolute(LOCALAPPDATA)) return join(LOCALAPPDATA, 'gradstream');
  return join(homedir(), '.cache', 'gradstream');
}

/** The folders where a dataset's files may lie already, the likeliest first, without the cache. A folder that was named is the only one. */
export function dataFolders(name: string, folder: string | undefined): string[] {
  const { GRADSTREAM_DATA } = env;
  if (folder !== undefined) return [resolve(folder), resolve(folder, name)];
  const folders: string[] = [];
  if (GRADSTREAM_DATA !== undefined && GRADSTREAM_DATA !== '')
    folders.push(resolve(GRADSTREAM_DATA, name), resolve(GRADSTREAM_DATA));
  folders.push(resolve('..', 'shared', 'data', name));
  return folders;
}

/** A test for paths: a RegExp, a path or the beginning of one, or everything. */
export function pathMatcher(pattern: string | RegExp | undefined): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  if (typeof pattern !== 'string')
    return (path) => new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, '')).test(path);
  return (path) => path === pattern || path.startsWith(`${pattern}/`);
}

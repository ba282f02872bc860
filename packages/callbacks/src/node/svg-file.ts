import { checkPath } from '../internal/check-path.js';
import { LineFile } from './line-file.js';

/** A place for SVG pictures: each replaces the one before in the file. Folders are made. Throws `GS_OPTION_VALUE` for what is no path. */
export function svgFile(path: string): (svg: string) => Promise<void> {
  const file = new LineFile(checkPath('callbacks/svgFile', path, 'svgFile("logs/loss.svg")'));
  return (svg) =>
    file.next(async () => {
      await file.makeFolder();
      await file.write(svg, 'w');
    });
}

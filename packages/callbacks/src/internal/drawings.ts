import { describeValue, GradstreamError, type TrainingCommand } from '@gradstream/core';

/** Where drawings go. */
export interface DrawingSinks {
  /** Takes the SVG picture; training waits for its promise. `svgFile(path)` of `@gradstream/callbacks/node` writes a file. */
  readonly svg?: (svg: string) => unknown;
  /** Takes the drawing in plain characters. */
  readonly stream?: (text: string) => unknown;
}

/** Throws `GS_OPTION_VALUE` for sinks that cannot be called. */
export function checkSinks(where: string, sinks: DrawingSinks): void {
  for (const name of ['svg', 'stream'] as const) {
    if (sinks[name] === undefined || typeof sinks[name] === 'function') continue;
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: `The option "${name}" has a value that cannot be used`,
      expected: 'a function that takes text',
      received: describeValue(sinks[name]),
      next: `Pass for example ${name}: (text) => console.log(text).`,
    });
  }
}

/** Hands drawings to the sinks that there are; the commands that make training wait for them. */
export function drawings(
  { svg, stream }: DrawingSinks,
  picture?: () => string,
  text?: () => string,
): TrainingCommand[] {
  if (stream !== undefined && text !== undefined) stream(text());
  const done = svg === undefined || picture === undefined ? undefined : svg(picture());
  return done instanceof Promise ? [{ type: 'hold', until: done }] : [];
}

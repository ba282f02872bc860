import { describeValue } from './describe-value.js';
import { GradstreamError, type ErrorCode } from './gradstream-error.js';
import { suggest } from './suggest.js';

/** How a name is looked up and reported. */
export interface LookupOptions {
  /** The code of the error when the name is unknown, for example `GS_ACTIVATION_UNKNOWN`. */
  readonly code: ErrorCode;
  readonly where: string;
  /** What is looked up, for the message: "activation", "loss". */
  readonly kind: string;
}

/**
 * Finds a value by name in a table: camelCase as in TypeScript (`leakyRelu`) or snake_case as in Keras (`leaky_relu`).
 *
 * Throws an error with the given code and the nearest name where there is none. Never reaches `Object.prototype`.
 */
export function lookup<T>(table: Readonly<Record<string, T>>, name: unknown, { code, where, kind }: LookupOptions): T {
  if (typeof name === 'string') {
    if (Object.hasOwn(table, name)) return table[name]!;
    const camel = name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
    if (Object.hasOwn(table, camel)) return table[camel]!;
  }
  const names = Object.keys(table);
  const near = typeof name === 'string' ? suggest(name, names) : undefined;
  throw new GradstreamError(code, {
    where,
    what: `There is no ${kind} of this name`,
    expected: `one of ${names.join(', ')}, or a function`,
    received: describeValue(name),
    next: near === undefined ? `Use one of these names, or pass the ${kind} itself.` : `Did you mean "${near}"?`,
  });
}

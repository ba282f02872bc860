import { checkFunction, describeValue, GradstreamError, type Config, type Json } from '@gradstream/core';

/** A function that a config can name. */
export type CustomFunction<F> = F & { readonly config: Config };

/** What stands in a config for a function of one's own. */
const TYPE = 'CustomFunction';

/**
 * Gives a function of one's own (an activation, an initializer, a lambda) a name under which a model's config keeps it: the config holds the name alone, and
 * whoever makes the model again passes the function: `modelFromConfig(config, { functions: { double } })`.
 */
export function customFunction<F extends (...given: never[]) => unknown>(name: string, f: F): CustomFunction<F> {
  const where = 'layers/customFunction';
  if (typeof name !== 'string' || name === '') {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: 'The name cannot be used',
      expected: 'some text',
      received: describeValue(name),
      next: 'Name the function.',
    });
  }
  checkFunction(where, 'f', f);
  // A function of its own: the same one may have two names.
  const named = ((...given: never[]) => f(...given)) as F;
  return Object.assign(named, { config: { type: TYPE, config: { name } } });
}

/** Options with the functions in place of their names. Throws `GS_LAYER_FUNCTION` for a name that is not among them. */
export function withFunctions(
  options: Readonly<Record<string, Json>>,
  functions: Readonly<Record<string, (...given: never[]) => unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([option, value]) => [option, resolved(value, functions)]));
}

function resolved(value: Json, functions: Readonly<Record<string, (...given: never[]) => unknown>>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { type, config } = value as { readonly type?: Json; readonly config?: { readonly name?: Json } };
  if (type !== TYPE) return value;
  const name = String(config?.name);
  if (Object.hasOwn(functions, name)) return customFunction(name, functions[name]!);
  throw new GradstreamError('GS_LAYER_FUNCTION', {
    where: 'layers/layerFromConfig',
    what: 'The config names a function that is not there',
    expected: Object.keys(functions).join(', ') || 'a function that is passed in',
    received: name,
    next: `Pass it: modelFromConfig(config, { functions: { ${name}: f } }).`,
  });
}

/** A package that may be missing: the package, or why it is not there and what to do. */
export type OptionalPackage<T> = { readonly found: T } | { readonly reason: string; readonly remedy: string };

/** The version of every TensorFlow.js package that this package works with. */
export const TFJS_VERSION = '4.22.0';

/** Loads an optional peer. A missing one is an answer, not an error; one that breaks while it loads is another. */
export async function optionalPackage<T>(name: string, load: () => Promise<T>): Promise<OptionalPackage<T>> {
  try {
    return { found: await load() };
  } catch (error) {
    return whyMissing(name, error);
  }
}

/** Why an optional peer could not be loaded: it is not there, or it breaks. */
export function whyMissing(
  name: string,
  error: unknown,
  install: string = `npm install ${name}@${TFJS_VERSION}`,
): { readonly reason: string; readonly remedy: string } {
  const { code, message = String(error) } = Object(error) as { code?: unknown; message?: string };
  const missing =
    message.includes(name) &&
    (code === 'ERR_MODULE_NOT_FOUND' ||
      code === 'MODULE_NOT_FOUND' ||
      /resolve|failed to (fetch|load)|optional.peer/i.test(message));
  return missing
    ? { reason: `The package ${name} is not installed`, remedy: `Run: ${install}` }
    : { reason: `The package ${name} cannot be loaded: ${message}`, remedy: `Install it afresh: ${install}` };
}

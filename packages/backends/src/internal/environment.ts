/** The environment variable that names a backend. */
export const BACKEND_VARIABLE = 'GRADSTREAM_BACKEND';

/** The backend that the environment names; undefined where there is no environment, as in a browser, or it names none. */
export function environmentBackend(): string | undefined {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } };
  return process?.env?.[BACKEND_VARIABLE]?.trim() || undefined;
}

import { useBackend, type BackendChoice, type BackendPlugin, type UseBackendOptions } from '@gradstream/backends';

/** `useBackend` of @gradstream/backends, with other plugins where the options name none. */
export function chooseAmong(
  plugins: readonly BackendPlugin[],
  choice: string | UseBackendOptions,
): Promise<BackendChoice> {
  return useBackend({ plugins, ...(typeof choice === 'string' ? { backend: choice } : choice) });
}

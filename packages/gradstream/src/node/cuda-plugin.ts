import type { BackendPlugin } from '@gradstream/backends';

/** What of `@gradstream/backend-cuda` is used here: the package is an optional peer, which may not be there when types are checked. */
interface CudaPackage {
  cudaBackend(): BackendPlugin;
}

const NAME = '@gradstream/backend-cuda';
const INSTALL = `npm install ${NAME}`;

/**
 * The CUDA backend of `@gradstream/backend-cuda`, an optional peer that is loaded when the plugin is probed or started: importing gradstream loads nothing of it.
 */
export function cudaPlugin(load: () => Promise<CudaPackage> = loadCuda): BackendPlugin {
  let plugin: BackendPlugin | undefined;
  const loaded = async (): Promise<BackendPlugin> => (plugin ??= (await load()).cudaBackend());
  return {
    name: 'cuda',
    probe: async () => {
      try {
        await loaded();
      } catch (error) {
        return { available: false, ...whyNot(error) };
      }
      return plugin!.probe();
    },
    start: async () => (await loaded()).start(),
    fallbacks: () => plugin?.fallbacks?.() ?? { kernels: [], calls: {} },
    examine: async () => (await plugin?.examine?.()) ?? '',
  };
}

async function loadCuda(): Promise<CudaPackage> {
  // In a try block: bundlers leave an import that may fail alone where the package is not installed.
  try {
    return await import('@gradstream/backend-cuda');
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}

/** A package that is not there is an answer like any other; one that breaks while it loads is said to, with koffi, its one native part, in mind. */
function whyNot(error: unknown): { readonly reason: string; readonly remedy: string } {
  const { code, message = String(error) } = Object(error) as { code?: unknown; message?: string };
  const isMissing = /MODULE_NOT_FOUND/.test(String(code)) || /resolve|failed to (fetch|load)/i.test(message);
  if (isMissing && message.includes(NAME))
    return { reason: `The package ${NAME} is not installed`, remedy: `On a machine with an NVIDIA GPU: ${INSTALL}` };
  return {
    reason: `The package ${NAME} cannot be loaded: ${message.split('\n')[0]}`,
    remedy: `Install it afresh, with its optional dependencies: ${INSTALL}`,
  };
}

// A program of the checks with all of gradstream's source, as one file that finds TensorFlow's packages where it lies.
import { join } from 'node:path';
import { build } from 'esbuild';

/** Bundles a program of this folder to a file. */
export async function bundleProgram(name, outfile) {
  await build({
    entryPoints: [join(import.meta.dirname, name)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    conditions: ['@gradstream/source'],
    external: ['@tensorflow/*', '@gradstream/backend-cuda', 'webgpu', 'koffi'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'error',
  });
}

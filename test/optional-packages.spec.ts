import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

// Optional peers that are not installed in this workspace: a program for Node.js is bundled without them, and hears of it when it asks for the backend.
it('a bundle needs none of the packages that are not installed', async () => {
  const { errors, warnings, outputFiles } = await build({
    stdin: { contents: "export { useBackend } from 'gradstream';", resolveDir: join(import.meta.dirname, '..') },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    conditions: ['@gradstream/source'],
    // The tests make the binaries that this Node.js runs, not all.
    external: ['koffi', '#binaries/*'],
    logLevel: 'silent',
  });
  expect([errors, warnings]).toEqual([[], []]);
  for (const name of ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node', 'webgpu'])
    expect(outputFiles[0]!.text).toContain(`import("${name}")`);
});

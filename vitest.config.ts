import { defineConfig } from 'vitest/config';

/** Tests read the packages' source: the condition below is the one in each package's `exports`. */
const conditions = ['@gradstream/source', 'node', 'import', 'default'];

/** Node 20 knows relaxed SIMD behind a flag that later ones do not have any more. */
const relaxedFlag = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : [];

/** Where specs are, by how their names end. */
const specs = (ending: string): string[] =>
  ['packages/*/src', 'tools', 'test', 'examples'].map((folder) => `${folder}/**/*${ending}`);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
  test: {
    globalSetup: ['packages/backend-wasm/scripts/vitest-setup.mjs'],
    environment: 'node',
    pool: 'forks',
    // All processors, where vitest would leave one idle.
    maxWorkers: '100%',
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default'],
    // tfjs-backend-cpu advertises tfjs-node wherever it starts.
    onConsoleLog: (log) => !log.includes('you are running TensorFlow.js in Node.js'),
    projects: [
      {
        // Loading the modules takes longer than most tests do: files share a process and its modules, and each finds its world fresh.
        extends: true,
        test: {
          name: 'together',
          include: specs('.spec.ts'),
          exclude: [...specs('.alone.spec.ts'), ...specs('.long.spec.ts')],
          isolate: false,
          setupFiles: ['test/fresh-world.ts', 'test/seeded-random.ts'],
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: specs('.alone.spec.ts'), setupFiles: ['test/seeded-random.ts'] },
      },
      // `npm test` leaves these to `npm run test:long`.
      { extends: true, test: { name: 'long', include: specs('.long.spec.ts'), setupFiles: ['test/seeded-random.ts'] } },
      // So is what the relaxed binaries compute, which a newer Node runs with the other binaries.
      {
        extends: true,
        test: {
          name: 'relaxed',
          include: [
            'packages/backend-wasm/src/**/*.spec.ts',
            'test/training-kernels.spec.ts',
            'test/backends-agree.spec.ts',
          ],
          exclude: ['**/*.alone.spec.ts', '**/*.long.spec.ts'],
          isolate: false,
          setupFiles: ['test/fresh-world.ts', 'test/seeded-random.ts'],
          execArgv: relaxedFlag,
        },
      },
    ],
  },
});

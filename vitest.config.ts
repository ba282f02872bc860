import { defineConfig } from 'vitest/config';

/** Tests read the packages' source: the condition below is the one in each package's `exports`. */
const conditions = ['@gradstream/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: ['node', 'import', 'default'] } },
  test: {
    include: ['packages/*/src/**/*.spec.ts', 'tools/**/*.spec.ts', 'test/**/*.spec.ts', 'examples/**/*.spec.ts'],
    globalSetup: ['packages/backend-wasm/scripts/vitest-setup.mjs'],
    environment: 'node',
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    reporters: ['default'],
    // tfjs-backend-cpu advertises tfjs-node wherever it starts.
    onConsoleLog: (log) => !log.includes('you are running TensorFlow.js in Node.js'),
  },
});

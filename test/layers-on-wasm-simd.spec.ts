import { registerGradients } from '@gradstream/autodiff';
import { useBackend } from 'gradstream';
import type { WasmSimdBackend } from '@gradstream/backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCase, type LayerCase } from '../packages/layers/fixtures/layer-case.js';

const folder = new URL('../packages/layers/fixtures/', import.meta.url);
const files = readdirSync(folder).filter((file) => /^keras-.*\.json$/.test(file));
/** Families whose layers run on kernels of the backend alone. */
const OWN_KERNELS = /^keras-.*(conv|pooling)/;

beforeAll(async () => {
  expect((await useBackend('wasm-simd')).name).toBe('wasm-simd');
  registerGradients();
});

describe.each(files)('on wasm-simd, numbers of Keras: %s', (file) => {
  const { cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { readonly cases: readonly LayerCase[] };
  it.each(cases.map((layerCase) => [`${layerCase.type} ${JSON.stringify(layerCase.options)}`, layerCase] as const))(
    '%s',
    (_, layerCase) => {
      const backend = tf.backend() as unknown as WasmSimdBackend;
      backend.resetFallbacks();
      checkCase(layerCase);
      if (OWN_KERNELS.test(file)) expect(backend.fallbacks()).toEqual({});
    },
  );
});

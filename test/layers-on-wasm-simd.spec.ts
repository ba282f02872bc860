import { registerGradients } from '@gradstream/autodiff';
import type { WasmSimdBackend } from '@gradstream/backend-wasm';
import { useBackend } from 'gradstream';
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { checkCase, type LayerCase } from '../packages/layers/fixtures/layer-case.js';

const folder = new URL('../packages/layers/fixtures/', import.meta.url);
const files = readdirSync(folder).filter((file) => /^keras-.*\.json$/.test(file));
/** Families whose layers run on kernels of the backend alone. */
const OWN_KERNELS = files.filter((file) => /^keras-.*(conv|pooling)/.test(file));

describe.each([
  ['wasm-simd', files],
  ['wasm', OWN_KERNELS],
])('on %s', (backend, tested) => {
  beforeAll(async () => {
    expect((await useBackend(backend)).name).toBe(backend);
    registerGradients();
  });

  describe.each(tested)('numbers of Keras: %s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    const { cases } = JSON.parse(text) as { readonly cases: readonly LayerCase[] };
    it.each(cases.map((layerCase) => [`${layerCase.type} ${JSON.stringify(layerCase.options)}`, layerCase] as const))(
      '%s',
      (_, layerCase) => {
        if (backend !== 'wasm-simd' || !OWN_KERNELS.includes(file)) return checkCase(layerCase);
        const own = tf.backend() as unknown as WasmSimdBackend;
        own.resetFallbacks();
        checkCase(layerCase);
        expect(own.fallbacks()).toEqual({});
      },
    );
  });
});

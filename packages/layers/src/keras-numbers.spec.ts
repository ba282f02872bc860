import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, it } from 'vitest';
import { registerGradients } from '@gradstream/autodiff';
import * as tf from '@tensorflow/tfjs-core';
import { readdirSync, readFileSync } from 'node:fs';
import { checkCase, type LayerCase } from '../fixtures/layer-case.js';

const folder = new URL('../fixtures/', import.meta.url);
const files = readdirSync(folder).filter((file) => /^keras-.*\.json$/.test(file));

beforeAll(async () => {
  await tf.setBackend('cpu');
  registerGradients();
});

describe.each(files)('numbers of Keras: %s', (file) => {
  const { cases } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { readonly cases: readonly LayerCase[] };
  it.each(cases.map((layerCase) => [`${layerCase.type} ${JSON.stringify(layerCase.options)}`, layerCase] as const))(
    '%s',
    (_, layerCase) => {
      checkCase(layerCase);
    },
  );
});

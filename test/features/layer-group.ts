import * as layers from '@gradstream/layers';
import { readdirSync, readFileSync } from 'node:fs';
import names from '../../packages/layers/fixtures/layer-names.json' with { type: 'json' };
import { checkCase, type LayerCase } from '../../packages/layers/fixtures/layer-case.js';
import type { LayerProof } from '../../packages/layers/fixtures/layer-proof.js';
import { checkRandomLayer, randomLayers } from '../../packages/layers/fixtures/random-layers.js';
import type { Group } from './group.js';
import { proofsOf, STATISTICS, type NamedCheck } from './proof.js';

const folder = new URL('../../packages/layers/fixtures/', import.meta.url);
const files = readdirSync(folder).toSorted();

/** The cases of all families, with their files. */
export const layerCases: readonly { readonly from: string; readonly layerCase: LayerCase }[] = files
  .filter((file) => /^keras-.*\.json$/.test(file))
  .flatMap((from) => {
    const { cases } = JSON.parse(readFileSync(new URL(from, folder), 'utf8')) as { readonly cases: LayerCase[] };
    return cases.map((layerCase) => ({ from, layerCase }));
  });

/** Those of the modules that have cases in a format of their own. */
async function ownProofs(): Promise<LayerProof[]> {
  const modules = await Promise.all(
    files
      .filter((file) => file.endsWith('.ts'))
      .map(async (file) => (await import(new URL(file, folder).href)) as { readonly layerProofs?: LayerProof[] }),
  );
  return modules.flatMap(({ layerProofs = [] }) => layerProofs);
}

const hasGradients = ({ inputGradients = [], weightGradients = {} }: Partial<LayerCase>): boolean =>
  inputGradients.length + Object.keys(weightGradients).length > 0;

/** The layers. */
export async function layerGroup(): Promise<Group> {
  const checks: NamedCheck[] = [
    ...layerCases.map(({ from, layerCase }) => ({
      name: layerCase.type,
      from,
      gradients: hasGradients(layerCase),
      run: (gradients: boolean) => checkCase(layerCase, { gradients }),
    })),
    ...(await ownProofs()).map(({ type, from, gradients, run }) => ({ name: type, from, gradients, run })),
    ...randomLayers.map((one) => ({
      name: one.layer.type,
      from: STATISTICS,
      gradients: one.gradients !== false,
      run: (gradients: boolean) => checkRandomLayer(one, gradients),
    })),
  ];
  return {
    key: 'layers',
    title: 'Layers',
    from: '@gradstream/layers',
    exports: layers,
    tools: [
      ...[
        'adaptDiscretization',
        'adaptIntegerLookup',
        'adaptNormalization',
        'apply',
        'applyAll',
        'cloneModel',
        'customFunction',
        'fromKerasJson',
        'layerFromConfig',
        'model',
      ],
      ...['foreignPart', 'modelFromConfig', 'passMask', 'sequential', 'submodel', 'summary', 'toKerasJson'],
    ],
    keras: names.layers,
    proofs: proofsOf(checks),
  };
}

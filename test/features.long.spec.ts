import { beforeAll, describe, expect, it } from 'vitest';
import names from '../packages/layers/fixtures/layer-names.json' with { type: 'json' };
import { randomLayers } from '../packages/layers/fixtures/random-layers.js';
import { COUNTED, countsOf } from './features/counts.js';
import { featuresDocument } from './features/document.js';
import { drawsNumbers } from './features/draws-numbers.js';
import type { Group } from './features/group.js';
import { layerCases, layerGroup } from './features/layer-group.js';
import { lossGroup, metricGroup } from './features/objective-groups.js';
import { optimizerGroup, scheduleGroup } from './features/optimizer-groups.js';
import { BACKENDS, resultsOf, type Results } from './features/results.js';
import { isMissing, needlessEntries, rowsOf } from './features/rows.js';
import { activationGroup, constraintGroup, initializerGroup, regularizerGroup } from './features/weight-groups.js';

/** The share of Keras' names that is demanded. */
const SHARE = 0.95;
/** How many names may be neither here nor left out with a reason. */
const MISSING = 0;

let groups: readonly Group[];
let results: Results;

beforeAll(async () => {
  groups = [
    await layerGroup(),
    activationGroup(),
    initializerGroup(),
    regularizerGroup(),
    constraintGroup(),
    lossGroup(),
    metricGroup(),
    optimizerGroup(),
    scheduleGroup(),
  ];
  results = await resultsOf(groups);
}, 240_000);

describe('the building blocks', () => {
  it('each have numbers to be compared with, or a statistical test', () => {
    const without = groups.flatMap((group) =>
      rowsOf(group).filter(({ here, proofs }) => here.length > 0 && proofs.length === 0),
    );
    expect(without.flatMap(({ here }) => here)).toEqual([]);
  });

  it('have the right numbers and gradients on every backend', () => {
    const wrong = [...results].flatMap(([{ name, from }, onBackends]) =>
      BACKENDS.flatMap((backend) => {
        const { problem } = onBackends[backend];
        return problem === undefined ? [] : [`${name}, ${from}, on ${backend}: ${problem}`];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('have a statistical test where they draw random numbers', () => {
    const tested = new Set(randomLayers.map(({ layer }) => layer.type));
    const types = [...new Set(layerCases.map(({ layerCase }) => layerCase.type))];
    const random = types.filter((type) =>
      layerCases.filter(({ layerCase }) => layerCase.type === type).every(({ layerCase }) => drawsNumbers(layerCase)),
    );
    expect(random.filter((type) => !tested.has(type))).toEqual([]);
  });

  it('are what the numbers belong to', () => {
    const used = new Set(groups.flatMap((group) => rowsOf(group).flatMap(({ proofs }) => proofs)));
    expect([...results.keys()].filter((proof) => !used.has(proof)).map(({ name }) => name)).toEqual([]);
  });
});

describe("Keras' names", () => {
  it('are here to the demanded share', () => {
    const { here, names: all, interfaces } = countsOf(groups.filter(({ key }) => COUNTED.includes(key)));
    expect(here / (all - interfaces)).toBeGreaterThanOrEqual(SHARE);
  });

  it('are here, or have a reason', () => {
    const missing = groups.flatMap((group) => rowsOf(group).filter(isMissing));
    expect(missing.length, missing.flatMap((row) => row.names).join()).toBeLessThanOrEqual(MISSING);
  });

  it('have no entry in a table of names that is not needed', () => {
    expect(needlessEntries(groups)).toEqual([]);
  });
});

it('FEATURES.md says so: `npm run features` writes it', async () => {
  await expect(featuresDocument(groups, results, names.keras)).toMatchFileSnapshot('../FEATURES.md');
});

import * as losses from '@gradstream/objectives/losses';
import * as metrics from '@gradstream/objectives/metrics';
import { batchCases, checkBatches } from '../../packages/objectives/fixtures/batch-case.js';
import { checkLoss, lossFamilies } from '../../packages/objectives/fixtures/loss-case.js';
import lossNames from '../../packages/objectives/fixtures/loss-names.json' with { type: 'json' };
import { metricFamilies, replay } from '../../packages/objectives/fixtures/metric-case.js';
import metricNames from '../../packages/objectives/fixtures/metric-names.json' with { type: 'json' };
import type { Group } from './group.js';
import { forward, proofsOf } from './proof.js';

/** The losses. */
export const lossGroup = (): Group => ({
  key: 'losses',
  title: 'Losses',
  from: '@gradstream/objectives/losses',
  exports: losses,
  tools: ['computeLoss', 'loss', 'lossFromConfig', 'reduceLoss'],
  keras: lossNames,
  proofs: proofsOf(
    Object.entries(lossFamilies).flatMap(([family, cases]) =>
      cases.map((one) => ({
        name: one.type,
        from: `loss-${family}.json`,
        gradients: one.gradient !== null,
        run: (gradients: boolean) => checkLoss(one, gradients),
      })),
    ),
  ),
});

/** The metrics. Functions that Keras also has as losses belong to the losses. */
export function metricGroup(): Group {
  const classes = Object.keys(metricNames.classes);
  const words = classes.map((name) => name.toLowerCase());
  const own = metricNames.functions.filter(
    (name) => words.includes(name.replaceAll('_', '')) || !lossNames.exports.includes(name),
  );
  return {
    key: 'metrics',
    title: 'Metrics',
    from: '@gradstream/objectives/metrics',
    exports: metrics,
    tools: ['metric'],
    keras: { exports: [...classes, ...own] },
    proofs: proofsOf([
      ...Object.entries(metricFamilies).flatMap(([family, { data, cases }]) =>
        cases.map((one) => forward(one.type, `metric-${family}.json`, () => replay(one, data[one.data]!, 'float32'))),
      ),
      ...batchCases
        .filter(({ metric }) => metric === 'rootMeanSquared')
        .map((one) => forward('meanMetric', 'metrics.json', () => checkBatches(one, 'float32'))),
    ]),
  };
}

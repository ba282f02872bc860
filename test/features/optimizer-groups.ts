import * as optimizers from '@gradstream/optimizers';
import * as schedules from '@gradstream/optimizers/schedules';
import names from '../../packages/optimizers/fixtures/keras-names.json' with { type: 'json' };
import {
  checkGroups,
  checkLookahead,
  checkLossScale,
  checkOptimizer,
  lookaheadCases,
  lossScaleCases,
  optimizerCases,
} from '../../packages/optimizers/fixtures/optimizer-cases.js';
import { partCases } from '../../packages/optimizers/fixtures/part-cases.js';
import { checkJoined, checkOneCycle, checkSchedule } from '../../packages/optimizers/fixtures/schedule-cases.js';
import golden from '../../packages/optimizers/fixtures/schedules.json' with { type: 'json' };
import type { Group } from './group.js';
import { forward, proofsOf } from './proof.js';

/** The optimizers, and the parts that they are made of. */
export const optimizerGroup = (): Group => ({
  key: 'optimizers',
  title: 'Optimizers',
  from: '@gradstream/optimizers',
  exports: optimizers,
  tools: [
    ...['chain', 'disposeState', 'eachTensor', 'emaWeights', 'learningRateOf', 'optimizer', 'scaledLoss', 'stateFrom'],
    ...['stateTensors', 'withLearningRate'],
  ],
  keras: { exports: names.optimizers },
  proofs: proofsOf([
    ...optimizerCases.map((one) => forward(one.one.type, one.from, () => checkOptimizer(one))),
    ...lossScaleCases.map((one) => forward('lossScale', 'wrappers.json', () => checkLossScale(one))),
    ...lookaheadCases.map((one) => forward('lookahead', 'wrappers.json', () => checkLookahead(one))),
    forward('byPattern', 'wrappers.json', checkGroups),
    ...partCases.flatMap(({ parts, from, run }) => parts.map((name) => forward(name, from, run))),
  ]),
});

/** The learning rates. */
export const scheduleGroup = (): Group => ({
  key: 'schedules',
  title: 'Learning-rate schedules',
  from: '@gradstream/optimizers/schedules',
  exports: schedules,
  tools: ['schedule'],
  keras: { exports: names.schedules },
  proofs: proofsOf([
    ...golden.schedules.map((one) => forward(one.type, 'schedules.json', () => checkSchedule(one))),
    ...golden.oneCycle.map((one) => forward('oneCycle', 'schedules.json', () => checkOneCycle(one))),
    ...['constant', 'joinSchedules', 'warmUp'].map((name) => forward(name, 'schedules.json', checkJoined)),
  ]),
});

import { checkOptions, describeValue, GradstreamError } from '@gradstream/core';
import type { CustomStep } from '../custom-step.js';

/** Checks a step of one's own. Throws `GS_TRAIN_CUSTOM` for what is none, and where options of the usual step are given beside it. */
export function checkCustomStep(where: string, options: object, usual: readonly string[]): CustomStep {
  const { customStep, ...others } = options as { customStep: CustomStep } & Readonly<Record<string, unknown>>;
  const beside = usual.find((name) => others[name] !== undefined);
  if (beside !== undefined)
    throw refused(where, 'a customStep alone, which says itself what is minimized and logged', `"${beside}" beside it`);
  checkOptions(`${where} customStep`, customStep, ['logs', 'train', 'test', 'others']);
  const { logs, train, test, others: models = [] } = customStep;
  const isNames =
    Array.isArray(logs) && logs.length > 0 && logs.every((name) => typeof name === 'string' && name !== '');
  if (!isNames || new Set(logs).size < logs.length || logs.some((name) => name.startsWith('val_')))
    throw refused(where, 'logs: different names of its numbers, none beginning with val_', describeValue(logs));
  if (typeof train !== 'function') throw refused(where, 'a function train', describeValue(train));
  if (test !== undefined && typeof test !== 'function') throw refused(where, 'a function test', describeValue(test));
  const isList =
    Array.isArray(models) &&
    models.every((one) => typeof one?.model?.run === 'function' && one.optimizer !== undefined);
  if (!isList) throw refused(where, 'others: a list of { model, optimizer }', describeValue(models));
  return customStep;
}

function refused(where: string, expected: string, received: string): GradstreamError {
  return new GradstreamError('GS_TRAIN_CUSTOM', {
    where,
    what: 'The customStep cannot be used',
    expected,
    received,
    next: 'Give customStep: { logs: ["loss"], train: (batch, tools) => ({ loss: tools.minimize(...) }) }.',
  });
}

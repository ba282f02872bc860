import { describeValue, GradstreamError } from '@gradstream/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { GradientTransformation, OptimizerState, Tensors } from './gradient-transformation.js';
import { checkPart } from './internal/check-part.js';
import { stepOf } from './internal/inner-step.js';
import { scaledTransformation, settle } from './internal/scaled-transformation.js';
import { entryOf } from './internal/state-access.js';

/**
 * Gives each weight to one of several transformations, by a label: each sees its own weights alone, with their gradients. The state is that of each part under
 * its label; a part without weights has none.
 *
 * Throws `GS_OPTIMIZER_PART` for a bad part, `GS_OPTIMIZER_GROUPS` for a label that no part has, and where a part scales the loss: that goes outside.
 * Source: the combinator of the same name in Optax.
 */
export function partition(
  labelOf: (path: string, weight: Tensor) => string,
  parts: Readonly<Record<string, GradientTransformation>>,
): GradientTransformation {
  const where = 'optimizers/partition';
  for (const [label, part] of Object.entries(parts)) {
    checkPart(where, part, `The part "${label}"`);
    if (part.lossScale !== undefined) throw scalesLoss(where, label);
  }

  const groupsOf = (params: Tensors): [string, Tensors][] => {
    const groups = new Map<string, Record<string, Tensor>>(Object.keys(parts).map((label) => [label, {}]));
    for (const [path, weight] of Object.entries(params)) {
      const label = labelOf(path, weight);
      const group = groups.get(label);
      if (group === undefined) throw unknownLabel(where, path, label, Object.keys(parts));
      group[path] = weight;
    }
    return [...groups].filter(([, group]) => Object.keys(group).length > 0);
  };

  return scaledTransformation(
    where,
    (params) => Object.fromEntries(groupsOf(params).map(([label, group]) => [label, parts[label]!.init(group)])),
    (scaled, state, params) => {
      const updates: Record<string, Tensor> = {};
      const next: Record<string, OptimizerState> = {};
      for (const [label, group] of groupsOf(params)) {
        const own = Object.fromEntries(Object.keys(group).map((path) => [path, scaled.tensors[path]!]));
        const gradients = { ...scaled, tensors: own };
        const result = stepOf(parts[label]!, gradients, entryOf(state, label) ?? {}, group);
        Object.assign(updates, settle(result.updates));
        next[label] = result.state;
      }
      const inOrder = Object.fromEntries(Object.keys(params).map((path) => [path, updates[path]!]));
      return { updates: { tensors: inOrder }, state: next };
    },
  );
}

function unknownLabel(where: string, path: string, label: unknown, labels: readonly string[]): GradstreamError {
  return new GradstreamError('GS_OPTIMIZER_GROUPS', {
    where,
    what: `The weight "${path}" has a label that no part has`,
    expected: `one of ${labels.join(', ')}`,
    received: describeValue(label),
    next: 'Add a part of this label, or give the weight one of these.',
  });
}

function scalesLoss(where: string, label: string): GradstreamError {
  return new GradstreamError('GS_OPTIMIZER_GROUPS', {
    where,
    what: `The part "${label}" scales the loss, which all weights share`,
    expected: 'parts without lossScale or lossScaleFactor',
    received: 'a part with one',
    next: 'Put lossScale() around the whole, or unscaleLoss() before it.',
  });
}

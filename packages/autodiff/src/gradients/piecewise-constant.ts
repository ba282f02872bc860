import * as tf from '@tensorflow/tfjs-core';
import { withoutSlope, type GradientTable } from './gradient-table.js';

/**
 * Kernels that are constant but for jumps: rounding, signs, comparisons, logic, positions, drawn samples.
 *
 * Their gradient is zero. It has to be registered all the same, since a mask made from an activation lies on a path to the weights.
 */
export const piecewiseConstantGradients: GradientTable = [
  ...[tf.Ceil, tf.Floor, tf.Round, tf.Sign, tf.Step].map((name) => withoutSlope(name, 'x')),
  ...[tf.IsFinite, tf.IsInf, tf.IsNan, tf.LogicalNot].map((name) => withoutSlope(name, 'x')),
  ...[tf.All, tf.Any, tf.ArgMax, tf.ArgMin, tf.OnesLike, tf.ZerosLike].map((name) => withoutSlope(name, 'x')),
  ...[tf.Equal, tf.NotEqual, tf.Greater, tf.GreaterEqual, tf.Less, tf.LessEqual].map((name) =>
    withoutSlope(name, 'a', 'b'),
  ),
  ...[tf.LogicalAnd, tf.LogicalOr, tf.FloorDiv].map((name) => withoutSlope(name, 'a', 'b')),
  withoutSlope(tf.OneHot, 'indices'),
  withoutSlope(tf.BitwiseAnd, 'a', 'b'),
  withoutSlope(tf.SearchSorted, 'sortedSequence', 'values'),
  withoutSlope(tf.Multinomial, 'logits'),
  ...[tf.NonMaxSuppressionV3, tf.NonMaxSuppressionV4].map((name) => withoutSlope(name, 'boxes', 'scores')),
];

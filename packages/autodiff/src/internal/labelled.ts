import * as tf from '@tensorflow/tfjs-core';
import { alias } from './alias.js';

/** A tensor and a letter for each of its dimensions. */
export interface Labelled {
  readonly tensor: tf.Tensor;
  readonly labels: string;
}

/** The sum over all labels that are not wanted, the others in the wanted order, always a tensor of its own. */
export function reduceTo(x: Labelled, wanted: string): tf.Tensor {
  const away = [...x.labels].filter((label) => !wanted.includes(label));
  const reduced = arrange(sumAway(x, away), wanted);
  return reduced === x.tensor ? alias(reduced) : reduced;
}

/** Repeats a tensor along labels that it lacks. */
export function spreadTo({ tensor, labels }: Labelled, wanted: string, shape: readonly number[]): tf.Tensor {
  const kept = [...wanted].filter((label) => labels.includes(label)).join('');
  const moved = arrange({ tensor, labels }, kept);
  if (kept === wanted) return moved;
  const thin = [...wanted].map((label, index) => (labels.includes(label) ? shape[index]! : 1));
  return tf.mul(alias(moved, thin), tf.ones([...shape]));
}

/** The sum over some labels. */
export function sumAway({ tensor, labels }: Labelled, away: readonly string[]): Labelled {
  if (away.length === 0) return { tensor, labels };
  const axes = away.map((label) => labels.indexOf(label));
  return { tensor: tf.sum(tensor, axes), labels: without(labels, away) };
}

/** The tensor with its dimensions in the wanted order. */
export function arrange({ tensor, labels }: Labelled, wanted: string): tf.Tensor {
  if (labels === wanted) return tensor;
  return tf.transpose(
    tensor,
    [...wanted].map((label) => labels.indexOf(label)),
  );
}

/** The sizes of labels, each from a tensor that has it. */
export function sizesOf(tensors: readonly Labelled[], labels: string): number[] {
  return [...labels].map((label) => {
    const { tensor, labels: own } = tensors.find((candidate) => candidate.labels.includes(label))!;
    return tensor.shape[own.indexOf(label)]!;
  });
}

/** Labels but for some. */
export const without = (labels: string, away: readonly string[]): string =>
  [...labels].filter((label) => !away.includes(label)).join('');

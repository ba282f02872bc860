import { expect, it } from 'vitest';
import { metricDirection } from './metric-direction.js';

it.each([
  ['loss', 'min'],
  ['val_loss', 'min'],
  ['val_acc', 'max'],
  ['accuracy', 'max'],
  ['val_sparseCategoricalAccuracy', 'max'],
  ['binary_accuracy_1', 'max'],
  ['main_accuracy_loss', 'min'],
  ['loss_head_auc', 'max'],
  ['prAUC', 'max'],
  ['meanIoU', 'max'],
  ['mean_io_u_iou', 'max'],
  ['f1Score', 'max'],
  ['f1_score', 'max'],
  ['r2Score', 'max'],
  ['cosineSimilarity', 'max'],
  ['recall', 'max'],
  ['precision', 'max'],
  ['meanSquaredError', 'min'],
  ['mae', 'min'],
  ['rmse', 'min'],
  ['binary_crossentropy', 'min'],
  ['perplexity', 'min'],
  ['quality', undefined],
  ['vaccination', undefined],
  ['', undefined],
])('of %s is %s', (name, direction) => {
  expect(metricDirection(name)).toBe(direction);
});

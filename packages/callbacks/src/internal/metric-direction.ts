/** Words in a metric's name that say which way is better. */
const BETTER_WHEN_HIGHER = new Set(
  'acc accuracy auc precision recall f1 f1score fbeta r2 r2score iou dice cosine sensitivity specificity similarity psnr ssim bleu'.split(
    ' ',
  ),
);
const BETTER_WHEN_LOWER = new Set(
  'loss error mse mae mape msle rmse mape entropy crossentropy perplexity divergence kld poisson hinge logcosh huber distance penalty'.split(
    ' ',
  ),
);

/**
 * Whether a metric is to be high or low, by the words of its name in snake or camel case: the last one that says so counts, so `acc_loss` is
 * low and `val_categoricalAccuracy` is high. Undefined where no word does.
 */
export function metricDirection(name: string): 'min' | 'max' | undefined {
  const words = name
    .replaceAll(/IoU/g, 'Iou')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  for (const word of words.toReversed()) {
    if (BETTER_WHEN_HIGHER.has(word)) return 'max';
    if (BETTER_WHEN_LOWER.has(word)) return 'min';
  }
  return undefined;
}

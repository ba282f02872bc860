import { GradstreamError, suggest } from '@gradstream/core';

/** Throws `GS_CALLBACK_MONITOR` where training will never give the monitored key. */
export function checkMonitor(where: string, monitor: string, metricNames: readonly string[]): void {
  if (metricNames.includes(monitor)) return;
  const near = suggest(monitor, metricNames);
  const noValidation = monitor.startsWith('val_') && !metricNames.some((name) => name.startsWith('val_'));
  const next = noValidation
    ? `Give fit validationData, or monitor "${metricNames.includes(monitor.slice(4)) ? monitor.slice(4) : 'loss'}".`
    : near === undefined
      ? 'Monitor one of these.'
      : `Did you mean "${near}"?`;
  throw new GradstreamError('GS_CALLBACK_MONITOR', {
    where,
    what: `Training will never give the metric "${monitor}"`,
    expected: metricNames.length === 0 ? 'a training with metrics' : `one of ${metricNames.join(', ')}`,
    received: `"${monitor}"`,
    next,
  });
}

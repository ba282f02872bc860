import { diagnose, type DiagnoseOptions } from '@gradstream/callbacks';
import type { Diagnosis, Logs } from '@gradstream/core';
import { compile } from '@gradstream/trainer';
import type { Training } from './networks.js';

/** Trains under `diagnose`: what it said, and the last epoch's logs. */
export async function train(
  { model, compile: options, data, fit = {} }: Training,
  watched: DiagnoseOptions = {},
): Promise<{ readonly diagnoses: readonly Diagnosis[]; readonly logs: Logs }> {
  const trainer = compile(model(), options);
  const diagnoses: Diagnosis[] = [];
  const run = trainer.fit(data, { ...fit, callbacks: [...(fit.callbacks ?? []), diagnose(watched)] });
  run.events$.subscribe((event) => event.type === 'diagnosis' && diagnoses.push(event));
  const { history } = await run;
  trainer.dispose();
  trainer.model.dispose();
  return {
    diagnoses,
    logs: Object.fromEntries(Object.entries(history).map(([name, values]) => [name, values.at(-1)!])),
  };
}

import { getBackend } from '@tensorflow/tfjs-core';
import type { FoundCheckpoint } from '../checkpoint/internal/find-checkpoint.js';
import type { Fact } from './fact-desk.js';

/** What somebody should know who goes on from a checkpoint: that a newer one is damaged, that the backend is another, whose memory nobody took. */
export function resumptionFacts(found: FoundCheckpoint, forgotten: readonly string[]): Fact[] {
  const { name, manifest, passedOver } = found;
  const warning = (diagnosis: { name: string; message: string; remedy: string }): Fact => ({
    type: 'diagnosis',
    severity: 'warning',
    evidence: { globalStep: manifest.run.models[0]!.steps },
    ...diagnosis,
  });
  const facts = passedOver.map(({ name: other, message }) =>
    warning({
      name: 'checkpointDamaged',
      message: `${other} cannot be used, training goes on from ${name}: ${message}`,
      remedy: `Remove ${other} when it is not needed any more, and look after the disk.`,
    }),
  );
  if (manifest.backend !== getBackend())
    facts.push(
      warning({
        name: 'resumedOnAnotherBackend',
        message: `The checkpoint was written on the backend ${manifest.backend} and training goes on on ${getBackend()}: the last bits will differ from an uninterrupted run`,
        remedy: `Choose the backend ${manifest.backend} where they should not.`,
      }),
    );
  if (forgotten.length > 0)
    facts.push(
      warning({
        name: 'callbackStateUnused',
        message: `The checkpoint has the state of callbacks that are not here: ${forgotten.join(', ')}`,
        remedy: 'Give fit the callbacks that the checkpoint was made with.',
      }),
    );
  return facts;
}

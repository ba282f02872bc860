import '@tensorflow/tfjs-backend-cpu';
import { diagnose } from '@gradstream/callbacks';
import { ofType, type Diagnosis } from '@gradstream/core';
import { fromArrays } from '@gradstream/datasets';
import { dense, sequential } from '@gradstream/layers';
import { sgd } from '@gradstream/optimizers';
import { compile } from '@gradstream/trainer';
import { expect, it } from 'vitest';

/** 256 points in a square on a grid, and whether they lie in a circle. */
function circle(): ReturnType<typeof fromArrays> {
  const place = (index: number): number => ((index * 37) % 256) / 128 - 1;
  const x = Float32Array.from({ length: 512 }, (_, i) => (i % 2 === 0 ? place(i / 2) : Math.floor(i / 32) / 8 - 1));
  const y = Float32Array.from({ length: 256 }, (_, i) => (Math.hypot(x[2 * i]!, x[2 * i + 1]!) < 0.8 ? 1 : 0));
  return fromArrays({
    x: { dtype: 'float32', shape: [256, 2], values: x },
    y: { dtype: 'float32', shape: [256, 1], values: y },
  });
}

/** Trains eight hidden layers with an activation; gives the last loss and what was diagnosed. */
async function train(activation: string, kernelInitializer: string, epochs: number) {
  const hidden = Array.from({ length: 8 }, (_, index) =>
    dense(16, { activation, kernelInitializer, ...(index === 0 ? { inputShape: [2] } : {}) }),
  );
  const model = sequential([...hidden, dense(1, { activation: 'sigmoid' })], { seed: 3 });
  const trainer = compile(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'binaryCrossentropy' });
  const data = circle().shuffle(256, { seed: 1 }).batch(32);
  const run = trainer.fit(data, { epochs, callbacks: [diagnose({ every: 5 })] });
  const diagnoses: Diagnosis[] = [];
  run.events$.pipe(ofType('diagnosis')).subscribe((diagnosis) => diagnoses.push(diagnosis));
  const { history } = await run;
  return { loss: history.loss!.at(-1)!, diagnoses };
}

it('a network that is sick, its diagnosis, and the network mended', async () => {
  const sick = await train('sigmoid', 'glorotUniform', 4);
  for (const { message, evidence, remedy } of sick.diagnoses) console.log(`${message}.\n  ${remedy}`, evidence);
  const [found] = sick.diagnoses;
  expect(found!.name).toBe('vanishingGradients');
  expect(found!.evidence.ratio).toBeLessThan(1e-3);
  expect(found!.remedy).toContain('relu');
  // What a coin would get is ln 2 = 0.693.
  expect(sick.loss).toBeGreaterThan(0.6);

  const mended = await train('relu', 'heNormal', 20);
  expect(mended.diagnoses).toEqual([]);
  expect(mended.loss).toBeLessThan(0.5);
}, 120_000);

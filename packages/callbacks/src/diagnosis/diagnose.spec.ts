import { describe, expect, it } from 'vitest';
import { commandsTo, diagnosesTo, modelOf, statistics } from '../../fixtures/observations.js';
import { epochEnd, trainBegin } from '../../fixtures/training-events.js';
import { diagnose, type DiagnoseOptions } from './diagnose.js';

const requests = async (options?: DiagnoseOptions): Promise<Record<string, number>> =>
  Object.fromEntries(
    (await commandsTo(diagnose(options), [])).flatMap((command) =>
      command.type === 'observe' ? [[command.kind, command.every] as const] : [],
    ),
  );

describe('diagnose', () => {
  it('asks for what its diagnoses need, each kind once', async () => {
    const all = { nonFinite: 100, targets: 1, gradients: 1, updates: 1, weights: 1, loss: 1, activations: 10 };
    expect(await requests()).toEqual(all);
    expect(
      await requests({ every: 7, explodingGradients: false, nonFiniteValues: false, deadRelus: { every: 3 } }),
    ).toEqual({
      targets: 1,
      gradients: 7,
      updates: 7,
      weights: 7,
      activations: 3,
    });
  });

  it('reports what each of them finds, and leaves out what is false', async () => {
    const events = [
      trainBegin(['loss'], { model: modelOf({ a: 'relu', b: null }) }),
      statistics('activations', 0, { a: { deadFraction: 1 } }),
      ...Array.from({ length: 6 }, (_, epoch) => epochEnd(epoch, { loss: 1 })),
    ];
    expect((await diagnosesTo(diagnose(), events)).map(({ name }) => name)).toEqual(['deadRelus', 'plateau']);
    expect(await diagnosesTo(diagnose({ deadRelus: false, plateau: { patience: 9 } }), events)).toEqual([]);
  });

  it.each([{ deadRelu: {} }, { deadRelus: true }, { deadRelus: null }, { plateau: { patience: 0 } }, { every: 0 }])(
    'refuses %o',
    (options) => {
      expect(() => diagnose(options as never)).toThrow(/GS_OPTION/);
    },
  );
});

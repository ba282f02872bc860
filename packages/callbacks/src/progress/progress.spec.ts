import type { Diagnosis, Logs, TrainingEvent } from '@gradstream/core';
import { expectMarbles } from '@gradstream/testing';
import { concat, EMPTY, from, Subject, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { epochBegin, epochEnd, stepEnd, trainBegin, trainEnd } from '../../fixtures/training-events.js';
import { displayWidth } from './display-width.js';
import { progress, type ProgressOptions } from './progress.js';

/** A terminal: what its lines look like after everything was written. */
class Screen {
  readonly lines = [''];
  writes = 0;
  #column = 0;
  readonly #columns: number;

  constructor(columns: number) {
    this.#columns = columns;
  }

  readonly write = (text: string): void => {
    this.writes++;
    // oxlint-disable-next-line no-control-regex
    for (const part of text.match(/\r|\n|\u001b\[K|[^\r\n\u001b]+/g) ?? []) {
      const line = this.lines.length - 1;
      if (part === '\r') this.#column = 0;
      else if (part === '\n') {
        this.lines.push('');
        this.#column = 0;
      } else if (part === '\u001b[K') this.lines[line] = this.lines[line]!.slice(0, this.#column);
      else {
        this.lines[line] =
          this.lines[line]!.slice(0, this.#column) + part + this.lines[line]!.slice(this.#column + part.length);
        this.#column += part.length;
      }
      if (displayWidth(this.lines[line]!) >= this.#columns) throw new Error(`The line wraps: ${this.lines[line]}`);
    }
  };
}

const onTerminal = (events: readonly TrainingEvent[], options: ProgressOptions = {}, columns = 200): Screen => {
  const screen = new Screen(columns);
  progress({ stream: screen.write, interactive: true, columns, ...options })(from(events)).subscribe();
  return screen;
};

const inLog = (events: readonly TrainingEvent[], options: ProgressOptions = {}): string[] => {
  const written: string[] = [];
  progress({ stream: (text) => written.push(text), ...options })(from(events)).subscribe();
  return written.join('').split('\n').slice(0, -1);
};

const NAMES = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];

/** An epoch of steps that take 20 ms each after a first one of 100 ms, with 300 ms of validation. */
function epoch(number: number, steps: number, start: number, logs: Logs): TrainingEvent[] {
  const time = (step: number): number => start + 100 + 20 * step;
  return [
    epochBegin(number, start),
    ...Array.from({ length: steps }, (_, step) => stepEnd(number, step, { loss: 1 / (step + 1) }, time(step))),
    { type: 'validationBegin', epoch: number, time: time(steps - 1) },
    epochEnd(number, logs, { steps, time: time(steps - 1) + 300 }),
  ];
}

const diagnosis = (name: string, time = 0): Diagnosis => ({
  type: 'diagnosis',
  name,
  severity: 'warning',
  message: 'Something is odd',
  evidence: {},
  remedy: 'Try something else.',
  time,
});

describe('progress on a terminal', () => {
  it('draws one line an epoch, over and over, like Keras', () => {
    const logs = { loss: 0.2716, val_loss: 0.3, accuracy: 0.921, val_accuracy: 0.9 };
    const events = [
      trainBegin(NAMES, { stepsPerEpoch: 100 }),
      ...epoch(0, 100, 0, logs),
      ...epoch(1, 100, 3000, logs),
      trainEnd(),
    ];
    expect(onTerminal(events).lines).toEqual([
      'Epoch 1/2',
      '100/100 ━━━━━━━━━━━━━━━━━━━━ 2s 20ms/step - accuracy: 0.9210 - loss: 0.2716 - val_accuracy: 0.9000 - val_loss: 0.3000',
      'Epoch 2/2',
      '100/100 ━━━━━━━━━━━━━━━━━━━━ 2s 20ms/step - accuracy: 0.9210 - loss: 0.2716 - val_accuracy: 0.9000 - val_loss: 0.3000',
      '',
    ]);
  });

  it('shows in the middle what is done, what is left and the last numbers read', () => {
    const events = [trainBegin(NAMES, { stepsPerEpoch: 1000 }), ...epoch(0, 250, 0, {}).slice(0, 251)];
    events.push(stepEnd(0, 250, undefined, 100 + 20 * 250));
    const subject = new Subject<TrainingEvent>();
    const screen = new Screen(100);
    progress({ stream: screen.write, interactive: true, columns: 100, refreshMilliseconds: 0 })(subject).subscribe();
    for (const event of events) subject.next(event);
    expect(screen.lines.at(-1)).toBe(' 251/1000 ━━━━━─────────────── 15s 20ms/step - loss: 0.0040');
  });

  it('draws no more often than asked', () => {
    const steps = Array.from({ length: 1000 }, (_, step) => stepEnd(0, step, { loss: 1 }, step));
    const events = [trainBegin(NAMES, { stepsPerEpoch: 1000, epochs: 1 }), epochBegin(0), ...steps];
    expect(onTerminal(events, { refreshMilliseconds: 100 }).writes).toBeLessThan(15);
  });

  it('does not flood where epochs are very short, and shows the last', () => {
    const many = Array.from({ length: 2000 }, (_, number) => [
      epochBegin(number, number),
      stepEnd(number, 0, { loss: 1 }, number),
      epochEnd(number, { loss: number }, { steps: 1, time: number }),
    ]).flat();
    const begin = trainBegin(NAMES, { epochs: 5000, stepsPerEpoch: 1 });
    const screen = onTerminal([begin, ...many, trainEnd('stopped', 'Ctrl-C', 2000, 2000)]);
    expect(screen.lines.length).toBeLessThan(100);
    expect(screen.lines.slice(-4)).toEqual([
      'Epoch 2000/5000',
      expect.stringContaining('loss: 1999.0000'),
      'Training was stopped after 2000 epochs: Ctrl-C',
      '',
    ]);
    expect(inLog([begin, ...many]).length).toBeLessThan(60);
  });

  it('gets on with an unknown number of steps, and knows it from the second epoch on', () => {
    const begin = trainBegin(NAMES, { stepsPerEpoch: null });
    const first = epoch(0, 50, 0, { loss: 0.5 });
    const middle = onTerminal([begin, ...first.slice(0, 41)], { refreshMilliseconds: 0 });
    // The subscription ended in the middle, so the line is closed.
    expect(middle.lines.slice(-2)).toEqual(['40/? 1s 20ms/step - loss: 0.0250', '']);
    const screen = onTerminal([begin, ...first, ...epoch(1, 50, 3000, { loss: 0.5 }).slice(0, 26)], {
      refreshMilliseconds: 0,
    });
    expect(screen.lines).toEqual([
      'Epoch 1/2',
      '50/50 ━━━━━━━━━━━━━━━━━━━━ 1s 20ms/step - loss: 0.5000',
      'Epoch 2/2',
      '25/50 ━━━━━━━━━━────────── 1s 20ms/step - loss: 0.0400',
      '',
    ]);
  });

  it.each([1, 2, 5, 10, 30, 40, 60, 80, 120])('never takes more than %i columns', (columns) => {
    const logs = {
      loss: 0.1,
      'a metric with a very long name': 1,
      名前が長い: 2,
      '😀\u0301': 3,
      'with\ttab\nand\u001b[2Jescape': 4,
    };
    const events = [trainBegin(NAMES, { stepsPerEpoch: 20, epochs: 1 }), ...epoch(0, 20, 0, logs)];
    const written: string[] = [];
    progress({ stream: (text) => written.push(text), interactive: true, columns, refreshMilliseconds: 0 })(
      from(events),
    ).subscribe();
    const drawn = written.filter((text) => text.startsWith('\r')).map((text) => text.slice(1, -'\u001b[K'.length));
    expect(drawn.length).toBeGreaterThan(20);
    for (const line of drawn) {
      expect(displayWidth(line)).toBeLessThan(columns);
      // oxlint-disable-next-line no-control-regex
      expect(line).not.toMatch(/[\u0000-\u001f]/);
    }
  });

  it('leaves no number out at the end of an epoch where columns are few', () => {
    const events = [
      trainBegin(NAMES, { stepsPerEpoch: 20, epochs: 1 }),
      ...epoch(0, 20, 0, { loss: 0.25, accuracy: 0.5, val_loss: 0.75, val_accuracy: 0.625 }),
    ];
    expect(onTerminal(events, {}, 50).lines).toEqual([
      'Epoch 1/1',
      '20/20 1s 20ms/step - accuracy: 0.5000',
      '  - loss: 0.2500 - val_accuracy: 0.6250',
      '  - val_loss: 0.7500',
      '',
    ]);
  });

  it('shortens the bar before it cuts the numbers', () => {
    const events = [
      trainBegin(NAMES, { stepsPerEpoch: 20, epochs: 1 }),
      ...epoch(0, 20, 0, { accuracy: 0.5, loss: 0.25 }),
    ];
    expect(onTerminal(events, {}, 64).lines[1]).toBe('20/20 ━━━━━━━━━━ 1s 20ms/step - accuracy: 0.5000 - loss: 0.2500');
    expect(onTerminal(events, {}, 56).lines[1]).toBe('20/20 1s 20ms/step - accuracy: 0.5000 - loss: 0.2500');
    expect(onTerminal(events, {}, 40).lines.slice(1, 3)).toEqual([
      '20/20 1s 20ms/step - accuracy: 0.5000',
      '  - loss: 0.2500',
    ]);
    expect(onTerminal(events, { width: 4 }).lines[1]).toContain('20/20 ━━━━ 1s');
    expect(onTerminal(events, { width: 0 }).lines[1]).toContain('20/20 1s');
  });

  it('writes diagnoses and failures above the live line', () => {
    const events = epoch(0, 20, 0, { loss: 0.5 });
    const failed: TrainingEvent = {
      type: 'callbackFailed',
      callback: 'csvLogger',
      message: 'no space\n  left',
      time: 400,
    };
    const screen = onTerminal(
      [trainBegin(NAMES, { stepsPerEpoch: 20 }), ...events.slice(0, 18), diagnosis('odd'), failed, ...events.slice(18)],
      {
        refreshMilliseconds: 0,
      },
    );
    expect(screen.lines).toEqual([
      'Epoch 1/2',
      'warning: Something is odd. Try something else.',
      'The callback "csvLogger" failed and was dropped: no space',
      '  left',
      '20/20 ━━━━━━━━━━━━━━━━━━━━ 1s 20ms/step - loss: 0.5000',
      '',
    ]);
  });

  it('says that it validates', () => {
    const events = [trainBegin(NAMES, { stepsPerEpoch: 20 }), ...epoch(0, 20, 0, {}).slice(0, -1)];
    expect(onTerminal(events).lines[1]).toBe('20/20 ━━━━━━━━━━━━━━━━━━━━ 0s 20ms/step - loss: 0.0500 - validating');
  });

  it('ends its line when training breaks off in the middle', () => {
    const events = [trainBegin(NAMES, { stepsPerEpoch: 20 }), ...epoch(0, 20, 0, {}).slice(0, 10)];
    const screen = onTerminal([...events, trainEnd('failed', 'GS_X  [y] The data ended.', 0)], {
      refreshMilliseconds: 0,
    });
    expect(screen.lines.slice(-2)).toEqual(['Training failed after 0 epochs: GS_X  [y] The data ended.', '']);
    expect(screen.lines.at(-3)).toContain(' 9/20 ━');
    const silent = new Screen(80);
    const broken = concat(
      from(events),
      throwError(() => new Error('x')),
    );
    progress({ stream: silent.write, interactive: true, columns: 80, refreshMilliseconds: 0 })(broken).subscribe({
      error: () => EMPTY,
    });
    expect(silent.lines.at(-1)).toBe('');
  });
});

describe('progress in a log', () => {
  it('writes one line an epoch', () => {
    const logs = { loss: 0.2716, val_loss: 0.3 };
    const events = [
      trainBegin(NAMES, { stepsPerEpoch: 100 }),
      ...epoch(0, 100, 0, logs),
      ...epoch(1, 100, 3000, logs),
      trainEnd(),
    ];
    expect(inLog(events)).toEqual([
      'Epoch 1/2: 100 steps, 2s, 20ms/step - loss: 0.2716 - val_loss: 0.3000',
      'Epoch 2/2: 100 steps, 2s, 20ms/step - loss: 0.2716 - val_loss: 0.3000',
    ]);
  });

  it('writes a line now and then in a long epoch', () => {
    const events = [trainBegin(NAMES, { stepsPerEpoch: 4000, epochs: 1 }), ...epoch(0, 4000, 0, { loss: 0.5 })];
    expect(inLog(events)).toEqual([
      'Epoch 1/1: 1496/4000 steps, 30s, 20ms/step - loss: 6.6845e-4',
      'Epoch 1/1: 2996/4000 steps, 1:00, 20ms/step - loss: 3.3378e-4',
      'Epoch 1/1: 4000 steps, 1:20, 20ms/step - loss: 0.5000',
    ]);
    const unknown = [trainBegin(NAMES, { stepsPerEpoch: null, epochs: 1 }), ...epoch(0, 2000, 0, { loss: 0.5 })];
    expect(inLog(unknown)[0]).toBe('Epoch 1/1: 1496 steps, 30s, 20ms/step - loss: 6.6845e-4');
    expect(inLog(events, { logSeconds: 1000 })).toHaveLength(1);
  });

  it('says how far an epoch came that was stopped, and why', () => {
    const stopped = [...epoch(0, 7, 0, { loss: 0.5 }), trainEnd('callback', 'val_loss has not improved', 1)];
    expect(inLog([trainBegin(NAMES, { stepsPerEpoch: 100 }), ...stopped])).toEqual([
      'Epoch 1/2: 7/100 steps, 1s, 20ms/step - loss: 0.5000',
      'Training was stopped after 1 epoch: val_loss has not improved',
    ]);
  });

  it('shows a learning rate that changed', () => {
    const ends = [0.001, 0.001, 0.0005].flatMap((learningRate, number) => [
      epochBegin(number, number * 1000),
      epochEnd(number, { loss: 1 }, { time: number * 1000 + 500, learningRate }),
    ]);
    expect(
      inLog([trainBegin(NAMES, { epochs: 3 }), ...ends]).map((line) => line.includes('learningRate: 5.0000e-4')),
    ).toEqual([false, false, true]);
  });

  it('shows the same diagnosis now and then, and how often it came', () => {
    const events = Array.from({ length: 100 }, (_, index) => diagnosis('odd', index * 1000));
    expect(inLog([...events, diagnosis('other'), trainEnd()])).toEqual([
      'warning: Something is odd. Try something else.',
      'warning (30 times): Something is odd. Try something else.',
      'warning (30 times): Something is odd. Try something else.',
      'warning (30 times): Something is odd. Try something else.',
      'warning: Something is odd. Try something else.',
      'odd came 9 more times',
    ]);
  });
});

describe('progress', () => {
  it('asks for nothing and ends with the events', () => {
    expectMarbles(progress({ stream: () => undefined }), {
      events: 'be-s-E-t-|',
      given: { b: trainBegin(NAMES), e: epochBegin(0), s: stepEnd(0, 0), E: epochEnd(0, {}), t: trainEnd() },
      commands: '---------|',
    });
  });

  it('writes to standard output when nothing is said', () => {
    const write = vi.spyOn(process.stdout, 'write').mockImplementation(() => true);
    progress({ interactive: false })(
      from([trainBegin(NAMES, { epochs: 1 }), ...epoch(0, 10, 0, { loss: 1 })]),
    ).subscribe();
    expect(write.mock.calls).toEqual([['Epoch 1/1: 10 steps, 1s, 20ms/step - loss: 1.0000\n']]);
    write.mockRestore();
  });

  it.each([
    [{ strem: 1 }, 'GS_OPTION_UNKNOWN'],
    [{ stream: 'out' }, 'GS_OPTION_VALUE'],
    [{ interactive: 1 }, 'GS_OPTION_VALUE'],
    [{ columns: 0 }, 'GS_OPTION_VALUE'],
    [{ width: -1 }, 'GS_OPTION_VALUE'],
    [{ refreshMilliseconds: NaN }, 'GS_OPTION_VALUE'],
    [{ logSeconds: '5' }, 'GS_OPTION_VALUE'],
    ['out', 'GS_OPTION_TYPE'],
  ])('refuses the options %j with %s', (options, code) => {
    expect(() => progress(options as never)).toThrow(expect.objectContaining({ code }));
  });
});

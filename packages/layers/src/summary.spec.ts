import { describe, expect, it } from 'vitest';
import { dense } from './core/dense.js';
import { flatten } from './reshaping/flatten.js';
import { sequential } from './sequential.js';

describe('summary', () => {
  it('shows layers, shapes and parameters', () => {
    const model = sequential(
      [flatten({ inputShape: [28, 28] }), dense(128, { activation: 'relu' }), dense(10, { name: 'classes' })],
      { name: 'digits' },
    );
    model.freeze('dense');
    expect(model.summary()).toBe(
      [
        'Model: "digits"',
        '┏━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━┳━━━━━━━━━┓',
        '┃ Layer (type)      ┃ Output Shape ┃ Param # ┃',
        '┡━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━╇━━━━━━━━━┩',
        '│ flatten (Flatten) │ (null, 784)  │       0 │',
        '├───────────────────┼──────────────┼─────────┤',
        '│ dense (Dense)     │ (null, 128)  │ 100,480 │',
        '├───────────────────┼──────────────┼─────────┤',
        '│ classes (Dense)   │ (null, 10)   │   1,290 │',
        '└───────────────────┴──────────────┴─────────┘',
        ' Total params: 101,770 (397.54 KB)',
        ' Trainable params: 1,290 (5.04 KB)',
        ' Non-trainable params: 100,480 (392.50 KB)',
      ].join('\n'),
    );
  });
});

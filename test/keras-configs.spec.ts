import { fromKerasConfig, toKerasConfig, type Config } from '@gradstream/core';
import { loss, metric } from '@gradstream/objectives';
import { optimizer } from '@gradstream/optimizers';
import { schedule } from '@gradstream/optimizers/schedules';
import { describe, expect, it } from 'vitest';
import golden from '../packages/core/fixtures/keras-configs.json' with { type: 'json' };

const context = { outputShape: [null, 3], targetShape: [null, 3] };
const kinds: readonly (readonly [string, readonly object[], (config: Config) => { readonly config?: Config }])[] = [
  ['keras.losses', golden.losses, loss],
  ['keras.metrics', golden.metrics, (config) => metric(config, context)],
  ['keras.optimizers', golden.optimizers, (config) => optimizer(config) as { readonly config?: Config }],
  ['keras.optimizers.schedules', golden.schedules, (config) => schedule(config) as { readonly config?: Config }],
];

describe.each(kinds)('what Keras writes of %s', (module, parts, make) => {
  it.each(parts.map((json) => [(json as { class_name: string }).class_name, json]))(
    'makes a part that says the same: %s',
    (_, json) => {
      const given = fromKerasConfig(json, module);
      const { config } = make(given);
      expect(config!.type).toBe(given.type);
      // What a part says of itself goes back to Keras with the same values, where Keras names them.
      const { config: settings } = toKerasConfig(config!, module) as { config: Record<string, unknown> };
      for (const [key, value] of Object.entries((json as { config: Record<string, unknown> }).config))
        if (key in settings && value !== null) expect(settings[key], key).toEqual(value);
    },
  );
});

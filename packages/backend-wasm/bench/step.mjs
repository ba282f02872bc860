import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import { alternate, backends, row } from './measure.mjs';
import { torchTurns } from './torch.mjs';

/** The same network in PyTorch, eager; the same rows in each call, as here. */
const PYTORCH = (batch) => `
from torch import nn
hidden = lambda width: [nn.Linear(width, 128), nn.ReLU()]
model = nn.Sequential(*hidden(784), *hidden(128), *hidden(128), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), fused=True)
x, y = torch.rand(${batch}, 784), torch.zeros(${batch}, dtype=torch.int64)
def step():
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
`;

/** One training step of 784-128-128-128-10 with tfjs-layers, as its users write it: milliseconds. */
export async function step() {
  await backends();
  const torch = await torchTurns();
  row('MLP step of tfjs-layers, ms', ['one', 'two', 'peer', 'PyTorch', 'one/peer', 'one/PyTorch']);
  for (const batch of [32, 128]) {
    const sides = {};
    for (const name of ['one', 'two', 'wasm']) {
      await tf.setBackend(name);
      const model = layers.sequential();
      for (const [index, units] of [128, 128, 128].entries()) {
        model.add(layers.layers.dense({ units, activation: 'relu', ...(index === 0 ? { inputShape: [784] } : {}) }));
      }
      model.add(layers.layers.dense({ units: 10, activation: 'softmax' }));
      const optimizer = tf.train.adam(1e-3);
      const x = tf.randomUniform([batch, 784]);
      const y = tf.oneHot(tf.zeros([batch], 'int32'), 10, 1, 0, 'float32');
      sides[name] = () => {
        optimizer.minimize(() => {
          const predicted = model.apply(x, { training: true });
          return tf.mean(layers.metrics.categoricalCrossentropy(y, predicted));
        });
      };
    }
    if (torch !== undefined) sides.torch = torch.side(PYTORCH(batch), 'step()');
    const best = await alternate(sides, { rounds: 9, milliseconds: 60, before: (name) => tf.setBackend(name) });
    row(`batch ${batch}`, [
      best.one.toFixed(2),
      best.two.toFixed(2),
      best.wasm.toFixed(2),
      best.torch?.toFixed(2) ?? '-',
      `${(best.wasm / best.one).toFixed(2)}x`,
      best.torch === undefined ? '-' : `${(best.torch / best.one).toFixed(2)}x`,
    ]);
  }
}

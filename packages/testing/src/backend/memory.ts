import * as tf from '@tensorflow/tfjs-core';
import type { BackendCheck } from './checked-backend.js';

/** That memory is given back, and what shares data stays whole. */
export const memoryChecks: Readonly<Record<string, BackendCheck>> = {
  async 'gives back what is disposed, and keeps what still shares it'() {
    const backend = tf.engine().backend;
    const before = backend.numDataIds();
    const x = tf.tidy(() => tf.add(tf.ones([4, 6]), 1));
    const view = tf.tidy(() => tf.reshape(x, [24]));
    const copy = tf.clone(x);
    tf.dispose([x, copy]);
    const values = await view.data();
    if (values.length !== 24 || values.some((value) => value !== 2))
      throw new Error(`What shared the data has ${values.join()}`);
    view.dispose();
    const left = backend.numDataIds() - before;
    if (left !== 0) throw new Error(`${left} pieces of data are left`);
  },

  async 'loses nothing where work ends in an error'() {
    const before = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    for (let count = 0; count < 3; count++)
      try {
        tf.tidy(() => {
          tf.exp(tf.ones([100]));
          tf.matMul(tf.ones([2, 3]), tf.ones([2, 3]));
        });
        throw new Error('Matrices that do not fit were multiplied');
      } catch (error) {
        if (!/inner|shape|dim/i.test((error as Error).message)) throw error;
      }
    const after = [tf.memory().numTensors, tf.engine().backend.numDataIds()];
    if (after.join() !== before.join()) throw new Error(`Tensors and data went from ${before} to ${after}`);
  },

  async 'says nothing of a tensor that is disposed'() {
    const x = tf.ones([3]);
    x.dispose();
    const said = await Promise.resolve()
      .then(() => x.data())
      .then(
        () => 'numbers',
        ({ message }) => String(message),
      );
    if (!/disposed/i.test(said)) throw new Error(`It says: ${said}`);
  },

  async 'can be left for another backend and taken again'(plugin) {
    const kept = tf.tidy(() => tf.add(tf.ones([5]), 1));
    const other = tf.engine().registryFactory['cpu'] === undefined ? undefined : 'cpu';
    if (other !== undefined && plugin.name !== other) await tf.setBackend(other);
    await plugin.start();
    const values = await kept.data();
    kept.dispose();
    if (values.some((value) => value !== 2)) throw new Error(`The tensor that stayed has ${values.join()}`);
  },
};

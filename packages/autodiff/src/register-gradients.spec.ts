import { readdirSync } from 'node:fs';
import '@tensorflow/tfjs-backend-cpu';
import { expectAllClose } from '@gradstream/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { allGradients } from './gradients/all-gradients.js';
import { registerGradients } from './register-gradients.js';

await tf.setBackend('cpu');

describe('registerGradients', () => {
  it('registers nothing on import and every gradient when called', () => {
    expect(tf.getGradient('Square')).toBeUndefined();
    registerGradients();
    for (const gradient of allGradients) expect(tf.getGradient(gradient.kernelName)).toBe(gradient);
    expectAllClose(tf.grad((x) => tf.square(x))(tf.scalar(3)), [6]);
  });

  it('changes nothing when called again, and replaces the gradients of others', () => {
    tf.registerGradient({ kernelName: 'Square', gradFunc: (dy) => ({ x: () => tf.zerosLike(dy as tf.Tensor) }) });
    tf.registerGradient({ kernelName: 'Custom', gradFunc: (dy) => ({ x: () => dy as tf.Tensor }) });
    registerGradients();
    registerGradients();
    expect(allGradients).toContain(tf.getGradient('Square'));
    expect(tf.getGradient('Custom')).toBeDefined();
    tf.unregisterGradient('Custom');
  });

  it('has no kernel twice', () => {
    const names = allGradients.map(({ kernelName }) => kernelName);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a spec for every family, which checks each of its kernels', () => {
    const files = readdirSync(new URL('./gradients/', import.meta.url));
    const families = files
      .filter((name) => !/spec|all-gradients|gradient-table/.test(name))
      .map((name) => name.replace('.ts', ''));
    expect(families.length).toBeGreaterThan(10);
    for (const family of families) expect(files).toContain(`${family}.spec.ts`);
  });
});

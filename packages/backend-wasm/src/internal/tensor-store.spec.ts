import type { KernelBackend } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { TensorData } from './tensor-data.js';
import { TensorStore } from './tensor-store.js';

const memory = new WebAssembly.Memory({ initial: 1 });
const data = (): TensorData => new TensorData(memory, 'float32', 1);

function store(): { readonly tensors: TensorStore; readonly moved: object[] } {
  const moved: object[] = [];
  const tensors: TensorStore = new TensorStore({} as KernelBackend, {
    moveData: (_backend, dataId) => {
      moved.push(dataId);
      tensors.set(dataId, data());
    },
  });
  return { tensors, moved };
}

describe('TensorStore', () => {
  it('has data under the data itself until it is deleted', () => {
    const { tensors } = store();
    const x = data();
    expect(tensors.has(x)).toBe(false);
    tensors.set(x, x);
    expect(tensors.has(x)).toBe(true);
    expect(tensors.get(x)).toBe(x);
    expect(tensors.numDataIds()).toBe(1);
    expect(tensors.delete(x)).toBe(true);
    expect(tensors.has(x)).toBe(false);
    expect(tensors.numDataIds()).toBe(0);
  });

  it('has data under the name that it had elsewhere', () => {
    const { tensors } = store();
    const [name, x] = [{}, data()];
    tensors.set(name, x);
    expect(tensors.get(name)).toBe(x);
    expect(tensors.numDataIds()).toBe(1);
    tensors.delete(name);
    expect(tensors.has(name)).toBe(false);
    expect(tensors.numDataIds()).toBe(0);
  });

  it('does not take the data of another store for its own', () => {
    const [first, second] = [store(), store()];
    const x = data();
    first.tensors.set(x, x);
    expect(second.tensors.has(x)).toBe(false);
    expect(second.tensors.get(x)).not.toBe(x);
    expect(second.moved).toEqual([x]);
    expect(first.tensors.get(x)).toBe(x);
  });
});

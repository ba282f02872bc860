import { DataStorage } from '@tensorflow/tfjs-core';
import type { DataId } from '@tensorflow/tfjs-core';
import { TensorData } from './tensor-data.js';

/**
 * The data of a backend by name. Data that is its own name, as all is that was made here, says itself who holds it: no table grows and shrinks with each tensor.
 * What came from another backend keeps the name that it had there, in the table.
 */
export class TensorStore extends DataStorage<TensorData> {
  #own = 0;

  /** The data of a name. What another backend holds is moved here. */
  override get(dataId: DataId): TensorData {
    return dataId instanceof TensorData && dataId.holder === this ? dataId : super.get(dataId);
  }

  override has(dataId: DataId): boolean {
    return (dataId instanceof TensorData && dataId.holder === this) || super.has(dataId);
  }

  override set(dataId: DataId, value: TensorData): void {
    if (dataId !== value) return super.set(dataId, value);
    value.holder = this;
    this.#own++;
  }

  override delete(dataId: DataId): boolean {
    if (!(dataId instanceof TensorData) || dataId.holder !== this) return super.delete(dataId);
    dataId.holder = undefined;
    this.#own--;
    return true;
  }

  override numDataIds(): number {
    return super.numDataIds() + this.#own;
  }
}

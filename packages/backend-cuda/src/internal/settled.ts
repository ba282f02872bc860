import type { DataId, DataType, TensorInfo, backend_util } from '@tensorflow/tfjs-core';
import { BYTES_PER_ELEMENT, typed, type TensorData } from './tensor-data.js';

/** What is needed of the backend. */
interface Holder {
  readonly data: { get(dataId: DataId): TensorData };
  makeTensorInfo(shape: number[], dtype: DataType, values: backend_util.BackendValues): TensorInfo;
  disposeData(dataId: DataId): boolean;
}

/** A result of a kernel of tfjs-backend-cpu in the type it claims: that one casts to a wider type by renaming. */
export function settled(backend: Holder, result: TensorInfo): TensorInfo {
  const data = backend.data.get(result.dataId);
  const isNumber = BYTES_PER_ELEMENT[result.dtype] !== undefined;
  if (data.complexTensorInfos !== undefined || !isNumber) return result;
  if (data.dtype === result.dtype) {
    if (data.host !== undefined) data.host = typed(data.host, data.dtype);
    return result;
  }
  const values = typed(data.values, result.dtype).slice();
  const renamed = backend.makeTensorInfo(result.shape, result.dtype, values);
  backend.disposeData(result.dataId);
  return renamed;
}

import type { HostArray } from '@gradstream/core';
import { tensor as makeTensor, type Tensor } from '@tensorflow/tfjs-core';

/** A tensor's numbers on the host. Where the backend is the host they may be its own: whoever keeps them copies them. */
export async function toHost(tensor: Tensor): Promise<HostArray> {
  const { dtype } = tensor;
  const values = await tensor.data();
  return { dtype, shape: tensor.shape, values } as HostArray;
}

/** A tensor of numbers of the host. */
export function toDevice({ dtype, shape, values }: HostArray): Tensor {
  // The cpu backend keeps what it is given.
  return makeTensor(values.slice(), [...shape], dtype === 'uint8' ? 'int32' : dtype);
}

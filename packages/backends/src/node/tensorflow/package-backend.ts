/** An input as kernels name it: the data, and the shape that it is to be read with. */
export interface NodeInput {
  readonly dataId?: object;
  readonly shape: readonly number[];
}

/** A tensor of TensorFlow's: it has a shape of its own. */
interface NodeTensor {
  shape: number[];
  readonly dtype: number;
  id: number;
  readonly values: unknown;
}

/** What is used of the backend that tfjs-node and tfjs-node-gpu register. */
export interface PackageBackend {
  /** True where it comes from tfjs-node-gpu, whether that found a GPU or not. */
  readonly isGPUPackage: boolean;
  /** True where TensorFlow computes on a GPU. */
  readonly isUsingGpuDevice: boolean;
  readonly binding: {
    readonly TF_Version: string;
    readonly TF_INT32: number;
    readonly TF_ATTR_TYPE: number;
    createTensor(shape: readonly number[], dtype: number, values: Int32Array): number;
    deleteTensor(id: number): void;
    executeOp(
      name: string,
      attributes: readonly { readonly name: string; readonly type: number; readonly value: number }[],
      inputs: readonly number[],
      outputs: number,
    ): readonly { readonly id: number }[];
    tensorDataSync(id: number): unknown;
  };
  readonly tensorMap: { get(dataId: object): NodeTensor | undefined };
  getInputTensorIds(inputs: readonly NodeInput[]): number[];
  readSync(dataId: object): unknown;
  write(values: ArrayLike<number>, shape: readonly number[], dtype: string): object;
}

/** Marks a backend that reads data under the shape of the input. */
const SHAPED = Symbol.for('gradstream.tensorflow.shaped');

/**
 * Lets tensors of several shapes share data, as they may on every other backend of tfjs-core. TensorFlow's tensors have a shape of their own, and the stock backend
 * passes the one that the data was made with. Here the data takes the shape that is asked for: TensorFlow's Reshape, which copies nothing.
 */
export function readInShape(backend: PackageBackend): void {
  if (SHAPED in backend) return;
  const { binding, tensorMap } = backend;
  const stock = backend.getInputTensorIds.bind(backend);
  // An operation may read the same data in two shapes: what is replaced lives until the next one.
  let replaced: number[] = [];
  const shaped = (inputs: readonly NodeInput[]): number[] => {
    for (const id of replaced) binding.deleteTensor(id);
    replaced = [];
    return inputs.flatMap((input) => {
      const data = input.dataId === undefined ? undefined : tensorMap.get(input.dataId);
      if (data !== undefined && !isSame(data.shape, input.shape)) {
        // Values that are not yet TensorFlow's are written in the shape that is noted beside them.
        if (data.values === null || data.values === undefined) {
          const shape = binding.createTensor([input.shape.length], binding.TF_INT32, Int32Array.from(input.shape));
          const attributes = [
            { name: 'T', type: binding.TF_ATTR_TYPE, value: data.dtype },
            { name: 'Tshape', type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
          ];
          replaced.push(shape);
          const [output] = binding.executeOp('Reshape', attributes, [data.id, shape], 1);
          replaced.push(data.id);
          data.id = output!.id;
        }
        data.shape = [...input.shape];
      }
      return stock([input]);
    });
  };
  Object.assign(backend, { getInputTensorIds: shaped, [SHAPED]: true });
}

const isSame = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis]);

import { describeValue, GradstreamError } from '@gradstream/core';
import { Tensor } from '@tensorflow/tfjs-core';
import type { ModelBatch, ModelInput } from '../model.js';
import { checkInput } from './check-input.js';

/** A batch's tensors in the order of the model's inputs. Throws `GS_MODEL_INPUT` where they are not those that the model takes. */
export function batchTensors(where: string, inputs: readonly ModelInput[], x: ModelBatch): readonly Tensor[] {
  const tensors = inOrder(where, inputs, x);
  tensors.forEach((tensor, index) => {
    const { name, shape, dtype } = inputs[index]!;
    const place = inputs.length === 1 ? where : `${where}, input "${name}"`;
    checkInput(place, tensor.shape, shape);
    if (tensor.dtype !== dtype && !(dtype === 'float32' && tensor.dtype === 'bool')) {
      throw wrong(place, 'The input is made of the wrong numbers', dtype, tensor.dtype, `Use tf.cast(x, '${dtype}').`);
    }
  });
  return tensors;
}

function inOrder(where: string, inputs: readonly ModelInput[], x: ModelBatch): readonly Tensor[] {
  const names = inputs.map(({ name }) => name);
  if (x instanceof Tensor) {
    if (inputs.length === 1) return [x];
    throw wrong(
      where,
      'The model has several inputs',
      names.join(', '),
      'one tensor',
      'Pass { name: tensor } or a list.',
    );
  }
  if (Array.isArray(x)) {
    if (x.length === inputs.length && x.every((tensor) => tensor instanceof Tensor)) return x as readonly Tensor[];
    throw wrong(
      where,
      'The list does not fit the inputs',
      `${inputs.length} tensors: ${names.join(', ')}`,
      describeValue(x),
      'Pass a tensor for each input.',
    );
  }
  const record = x as Readonly<Record<string, Tensor>>;
  const given = typeof record === 'object' && record !== null ? Object.keys(record) : [];
  const fits =
    given.length === names.length &&
    names.every((name) => Object.hasOwn(record, name) && record[name] instanceof Tensor);
  if (fits) return names.map((name) => record[name]!);
  throw wrong(
    where,
    'The names do not fit the inputs',
    names.join(', '),
    given.length === 0 ? describeValue(x) : given.join(', '),
    'Pass a tensor for each input, by its name.',
  );
}

function wrong(where: string, what: string, expected: string, received: string, next: string): GradstreamError {
  return new GradstreamError('GS_MODEL_INPUT', { where, what, expected, received, next });
}

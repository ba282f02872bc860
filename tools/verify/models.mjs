import * as activations from '@gradstream/activations';
import { activation, dense, dropout, flatten, input, sequential } from '@gradstream/layers';

/** The names of all activations that need no options. */
const names = [...new Set(Object.values(activations).map((value) => activations.activationName(value)))]
  .filter((name) => name !== undefined && name !== 'threshold')
  .toSorted();

/** Models that together have every layer and every activation that a SavedModel can hold, by what they try. */
export const models = {
  'flatten, dense, dropout': sequential([
    flatten({ inputShape: [4, 3] }),
    dense(8, { activation: 'relu' }),
    dropout(0.5),
    dense(3, { activation: 'softmax' }),
  ]),
  'input with a name': sequential([input({ shape: [5], name: 'features' }), dense(2, { name: 'scores' })]),
  'whole numbers in': sequential([input({ shape: [5], dtype: 'int32' }), dense(2)]),
  'no bias': sequential([dense(4, { inputShape: [5], useBias: false })]),
  'rows of rows': sequential([dense(4, { inputShape: [3, 5], activation: 'tanh' }), flatten(), dense(2)]),
  'any number of rows': sequential([dense(4, { inputShape: [null, 5], activation: 'softmax' })]),
  'nothing but dropout': sequential([dropout(0.9, { inputShape: [5] })]),
  'a model in a model': sequential([
    dense(4, { inputShape: [5] }),
    sequential([dense(6, { inputShape: [4], activation: 'gelu' }), dense(2)], { name: 'inner' }),
    activation('sigmoid'),
  ]),
  ...Object.fromEntries(names.map((name) => [name, sequential([activation(name, { inputShape: [3, 6] })])])),
  ...Object.fromEntries(
    names.map((name) => [`dense, ${name}`, sequential([dense(6, { inputShape: [5], activation: name })])]),
  ),
};

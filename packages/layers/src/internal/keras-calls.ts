/** How Keras writes down what a layer is called with: tensors in one list, or some in order and the others under names. */
export interface KerasCall {
  /** True where all inputs come as one list: `Add()([a, b])`. */
  readonly list?: boolean;
  /** How many inputs come in order. Default: all. */
  readonly positional?: number;
  /** The names of the inputs after these, one a name. */
  readonly named?: readonly string[];
  /** The name of a list that holds all the inputs after the first: `initial_state`. */
  readonly rest?: string;
}

const LIST: KerasCall = { list: true };
const STATES: KerasCall = { positional: 1, rest: 'initial_state' };

/** The layers of several inputs. All others are called with one. */
export const KERAS_CALLS: Readonly<Record<string, KerasCall>> = {
  Add: LIST,
  AdditiveAttention: LIST,
  Attention: LIST,
  Average: LIST,
  Bidirectional: STATES,
  Concatenate: LIST,
  ConvLSTM1D: STATES,
  ConvLSTM2D: STATES,
  ConvLSTM3D: STATES,
  Dot: LIST,
  GRU: STATES,
  GroupQueryAttention: { positional: 2, named: ['key'] },
  LSTM: STATES,
  Maximum: LIST,
  Minimum: LIST,
  MultiHeadAttention: { positional: 2, named: ['key'] },
  Multiply: LIST,
  RNN: STATES,
  SimpleRNN: STATES,
  Softmax: { positional: 1, named: ['mask'] },
  Subtract: LIST,
};

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
  /** What Keras says at the call, under these names, and our layer as an option of the same name. */
  readonly said?: readonly string[];
  /** The name of a last input that our layer has where the option of that name is true. */
  readonly last?: string;
  /** What Keras says at the call for an input of fractions, where our layer sees for itself what it is given. */
  readonly ofFractions?: string;
}

const LIST: KerasCall = { list: true };
const SAID = ['use_causal_mask', 'return_attention_scores'];
const ATTENTION: KerasCall = { list: true, said: SAID };
const HEADS: KerasCall = { positional: 2, named: ['key'], said: SAID, last: 'attention_mask' };
const STATES: KerasCall = { positional: 1, rest: 'initial_state' };

/** The layers of several inputs, or with something else to say at the call. All others are called with one input. */
export const KERAS_CALLS: Readonly<Record<string, KerasCall>> = {
  Add: LIST,
  AdditiveAttention: ATTENTION,
  Attention: ATTENTION,
  Average: LIST,
  Bidirectional: STATES,
  Concatenate: LIST,
  ConvLSTM1D: STATES,
  ConvLSTM2D: STATES,
  ConvLSTM3D: STATES,
  Dot: LIST,
  GRU: STATES,
  GroupQueryAttention: HEADS,
  LSTM: STATES,
  Maximum: LIST,
  Minimum: LIST,
  MultiHeadAttention: HEADS,
  Multiply: LIST,
  RNN: STATES,
  ReversibleEmbedding: { ofFractions: 'reverse' },
  SimpleRNN: STATES,
  Softmax: { positional: 1, named: ['mask'] },
  Subtract: LIST,
};

/** The options of a layer that Keras has no config for: it says them at the call. */
export function saidAtCall(type: string): readonly string[] {
  const { said = [], last } = KERAS_CALLS[type] ?? {};
  return last === undefined ? said : [...said, last];
}

/** Options of a recurrent layer: what it does along time. */
export interface SequenceOptions {
  /** Gives the outputs of all steps, not only the last one's. Default false. */
  readonly returnSequences?: boolean;
  /** Gives the last states as further outputs. Default false. */
  readonly returnState?: boolean;
  /** Runs from the last step to the first; outputs come in the order in which they were computed. Default false. */
  readonly goBackwards?: boolean;
  /** Begins each batch with the states at the end of the batch before: example i goes on where example i stopped. Needs a fixed batch. Default false. */
  readonly stateful?: boolean;
  /** Accepted for Keras' sake: steps are always run one after another, and the common cells in one kernel, so it changes nothing but the config. */
  readonly unroll?: boolean;
  /** The output of a masked step is zero; otherwise it is the output of the step before. Default false. */
  readonly zeroOutputForMask?: boolean;
}

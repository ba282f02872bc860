/** Where training is: plain numbers. */
export interface LoopPosition {
  /** The epoch in hand, 0-based. */
  epoch: number;
  /** Steps of it that are done. */
  step: number;
  /** Whether its `epochBegin` was stated. */
  begun: boolean;
  /** Whether its data has ended: only its end is left to do. */
  over: boolean;
  /** Steps of the run that are done. */
  stepsDone: number;
  /** Milliseconds of the run, without pauses. */
  elapsed: number;
}

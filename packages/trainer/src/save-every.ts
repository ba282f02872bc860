/** When to write a checkpoint: after so many steps, seconds or epochs since the last one, whichever comes first. */
export interface SaveEvery {
  readonly steps?: number;
  readonly seconds?: number;
  readonly epochs?: number;
}

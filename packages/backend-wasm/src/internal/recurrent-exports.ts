/** The recurrent kernels that the binaries export: see assembly/recurrent. Addresses, lengths and flags are whole numbers; 0 stands for a bias or mask that is not there. */
export interface RecurrentExports {
  /** Bytes of scratch space that `lstm` needs; likewise below. */
  lstmScratch(batch: number, steps: number, features: number, units: number): number;
  lstm(
    x: number,
    kernel: number,
    recurrent: number,
    bias: number,
    h: number,
    c: number,
    mask: number,
    hs: number,
    cs: number,
    gates: number,
    before: number,
    cells: number,
    squashed: number,
    batch: number,
    steps: number,
    features: number,
    units: number,
    sequences: number,
    scratch: number,
  ): void;
  lstmGradientScratch(batch: number, units: number): number;
  lstmGradient(
    dh: number,
    dc: number,
    gates: number,
    cells: number,
    squashed: number,
    recurrent: number,
    mask: number,
    dz: number,
    dFirst: number,
    dCell: number,
    batch: number,
    steps: number,
    units: number,
    sequences: number,
    scratch: number,
  ): void;
  gruScratch(batch: number, steps: number, features: number, units: number): number;
  gru(
    x: number,
    kernel: number,
    recurrent: number,
    bias: number,
    h: number,
    mask: number,
    hs: number,
    gates: number,
    inner: number,
    before: number,
    batch: number,
    steps: number,
    features: number,
    units: number,
    sequences: number,
    scratch: number,
  ): void;
  gruGradientScratch(batch: number, units: number): number;
  gruGradient(
    dh: number,
    gates: number,
    inner: number,
    before: number,
    recurrent: number,
    mask: number,
    dInput: number,
    dState: number,
    dFirst: number,
    batch: number,
    steps: number,
    units: number,
    sequences: number,
    scratch: number,
  ): void;
}

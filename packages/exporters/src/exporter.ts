import type { Model } from '@gradstream/layers';

/** A file of an export: its name inside the export's folder, and its bytes in pieces that follow one another. */
export interface ExportedFile {
  readonly name: string;
  readonly pieces: readonly Uint8Array[];
}

/** A format that models can be written in. It makes bytes; who calls it decides where they go. */
export interface Exporter {
  readonly format: string;
  /** The files of a model as it is at the time of the call, in the order in which they have to be written. */
  export(model: Model): Promise<readonly ExportedFile[]>;
}

/** The bytes of a file. */
export function byteLength(file: ExportedFile): number {
  return file.pieces.reduce((sum, piece) => sum + piece.length, 0);
}

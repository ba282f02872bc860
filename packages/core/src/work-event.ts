import type { Logs } from './logs.js';
import type { Timed } from './training-event.js';

/** Facts of an evaluation or a prediction. `steps` is null where the dataset does not tell before its end. */
export type InferenceEvent =
  | ({ readonly type: 'evaluationBegin' | 'predictionBegin'; readonly steps: number | null } & Timed)
  | ({ readonly type: 'evaluationStep' | 'predictionStep'; readonly step: number; readonly samples: number } & Timed)
  | ({ readonly type: 'evaluationEnd'; readonly steps: number; readonly samples: number; readonly logs: Logs } & Timed)
  | ({ readonly type: 'predictionEnd'; readonly steps: number; readonly samples: number } & Timed);

/** Facts of a dataset: a download's progress in bytes (`total` null where the server does not tell) and records that were left out. */
export type DatasetEvent =
  | ({
      readonly type: 'downloadProgress';
      readonly file: string;
      readonly received: number;
      readonly total: number | null;
    } & Timed)
  | ({ readonly type: 'downloadEnd'; readonly file: string; readonly bytes: number } & Timed);

/** Facts of an export: parts done of all parts, and each file with its size in bytes. */
export type ExportEvent =
  | ({ readonly type: 'exportProgress'; readonly done: number; readonly total: number; readonly what: string } & Timed)
  | ({ readonly type: 'fileWritten'; readonly path: string; readonly bytes: number } & Timed);

/** Everything that any run states. */
export type WorkEvent = InferenceEvent | DatasetEvent | ExportEvent;

import * as our from '@gradstream/layers';
import { layers as their } from '@tensorflow/tfjs-layers';

const ROWS = [[32, 28, 28]];
/** tfjs-layers' orthogonal initializer needs chained ops, which plain Node.js has not; it makes no difference to the time. */
const PLAIN = { recurrentInitializer: 'glorotUniform', recurrentActivation: 'sigmoid' };

/** Recurrent layers and their wrappers. */
export const recurrentCases = [
  {
    name: 'simpleRnn 128',
    input: ROWS,
    ours: () => our.simpleRnn(128),
    theirs: () => their.simpleRNN({ units: 128, recurrentInitializer: 'glorotUniform' }),
  },
  { name: 'lstm 128', input: ROWS, ours: () => our.lstm(128), theirs: () => their.lstm({ units: 128, ...PLAIN }) },
  {
    name: 'gru 128',
    input: ROWS,
    ours: () => our.gru(128, { resetAfter: false }),
    theirs: () => their.gru({ units: 128, ...PLAIN }),
  },
  {
    name: 'lstm 32, all states',
    input: ROWS,
    ours: () => our.lstm(32, { returnSequences: true }),
    theirs: () => their.lstm({ units: 32, returnSequences: true, ...PLAIN }),
  },
  {
    name: 'bidirectional lstm 32',
    input: ROWS,
    ours: () => our.bidirectional(our.lstm(32)),
    theirs: () => their.bidirectional({ layer: their.lstm({ units: 32, ...PLAIN }), mergeMode: 'concat' }),
  },
  {
    name: 'rnn of two cells',
    input: ROWS,
    ours: () => our.rnn([our.lstmCell(16), our.lstmCell(16)]),
    theirs: () =>
      their.rnn({ cell: [their.lstmCell({ units: 16, ...PLAIN }), their.lstmCell({ units: 16, ...PLAIN })] }),
  },
  {
    name: 'timeDistributed dense 32',
    input: ROWS,
    ours: () => our.timeDistributed(our.dense(32)),
    theirs: () => their.timeDistributed({ layer: their.dense({ units: 32 }) }),
  },
  {
    name: 'convLstm2d 3x3, 8',
    input: [[4, 5, 14, 14, 4]],
    ours: () => our.convLstm2d(8, 3, { padding: 'same' }),
    theirs: () => their.convLstm2d({ filters: 8, kernelSize: 3, padding: 'same', ...PLAIN }),
  },
];

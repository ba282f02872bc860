import type { Config } from '@gradstream/core';
import { bidirectional, type BidirectionalOptions } from '../../recurrent/bidirectional.js';
import { convLstm1d } from '../../recurrent/conv-lstm1d.js';
import { convLstm2d } from '../../recurrent/conv-lstm2d.js';
import { convLstm3d } from '../../recurrent/conv-lstm3d.js';
import { gruCell } from '../../recurrent/gru-cell.js';
import { gru } from '../../recurrent/gru.js';
import { lstmCell } from '../../recurrent/lstm-cell.js';
import { lstm } from '../../recurrent/lstm.js';
import type { RecurrentCell } from '../../recurrent/recurrent-cell.js';
import type { RecurrentLayer } from '../../recurrent/recurrent-layer.js';
import { rnn } from '../../recurrent/rnn.js';
import { simpleRnnCell } from '../../recurrent/simple-rnn-cell.js';
import { simpleRnn } from '../../recurrent/simple-rnn.js';
import { stackedRnnCells } from '../../recurrent/stacked-rnn-cells.js';
import { timeDistributed } from '../../recurrent/time-distributed.js';
import { layerType, type LayerTypes } from '../layer-type.js';

/** Recurrent layers, cells and wrappers. */
export const recurrentTypes: LayerTypes = {
  Bidirectional: ({ layer, backwardLayer, mergeMode, ...rest }, inner) =>
    bidirectional(inner(layer as unknown as Config) as RecurrentLayer, {
      ...rest,
      // A config always has it, and options that are null are left out before they come here.
      mergeMode: (mergeMode ?? null) as NonNullable<BidirectionalOptions['mergeMode']> | null,
      ...(backwardLayer === undefined
        ? {}
        : { backwardLayer: inner(backwardLayer as unknown as Config) as RecurrentLayer }),
    }),
  ConvLSTM1D: layerType(convLstm1d, 'filters', 'kernelSize'),
  ConvLSTM2D: layerType(convLstm2d, 'filters', 'kernelSize'),
  ConvLSTM3D: layerType(convLstm3d, 'filters', 'kernelSize'),
  GRU: layerType(gru, 'units'),
  GRUCell: layerType(gruCell, 'units'),
  LSTM: layerType(lstm, 'units'),
  LSTMCell: layerType(lstmCell, 'units'),
  RNN: ({ cell, ...rest }, inner) => rnn(inner(cell as unknown as Config) as RecurrentCell, rest),
  SimpleRNN: layerType(simpleRnn, 'units'),
  SimpleRNNCell: layerType(simpleRnnCell, 'units'),
  StackedRNNCells: ({ cells, ...rest }, inner) =>
    stackedRnnCells(
      (cells as unknown as readonly Config[]).map((cell) => inner(cell) as RecurrentCell),
      rest,
    ),
  TimeDistributed: ({ layer, ...rest }, inner) => timeDistributed(inner(layer as unknown as Config), rest),
};

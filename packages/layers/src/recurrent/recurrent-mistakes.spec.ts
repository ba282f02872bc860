import { describe, expect, it } from 'vitest';
import { apply } from '../apply.js';
import { dense } from '../core/dense.js';
import { input } from '../core/input.js';
import {
  bidirectional,
  convLstm1d,
  convLstm2d,
  gru,
  gruCell,
  lstm,
  lstmCell,
  rnn,
  simpleRnn,
  stackedRnnCells,
  timeDistributed,
} from './index.js';

describe('mistakes in a recurrent layer', () => {
  const x = input({ shape: [3, 2] });
  const flat = input({ shape: [2] });
  it.each([
    ['an input without steps', () => flat.pipe(lstm(2)), /GS_LAYER_SHAPE .*returnSequences: true/s],
    ['images', () => input({ shape: [3, 2, 2] }).pipe(gru(2)), /GS_LAYER_SHAPE .*timeDistributed\(flatten\(\)\)/s],
    ['an unknown width', () => input({ shape: [3, null] }).pipe(simpleRnn(2)), /GS_LAYER_SHAPE .*width is not known/s],
    ['one state of two', () => apply(lstm(2), [x, flat]), /GS_LAYER_SHAPE .*State 1/s],
    ['a state of another width', () => apply(gru(3), [x, flat]), /GS_LAYER_SHAPE .*State 0/s],
    ['too many states', () => apply(gru(2), [x, flat, flat]), /GS_LAYER_INPUTS/],
    ['states for one direction', () => apply(bidirectional(gru(2)), [x, flat]), /GS_LAYER_INPUTS .*2 states/s],
    ['no units', () => lstm(0), /GS_OPTION_VALUE .*"units"/s],
    ['half a unit', () => gruCell(1.5), /GS_OPTION_VALUE .*"units"/s],
    ['a rate above 1', () => lstm(2, { dropout: 1.5 }), /GS_OPTION_VALUE .*"dropout"/s],
    ['a rate that is no number', () => gru(2, { recurrentDropout: Number.NaN }), /GS_OPTION_VALUE/],
    ['an unknown activation', () => lstm(2, { activation: 'tahn' }), /tanh/],
    ['a misspelt option', () => lstm(2, { returnSequence: true } as never), /GS_OPTION_UNKNOWN .*returnSequences/s],
    ['an option of another layer', () => gru(2, { unitForgetBias: true } as never), /GS_OPTION_UNKNOWN/],
    ['an option of a layer for a cell', () => lstmCell(2, { stateful: true } as never), /GS_OPTION_UNKNOWN/],
    ['a flag that is no flag', () => lstm(2, { goBackwards: 1 as never }), /GS_OPTION_VALUE .*goBackwards/s],
    ['a layer as a cell', () => rnn(dense(2) as never), /GS_MODEL_LAYERS .*lstmCell/s],
    ['no cells', () => stackedRnnCells([]), /GS_MODEL_LAYERS/],
    ['a cell both ways', () => bidirectional(lstmCell(2) as never), /GS_MODEL_LAYERS .*recurrent layer/s],
    [
      'two layers of one direction',
      () => bidirectional(lstm(2), { backwardLayer: lstm(2) }),
      /GS_LAYER_DIRECTION .*goBackwards/s,
    ],
    [
      'directions that return different things',
      () => bidirectional(lstm(2), { backwardLayer: lstm(2, { goBackwards: true, returnSequences: true }) }),
      /GS_LAYER_DIRECTION .*returnSequences/s,
    ],
    ['an unknown merge', () => bidirectional(lstm(2), { mergeMode: 'max' as never }), /GS_OPTION_VALUE .*mergeMode/s],
    ['time without steps', () => flat.pipe(timeDistributed(dense(2))), /GS_LAYER_SHAPE/],
    ['channels first', () => convLstm2d(1, 2, { dataFormat: 'channelsFirst' as never }), /GS_OPTION_VALUE .*permute/s],
    ['strides with dilation', () => convLstm2d(1, 2, { strides: 2, dilationRate: 2 }), /GS_OPTION_VALUE/],
    ['a kernel of another rank', () => convLstm1d(1, [2, 2]), /GS_OPTION_VALUE .*kernelSize/s],
    [
      'an image smaller than the kernel',
      () => input({ shape: [2, 2, 1] }).pipe(convLstm1d(1, 3)),
      /GS_LAYER_SHAPE .*'same'/s,
    ],
    [
      'an image of unknown size',
      () => input({ shape: [2, null, 1] }).pipe(convLstm1d(1, 2)),
      /GS_LAYER_SHAPE .*not known/s,
    ],
  ])('%s', (_, define, message) => {
    expect(define).toThrow(message);
  });
});

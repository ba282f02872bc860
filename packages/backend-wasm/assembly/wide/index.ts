// A module of its own: what gains from vectors of 256 bits. The binaries call it through their table of functions, see call.ts.
export { writeConstants } from '../simd/constants';
export { denseTile } from './dense-tile';
export { panelTile, rowsTile } from './tile';
export { lstmBackward, lstmForward } from '../recurrent/lstm-gates';
export { gruBackward, gruForward } from '../recurrent/gru-gates';

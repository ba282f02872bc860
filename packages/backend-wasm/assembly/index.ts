export { fillBytes } from './memory/fill';
export { gemm, gemmScratch } from './gemm/gemm';
export { workerMain } from './pool/parallel';
export { binary } from './elementwise/binary';
export { unary } from './elementwise/unary';
export { boolToFloat, boolToInt, fill32, floatTest, floatToInt, intToBool, intToFloat, logical, select, selectRows } from './elementwise/convert';

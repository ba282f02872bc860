export { fillBytes } from './memory/fill';
export { gemm, gemmScratch } from './gemm/gemm';
export { workerMain } from './pool/parallel';

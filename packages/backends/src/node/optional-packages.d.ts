// Optional peers that are not there when this is compiled; what is used of them is described beside their adapters.
declare module '@tensorflow/tfjs-node-gpu' {}
declare module '@tensorflow/tfjs-node' {}
declare module 'webgpu' {
  export const create: unknown;
  export const globals: unknown;
}

export { crc32c, maskedCrc32c } from './crc32c.js';
export * from './safetensors/index.js';
export * from './tfrecord/index.js';

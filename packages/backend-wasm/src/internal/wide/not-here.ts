import type { Variant } from '../binaries/variants.js';
import type { WideModule } from './wide-module.js';

/** The module of wide functions: only Node.js can ask V8 for it. */
export function compileWide(_variant: Variant): Promise<WideModule> {
  return Promise.resolve({ reason: 'they are for Node.js only' });
}

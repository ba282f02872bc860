import { input } from '@gradstream/backend-kernels';
import type { Address } from '../../driver/driver.js';
import type { KernelCall } from '../kernel.js';

/** Where an input lies; 0 for one that was not given. */
export function addressOr0(call: KernelCall, name: string): Address {
  const x = input(call, name);
  return x === undefined ? 0 : call.backend.address(x);
}

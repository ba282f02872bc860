import type { Config, Json } from '@gradstream/core';
import { tidy, type Scalar, type Tensor } from '@tensorflow/tfjs-core';
import type { Schedule } from '../schedule.js';

/** A schedule that cleans up behind itself and says how it was set up. */
export function namedSchedule(
  type: string,
  config: Readonly<Record<string, Json>> | undefined,
  rate: (step: Scalar) => Tensor,
): Schedule {
  const schedule = (step: Scalar): Scalar => tidy(() => rate(step)) as Scalar;
  return config === undefined ? schedule : Object.assign(schedule, { config: { type, config } satisfies Config });
}

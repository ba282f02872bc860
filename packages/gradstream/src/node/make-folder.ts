import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { describeValue, GradstreamError } from '@gradstream/core';
import { makeFolders } from '@gradstream/core/node';

/** Makes the folder that an option names, where it is not there yet. Throws `GS_OPTION_VALUE` where that cannot be, or the folder cannot be written to. */
export async function makeFolder(where: string, option: string, path: string): Promise<void> {
  try {
    await makeFolders(path);
    await access(path, constants.W_OK);
  } catch (cause) {
    throw new GradstreamError('GS_OPTION_VALUE', {
      where,
      what: `The folder of "${option}" cannot be written to`,
      expected: 'a folder, or a place where one can be made',
      received: cause instanceof Error ? cause.message : describeValue(cause),
      next: 'Name another folder, or check the rights on this one.',
      cause,
    });
  }
}

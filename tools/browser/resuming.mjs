import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withPage } from './chromium.mjs';
import { servePage } from './server.mjs';

/**
 * Kills a browser whose page trains with checkpoints in its private files, opens the page again, and compares its end with that of a page that was left alone. `folder`
 * holds the page's modules.
 */
export async function checkResuming(command, folder, timeout) {
  const profile = await mkdtemp(join(tmpdir(), 'gradstream-browser-'));
  let port = 0;
  const open = async (role) => {
    // The same port each time: it is part of the origin that the files belong to.
    const server = await servePage(folder, { isolated: true, page: 'resuming-page', port });
    port = server.port;
    const result = await withPage(command, `${server.url}#${role}`, server.result, timeout, { kept: profile }).finally(
      server.close,
    );
    assert.equal(result.error, undefined, result.error);
    return result;
  };
  try {
    const whole = await open('whole');
    assert.equal(whole.resumed, null);
    assert.deepEqual(await open('killed'), { role: 'killed', saved: 3 });
    const resumed = await open('resumed');
    assert.match(resumed.resumed.checkpoint, /^checkpoint-\d{6}$/);
    assert.equal(resumed.digest, whole.digest, 'the weights of the resumed training are those of the whole one');
    assert.deepEqual(resumed.losses, whole.losses);
    return resumed.resumed;
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}

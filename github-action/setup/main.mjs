// The setup action: one jar, checked, and a script that runs it with a Java that is new enough.
//
// It is kept under its digest in the runner's tool folder. What lies there is hashed again before it is used: other jobs
// of a runner that is not thrown away can write there.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { HttpClient } from '../http/client.mjs';
import { Failure } from '../runner/failure.mjs';
import { step } from '../runner/step.mjs';
import { addToPath, input, print, setOutput, warning } from '../runner/workflow-commands.mjs';
import { download, JAR, sourceOf } from './download.mjs';
import { install } from './install.mjs';
import { findJava } from './java.mjs';

await step(async () => {
  const java = findJava();
  const client = new HttpClient();
  const source = sourceOf({ version: input('version'), url: input('url') });
  const given = input('sha256').toLowerCase();
  if (given && !/^[0-9a-f]{64}$/.test(given)) {
    throw new Failure(`input sha256 is "${given}"; it is 64 hex digits`);
  }
  if (!given) {
    warning(`input sha256 is not set: ${JAR} is compared with the checksum beside it only`);
  }
  const sha256 = given || (await download.checksum(client, source));
  const installed = await install(sha256, java, (file) => download.jar(client, source, sha256, file));

  const said = spawnSync(installed.command, ['-V'], { encoding: 'utf8', shell: process.platform === 'win32' });
  if (said.status !== 0) {
    throw new Failure(`lair does not start with ${java}: ${said.stderr || said.error?.message || `exit code ${said.status}`}`);
  }
  addToPath(installed.folder);
  setOutput('version', said.stdout.trim().split(/\s+/).pop());
  setOutput('path', installed.folder);
  setOutput('sha256', sha256);
  print(`${said.stdout.trim()} in ${join(installed.folder)}${installed.wasThere ? ' (was there)' : ''}`);
});

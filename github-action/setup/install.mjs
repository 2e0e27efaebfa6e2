// Where the jar lies: TOOL_FOLDER/lair/sha256-HEX/lair-cli.jar, with the scripts that run it in bin beside it. The
// folder appears by a rename, complete or not at all.

import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfFile } from '../registry/digest.mjs';
import { Failure } from '../runner/failure.mjs';
import { JAR } from './download.mjs';

const OPTIONS = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED';

/**
 * @param {string} sha256 of the jar
 * @param {string} java the program that runs it
 * @param {(file: string) => Promise<void>} fetchJar writes the jar, or throws
 * @returns {Promise<{folder: string, command: string, wasThere: boolean}>}
 */
export async function install(sha256, java, fetchJar, env = process.env) {
  const tools = join(env.RUNNER_TOOL_CACHE || env.RUNNER_TEMP || tmpdir(), 'lair');
  const home = join(tools, `sha256-${sha256}`);
  let wasThere = existsSync(join(home, JAR));
  if (wasThere && (await digestOfFile(join(home, JAR))).digest !== `sha256:${sha256}`) {
    rmSync(home, { recursive: true });
    wasThere = false;
  }
  if (!wasThere) {
    mkdirSync(tools, { recursive: true });
    const fresh = mkdtempSync(join(tools, 'new-'));
    try {
      await fetchJar(join(fresh, JAR));
      rename(fresh, home);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  }
  // Written each time: the Java of this job may be another one.
  const folder = join(home, 'bin');
  mkdirSync(folder, { recursive: true });
  const jar = join(home, JAR);
  const script = join(folder, 'lair');
  writeFileSync(script, `#!/bin/sh\nexec ${quoted(java)} ${OPTIONS} -jar ${quoted(jar)} "$@"\n`);
  chmodSync(script, 0o755);
  writeFileSync(join(folder, 'lair.cmd'), `@"${java}" ${OPTIONS} -jar "${jar}" %*\r\n`);
  return { folder, command: process.platform === 'win32' ? join(folder, 'lair.cmd') : script, wasThere };
}

function rename(fresh, home) {
  try {
    renameSync(fresh, home);
  } catch (error) {
    // Another job of this runner was faster, with the same bytes.
    if (!existsSync(join(home, JAR))) {
      throw new Failure(`${home} cannot be written: ${error.message}`, { cause: error });
    }
  }
}

function quoted(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

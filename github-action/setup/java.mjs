// Which Java runs lair. The runner images name theirs JAVA_HOME_25_X64 and so on; setup-java sets JAVA_HOME.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../runner/failure.mjs';

const NEEDED = 25;
const PROGRAM = process.platform === 'win32' ? 'java.exe' : 'java';

/** The path of a `java` of release 25 or newer: JAVA_HOME's, the oldest that the image names, or the one on PATH. */
export function findJava(env = process.env) {
  const named = Object.keys(env)
    .map((name) => /^JAVA_HOME_(\d+)_/.exec(name))
    .filter((match) => match && Number(match[1]) >= NEEDED)
    .sort((a, b) => a[1] - b[1])
    .map((match) => match.input);
  const seen = [];
  for (const variable of ['JAVA_HOME', ...named]) {
    const home = env[variable];
    const program = home && join(home, 'bin', PROGRAM);
    if (!program || !existsSync(program)) {
      continue;
    }
    const release = releaseOf(home);
    if (release >= NEEDED) {
      return program;
    }
    seen.push(`${variable} is Java ${release || 'of an unknown release'}`);
  }
  const onPath = spawnSync(PROGRAM, ['-version'], { encoding: 'utf8', env });
  const release = Number(/version "(\d+)/.exec(onPath.stderr ?? '')?.[1] ?? 0);
  if (release >= NEEDED) {
    return PROGRAM;
  }
  seen.push(release ? `the java on PATH is ${release}` : 'no java on PATH');
  throw new Failure(`lair needs Java ${NEEDED} or newer (${seen.join('; ')}). Add this step before:

- uses: actions/setup-java@v5.0.0
  with:
    distribution: temurin
    java-version: "${NEEDED}"
`);
}

function releaseOf(home) {
  try {
    return Number(/^JAVA_VERSION="(\d+)/m.exec(readFileSync(join(home, 'release'), 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

// The setup action, with a Java and a jar that are scripts: what is installed is told apart by what it prints.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeRegistry } from './fake-registry.mjs';
import { errors, FakeRunner } from './fake-runner.mjs';

const JAR = Buffer.from('the jar of lair');
const SHA256 = createHash('sha256').update(JAR).digest('hex');
const RELEASE = '/acme/lair/releases/download/v0.1.0';

let runner;
let releases;

beforeEach(async () => {
  runner = await FakeRunner.start();
  releases = await FakeRegistry.start({
    [`GET ${RELEASE}/lair-cli.jar`]: () => ({ status: 302, headers: { Location: '/stored' } }),
    'GET /stored': () => ({ status: 200, bytes: JAR }),
    [`GET ${RELEASE}/SHA256SUMS`]: () => ({ status: 200, bytes: `${'0'.repeat(64)}  lair-server.jar\n${SHA256}  lair-cli.jar\n` }),
  });
});
afterEach(() => Promise.all([runner.stop(), releases.stop()]));

/** A folder that looks like a JDK; its java prints which one it is, and the arguments behind -jar. */
function jdk(name, version) {
  const home = join(runner.folder, name);
  mkdirSync(join(home, 'bin'), { recursive: true });
  writeFileSync(join(home, 'release'), `IMPLEMENTOR="x"\nJAVA_VERSION="${version}"\n`);
  const java = join(home, 'bin/java');
  writeFileSync(java, `#!/bin/sh\nwhile [ "$1" != -jar ]; do shift; done\necho "lair 0.1.0-${name.replace(/\W/g, '')}"\n[ "$3" != -V ] && echo "$3"\nexit 0\n`);
  chmodSync(java, 0o755);
  return home;
}

function env(more = {}) {
  return {
    GITHUB_SERVER_URL: releases.url,
    GITHUB_ACTION_REPOSITORY: 'acme/lair',
    RUNNER_TOOL_CACHE: join(runner.folder, 'tools'),
    PATH: '/usr/bin:/bin',
    ...more,
  };
}

const run = (inputs, more) => runner.run('setup', 'main.mjs', inputs, env(more));

test('a release is downloaded, compared with its checksum, kept under its digest and put on PATH', async () => {
  const main = await run({ version: '0.1.0' }, { JAVA_HOME: jdk('jdk 25', '25.0.3') });
  assert.deepEqual(errors(main.stdout), []);
  assert.match(main.stdout, /::warning::input sha256 is not set/);
  const home = join(runner.folder, 'tools/lair', `sha256-${SHA256}`);
  assert.deepEqual(main.outputs, { version: '0.1.0-jdk25', path: join(home, 'bin'), sha256: SHA256 });
  assert.equal(main.path, join(home, 'bin'));
  assert.deepEqual(readFileSync(join(home, 'lair-cli.jar')), JAR);
  const lair = spawnSync('lair', ['a b'], { env: { PATH: `${main.path}:/usr/bin:/bin` }, encoding: 'utf8' });
  assert.equal(lair.stdout, 'lair 0.1.0-jdk25\na b\n');
});

test('what is there is used without a download, unless somebody changed it', async () => {
  const more = { JAVA_HOME: jdk('jdk', '25') };
  const inputs = { version: '0.1.0', sha256: SHA256 };
  await run(inputs, more);
  const second = await run(inputs, more);
  assert.match(second.stdout, /\(was there\)/);
  assert.equal(releases.of('GET', '/stored').length, 1);
  assert.deepEqual(releases.of('GET', '/SHA256SUMS'), []);
  const jar = join(second.outputs.path, '../lair-cli.jar');
  writeFileSync(jar, 'somebody else\'s');
  await run(inputs, more);
  assert.equal(releases.of('GET', '/stored').length, 2);
  assert.deepEqual(readFileSync(jar), JAR);
});

test('a jar with another digest is not installed', async () => {
  const main = await run({ version: '0.1.0', sha256: 'c'.repeat(64) }, { JAVA_HOME: jdk('jdk', '25') });
  assert.equal(main.code, 1);
  assert.match(errors(main.stdout).join(), new RegExp(`has the digest ${SHA256} and not c{64}; it is not installed`));
  assert.deepEqual(readdirSync(join(runner.folder, 'tools/lair')), []);
  assert.equal(main.path, '');
});

test('a URL is taken instead of a version, with the checksum beside it or one given', async () => {
  const java = { JAVA_HOME: jdk('jdk', '26') };
  const main = await run({ url: `${releases.url}${RELEASE}/lair-cli.jar` }, java);
  assert.equal(main.outputs.sha256, SHA256);
  const other = await run({ url: `${releases.url}/stored` }, java);
  assert.match(errors(other.stdout).join(), /stored answers 404|SHA256SUMS answers 404/);
});

test('the oldest Java that is new enough is found among those that the image names', async () => {
  const main = await run(
    { version: '0.1.0' },
    {
      JAVA_HOME: jdk('jdk17', '17.0.15'),
      JAVA_HOME_21_X64: jdk('jdk21', '21'),
      JAVA_HOME_26_X64: jdk('jdk26', '26'),
      JAVA_HOME_25_X64: jdk('jdk25', '25.0.3'),
    },
  );
  assert.equal(main.outputs.version, '0.1.0-jdk25');
});

test('without a Java that is new enough nothing is downloaded, and the step to add is told', async () => {
  const old = join(runner.folder, 'old');
  mkdirSync(old);
  writeFileSync(join(old, 'java'), '#!/bin/sh\necho \'openjdk version "17.0.15"\' >&2\n');
  chmodSync(join(old, 'java'), 0o755);
  const main = await run({ version: '0.1.0' }, { JAVA_HOME: jdk('jdk21', '21.0.1'), PATH: old });
  assert.equal(main.code, 1);
  const [text] = errors(main.stdout);
  assert.match(text, /needs Java 25 or newer \(JAVA_HOME is Java 21; the java on PATH is 17\)/);
  assert.match(text, /uses: actions\/setup-java@/);
  assert.deepEqual(releases.log, []);
});

test('inputs that cannot be are refused', async () => {
  const more = { JAVA_HOME: jdk('jdk', '25') };
  const refused = async (inputs, pattern) => {
    const main = await run(inputs, more);
    assert.equal(main.code, 1);
    assert.match(errors(main.stdout).join(), pattern);
  };
  await refused({}, /exactly one of them/);
  await refused({ version: '0.1.0', url: releases.url }, /exactly one of them/);
  await refused({ version: 'latest' }, /it is the number of a release/);
  await refused({ version: '../../x' }, /it is the number of a release/);
  await refused({ url: 'http://releases.example/lair-cli.jar' }, /must begin with https/);
  await refused({ version: '0.1.0', sha256: 'abc' }, /it is 64 hex digits/);
  await refused({ version: '9.9.9' }, /answers 404; is there such a release/);
  assert.ok(!existsSync(join(runner.folder, 'tools')));
});

// The publish action when all goes well, and each of its inputs.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeRegistry, TOKEN } from './fake-registry.mjs';
import { errors, FakeRunner } from './fake-runner.mjs';

const BYTES = Buffer.from('\0asm a component');
const DIGEST = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;
const PATH = '/api/v1/packages/acme/greeter/versions/1.2.3';

let runner;
let registry;

beforeEach(async () => {
  runner = await FakeRunner.start();
  registry = await FakeRegistry.start();
  runner.file('greeter.wasm', BYTES);
});
afterEach(() => Promise.all([runner.stop(), registry.stop()]));

const inputs = (more = {}) => ({ registry: registry.url, package: 'acme:greeter', file: 'greeter.wasm', ...more });

async function published(more, env) {
  const job = await runner.job('publish', inputs(more), env);
  assert.deepEqual(errors(job.main.stdout), []);
  assert.equal(job.main.stderr, '');
  assert.equal(job.main.code, 0);
  assert.equal(job.post.code, 0);
  return job;
}

async function refused(more, pattern, env) {
  const main = await runner.run('publish', 'main.mjs', inputs(more), env);
  assert.equal(main.code, 1, main.stdout);
  assert.match(errors(main.stdout).join('\n'), pattern);
  assert.ok(!main.stdout.includes('unexpected fault'), main.stdout);
  return main;
}

test('a file is published with the steps in their order', async () => {
  const { main } = await published();
  assert.deepEqual(registry.log, [
    'GET /api/v1/trusted-publishing/audience',
    'POST /api/v1/trusted-publishing/token',
    `POST ${PATH}`,
    `GET ${PATH}/publish-status/s1`,
    `GET ${PATH}`,
    `GET ${PATH}/content`,
    `GET ${PATH}/attestations`,
    'DELETE /api/v1/trusted-publishing/token',
  ]);
  assert.deepEqual(main.outputs, {
    version: '1.2.3',
    digest: DIGEST,
    'record-id': `sha256:${'a'.repeat(64)}`,
    'log-index': '41',
    url: `${registry.url}${PATH}`,
    'attestation-path': join(runner.folder, 'lair-acme-greeter-1.2.3.intoto.jsonl'),
  });
  const [upload] = registry.of('POST', '/1.2.3');
  assert.deepEqual(upload.body, BYTES);
  assert.equal(upload.headers['content-type'], 'application/wasm');
  assert.equal(upload.headers['content-length'], String(BYTES.length));
});

test('the identity token is asked for with the audience of the registry and the key of the runner', async () => {
  await published();
  assert.deepEqual(runner.asked, [{ audience: registry.host, authorization: 'Bearer request-token-of-the-runner' }]);
});

test('the token is asked for one package, one action and these bytes', async () => {
  await published();
  const [exchange] = registry.of('POST', '/token');
  assert.deepEqual(JSON.parse(exchange.body), {
    token: runner.identities[0],
    action: 'publish',
    packages: ['acme:greeter'],
    content: [DIGEST],
  });
});

test('tokens are masked before they are used and before anything else is printed', async () => {
  const atRequest = {};
  registry.watch = ({ method, path }) => {
    atRequest[`${method} ${path}`] ??= runner.stdout();
  };
  const { main } = await published();
  const [identity] = runner.identities;
  assert.equal(atRequest['POST /api/v1/trusted-publishing/token'], `::add-mask::${identity}\n`);
  const lines = main.stdout.split('\n');
  assert.deepEqual(lines.slice(0, 2), [`::add-mask::${identity}`, `::add-mask::${TOKEN}`]);
  assert.ok(atRequest[`POST ${PATH}`].includes(`::add-mask::${TOKEN}\n`));
});

test('no token stands in what a step leaves', async () => {
  const { main, post } = await published();
  const left = [main, post].flatMap(({ stdout, stderr, outputs, summary }) => [
    stdout.replace(/^::add-mask::.*$/gm, ''),
    stderr,
    JSON.stringify(outputs),
    summary,
  ]);
  left.push(readFileSync(main.outputs['attestation-path'], 'utf8'));
  for (const secret of [TOKEN, runner.identities[0], runner.identities[0].split('.')[2], 'request-token-of-the-runner']) {
    assert.ok(!left.join('\n').includes(secret), secret);
  }
});

test('the page of the job tells digest, place in the log, imports, exports and the proof', async () => {
  const { main } = await published();
  for (const part of [
    '`acme:greeter@1.2.3` is published',
    DIGEST,
    '| log index | `41` |',
    '`wasi:cli/environment@0.2.0`',
    '`acme:greeter/greet\\|er`',
    `${registry.url}/package/acme/greeter/1.2.3.tlog-proof`,
  ]) {
    assert.ok(main.summary.includes(part), `${part} in\n${main.summary}`);
  }
});

test('a registry that publishes at once is not asked for a state', async () => {
  registry.polls = 0;
  await published();
  assert.deepEqual(registry.of('GET', '/s1'), []);
});

test('a state is asked for until it is final', async () => {
  registry.polls = 3;
  await published();
  assert.equal(registry.of('GET', '/s1').length, 3);
});

test('the key of the upload is the same for the same run and bytes, and another one for another run', async () => {
  await published();
  registry.releases.clear();
  await published();
  registry.releases.clear();
  await published({}, { GITHUB_RUN_ID: '1002' });
  const [first, second, other] = registry.of('POST', '/1.2.3').map(({ headers }) => headers['idempotency-key']);
  assert.equal(first, second);
  assert.notEqual(first, other);
});

test('input version replaces the tag, and a run without a tag needs it', async () => {
  await published({ version: '2.0.0-rc.1' });
  assert.ok(registry.log.includes('POST /api/v1/packages/acme/greeter/versions/2.0.0-rc.1'));
  await refused({}, /input version is not set and this run is not for a tag \(refs\/heads\/main\)/, {
    GITHUB_REF_TYPE: 'branch',
    GITHUB_REF: 'refs/heads/main',
  });
});

test('a tag without v is a version too; other tags and build metadata are refused', async () => {
  await published({}, { GITHUB_REF_NAME: '1.2.3' });
  await refused({}, /"release-7" is not one to publish/, { GITHUB_REF_NAME: 'release-7' });
  await refused({ version: '1.0.0+build' }, /without build metadata/);
  await refused({ version: '01.0.0' }, /is not one to publish/);
});

test('inputs that cannot be are refused before anything is sent', async () => {
  await refused({ package: 'acme' }, /input package is "acme"; it is namespace:name/);
  await refused({ package: 'acme:../x' }, /input package is/);
  await refused({ package: '' }, /input package is not set/);
  await refused({ registry: '' }, /input registry is not set/);
  await refused({ registry: 'registry.example' }, /it is a URL like/);
  await refused({ registry: 'http://registry.example' }, /must begin with https/);
  await refused({ registry: 'https://user:pw@registry.example' }, /has a user/);
  await refused({ file: '' }, /exactly one of them/);
  await refused({ 'wit-dir': 'wit' }, /exactly one of them/);
  await refused({ file: 'missing.wasm' }, /"missing.wasm", which cannot be read \(ENOENT\)/);
  await refused({ file: '.' }, /which is no file/);
  await refused({ 'dry-run': 'yes' }, /input dry-run is "yes"; it can be true or false/);
  await refused({ attest: '1' }, /input attest is "1"/);
  await refused({ readme: 'README.md' }, /input readme is "README.md", which cannot be read/);
  await refused({ stage: 'true' }, /input stage is not there yet/);
  runner.file('empty.wasm', '');
  await refused({ file: 'empty.wasm' }, /which is empty/);
  assert.deepEqual(registry.log, []);
  assert.deepEqual(runner.asked, []);
});

test('a folder of WIT is sent as an archive, and the digest is that of what the registry built', async () => {
  mkdirSync(join(runner.folder, 'wit/deps/cli'), { recursive: true });
  const write = (name, text) => writeFileSync(join(runner.folder, 'wit', name), text);
  write('world.wit', 'package acme:greeter@1.2.3;');
  write('notes.txt', 'not WIT');
  write('deps/http.wasm', 'binary');
  write('deps/cli/cli.wit', 'package wasi:cli;');
  write('deps/.lair', 'what lair fetched');
  const { main } = await published({ file: '', 'wit-dir': 'wit' });
  const [upload] = registry.of('POST', '/1.2.3');
  assert.equal(upload.headers['content-type'], 'application/x-tar');
  const names = [0, 1024, 2048].map((at) => upload.body.toString('latin1', at, at + 100).replace(/\0+$/, ''));
  assert.deepEqual(names, ['deps/cli/cli.wit', 'deps/http.wasm', 'world.wit']);
  assert.equal(upload.body.length, 3 * 1024 + 1024);
  assert.notEqual(main.outputs.digest, `sha256:${createHash('sha256').update(upload.body).digest('hex')}`);
  assert.equal(main.outputs.digest, registry.releases.get(PATH).document.digest);
});

test('a folder without WIT, and a symbolic link in one, are refused', async () => {
  mkdirSync(join(runner.folder, 'wit/deps'), { recursive: true });
  writeFileSync(join(runner.folder, 'wit/deps/a.wit'), 'package a:b;');
  await refused({ file: '', 'wit-dir': 'wit' }, /holds no .wit file/);
  symlinkSync('/etc/hostname', join(runner.folder, 'wit/world.wit'));
  await refused({ file: '', 'wit-dir': 'wit' }, /world.wit is a symbolic link/);
  assert.deepEqual(registry.log, []);
});

test('a README is sent in an upload session, and the token is bound to it too', async () => {
  const readme = Buffer.from('# Greeter\n');
  runner.file('README.md', readme);
  await published({ readme: 'README.md' });
  assert.deepEqual(registry.log.slice(2, 6), [
    `POST ${PATH}/uploads`,
    `PUT ${PATH}/uploads/u1/content`,
    `PUT ${PATH}/uploads/u1/readme`,
    `POST ${PATH}/uploads/u1/publish`,
  ]);
  assert.deepEqual(registry.parts, { content: BYTES, readme });
  const { content } = JSON.parse(registry.of('POST', '/token')[0].body);
  assert.deepEqual(content, [DIGEST, `sha256:${createHash('sha256').update(readme).digest('hex')}`]);
});

test('a dry run ends before the upload and revokes its token', async () => {
  const { main } = await published({ 'dry-run': 'true' });
  assert.deepEqual(registry.log, [
    'GET /api/v1/trusted-publishing/audience',
    'POST /api/v1/trusted-publishing/token',
    'DELETE /api/v1/trusted-publishing/token',
  ]);
  assert.deepEqual(main.outputs, { version: '1.2.3', digest: DIGEST });
  assert.match(main.summary, /was not uploaded \(dry run\)/);
});

test('the attestation is saved a line each; attest: false asks for none', async () => {
  const { main } = await published();
  const [line, end] = readFileSync(main.outputs['attestation-path'], 'utf8').split('\n');
  const statement = JSON.parse(Buffer.from(JSON.parse(line).payload, 'base64').toString());
  assert.equal(`sha256:${statement.subject[0].digest.sha256}`, DIGEST);
  assert.equal(end, '');
  registry.releases.clear();
  const without = await published({ attest: 'false' });
  assert.equal(without.main.outputs['attestation-path'], '');
  assert.equal(registry.of('GET', '/attestations').length, 1);
});

test('a registry below a path is spoken to below it', async () => {
  await refused({ registry: `${registry.url}/lair` }, /404/);
  assert.deepEqual(registry.log, ['GET /lair/api/v1/trusted-publishing/audience']);
});

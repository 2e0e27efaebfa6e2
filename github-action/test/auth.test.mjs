// The auth action: a token for other tools, until the post step.

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { FakeRegistry, problem, TOKEN } from './fake-registry.mjs';
import { errors, FakeRunner } from './fake-runner.mjs';

const DIGEST = `sha256:${'b'.repeat(64)}`;

let runner;
let registry;

beforeEach(async () => {
  runner = await FakeRunner.start();
  registry = await FakeRegistry.start();
});
afterEach(() => Promise.all([runner.stop(), registry.stop()]));

test('the token is an output, masked before, and revoked by the post step only', async () => {
  const { main, post } = await runner.job('auth', { registry: registry.url, packages: 'acme:greeter\nacme:other', content: DIGEST });
  assert.equal(main.code, 0, main.stdout);
  assert.deepEqual(main.outputs, { token: TOKEN, 'expires-at': '2026-11-21T00:15:00Z' });
  assert.deepEqual(main.stdout.split('\n').slice(0, 2), [`::add-mask::${runner.identities[0]}`, `::add-mask::${TOKEN}`]);
  assert.ok(!main.stdout.replace(/^::add-mask::.*$/gm, '').includes(TOKEN));
  const { packages, content } = JSON.parse(registry.of('POST', '/token')[0].body);
  assert.deepEqual(packages, ['acme:greeter', 'acme:other']);
  assert.deepEqual(content, [DIGEST]);
  assert.equal(post.stdout, `::add-mask::${TOKEN}\ntoken revoked\n`);
  assert.equal(registry.of('DELETE', '/token').length, 1);
});

test('without content the token is asked for without', async () => {
  await runner.job('auth', { registry: registry.url, packages: 'acme:greeter' });
  assert.ok(!('content' in JSON.parse(registry.of('POST', '/token')[0].body)));
});

test('inputs that cannot be, and a job without permission, are refused before anything is sent', async () => {
  const refused = async (inputs, pattern, env) => {
    const main = await runner.run('auth', 'main.mjs', { registry: registry.url, packages: 'acme:greeter', ...inputs }, env);
    assert.equal(main.code, 1);
    assert.match(errors(main.stdout).join('\n'), pattern);
  };
  await refused({ packages: '' }, /input packages is not set/);
  await refused({ content: 'abc' }, /input content has "abc"/);
  await refused({ registry: 'http://registry.example' }, /must begin with https/);
  await refused({}, /id-token: write/, { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' });
  assert.deepEqual(registry.log, []);
});

test('a refusal is told with the claims, and leaves the post step nothing to do', async () => {
  registry.answers = { 'POST /token': () => problem(403, 'no-publisher', 'nobody is') };
  const { main, post } = await runner.job('auth', { registry: registry.url, packages: 'acme:greeter' });
  assert.equal(main.code, 1);
  assert.match(errors(main.stdout).join('\n'), /\(403 no-publisher\): nobody is/);
  assert.ok(main.stdout.includes('"repository": "acme/greeter"'));
  assert.equal(post.stdout, 'no token is left to revoke\n');
});

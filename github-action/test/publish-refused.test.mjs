// The publish action when something is refused, missing, lost or wrong. Whatever it is, a token that was got is revoked.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { afterEach, test } from 'node:test';
import { envelope, FakeRegistry, problem, TOKEN } from './fake-registry.mjs';
import { errors, FakeRunner, stateOf } from './fake-runner.mjs';

const BYTES = Buffer.from('\0asm a component');
const DIGEST = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;
const PATH = '/api/v1/packages/acme/greeter/versions/1.2.3';
const REVOKE = 'DELETE /api/v1/trusted-publishing/token';

let runner;
let registry;

afterEach(() => Promise.all([runner?.stop(), registry?.stop()]));

async function start(answers, identity) {
  runner = await FakeRunner.start(identity);
  registry = await FakeRegistry.start(answers);
  runner.file('greeter.wasm', BYTES);
}

const inputs = (more = {}) => ({ registry: registry.url, package: 'acme:greeter', file: 'greeter.wasm', ...more });

/** Runs main and post; main must fail with a text that has all of `parts`, and nothing must leave a token behind. */
async function fails(parts, more, env) {
  const { main, post } = await runner.job('publish', inputs(more), env);
  const text = errors(main.stdout).join('\n');
  assert.equal(main.code, 1, main.stdout + main.stderr);
  for (const part of parts) {
    assert.ok(text.includes(part), `"${part}" in\n${text}`);
  }
  assert.ok(!text.includes('unexpected fault'), text);
  assert.equal(main.stderr, '');
  const shown = main.stdout.replace(/^::add-mask::.*$/gm, '') + main.summary + JSON.stringify(main.outputs) + post.stdout.replace(/^::add-mask::.*$/gm, '');
  for (const secret of [TOKEN, ...runner.identities, 'request-token-of-the-runner']) {
    assert.ok(!shown.includes(secret), `${secret} in\n${shown}`);
  }
  assert.deepEqual([...registry.tokens], []);
  return { main, post, text };
}

test('a job without permission is told the lines to paste, before anything is sent', async () => {
  await start();
  const { main, text } = await fails(['id-token: write', 'permissions:', 'ACTIONS_ID_TOKEN_REQUEST_URL is not set'], {}, {
    ACTIONS_ID_TOKEN_REQUEST_URL: '',
  });
  assert.ok(main.summary.includes('```yaml\npermissions:\n  contents: read\n  id-token: write'));
  assert.ok(!text.includes('forks'));
  assert.deepEqual(registry.log, []);
  await fails(['forks never have it'], {}, { ACTIONS_ID_TOKEN_REQUEST_URL: '', GITHUB_EVENT_NAME: 'pull_request' });
});

test('an audience that is not the registry\'s own host gets no identity token', async () => {
  await start({ 'GET /audience': () => ({ status: 200, json: { audience: 'sts.cloud.example' } }) });
  await fails(['asks for identity tokens for "sts.cloud.example"', 'public URL']);
  assert.deepEqual(runner.asked, []);
});

test('a registry without trusted publishing is said to be one', async () => {
  await start({ 'GET /audience': () => problem(404, 'disabled', 'trusted publishing is off') });
  await fails(['(404 disabled): trusted publishing is off', 'is trusted publishing switched on?']);
});

test('an Actions service that gives no token is said to be at fault', async () => {
  await start({}, () => ({ status: 500, json: { message: 'broken' } }));
  await fails(['the Actions service gave no identity token (status 500)']);
});

test('a refused identity is told with field, expected and actual value, hint and claims', async () => {
  await start({
    'POST /token': () =>
      problem(403, 'workflow-mismatch', 'no publisher of acme:greeter is this workflow', {
        field: 'workflow',
        expected: 'publish.yml',
        actual: 'release.yml',
      }),
  });
  const { main } = await fails([
    '(403 workflow-mismatch): no publisher of acme:greeter is this workflow',
    'field workflow: expected publish.yml, got release.yml',
    'hint of workflow-mismatch',
    'request id req-1',
  ]);
  assert.match(main.stdout, /::group::claims of the identity token, for debugging only\n/);
  for (const part of ['"repository_id": "9"', '"sub": "repo:acme@7/greeter@9:environment:release"']) {
    assert.ok(main.stdout.includes(part), part);
  }
  for (const part of ['| field | `workflow` |', '| expected | `publish.yml` |', '| `environment` | `release` |', 'for debugging only']) {
    assert.ok(main.summary.includes(part), `${part} in\n${main.summary}`);
  }
  assert.ok(!registry.log.includes(REVOKE), 'there is nothing to revoke');
});

test('a claim that is not there is told as none', async () => {
  await start({ 'POST /token': () => problem(403, 'environment-mismatch', 'no', { claim: 'environment', expected: 'release', actual: null }) });
  const { main } = await fails(['field environment: expected release, got null']);
  assert.ok(main.summary.includes('| field | `environment` |'));
});

test('an exchange that is refused for now is tried again with another identity token', async () => {
  await start({
    'POST /token': (_, count) => (count === 1 ? { ...problem(503, 'issuer-unavailable', 'no keys now'), headers: { 'Retry-After': '0' } } : undefined),
  });
  const { main } = await runner.job('publish', inputs());
  assert.equal(main.code, 0, main.stdout);
  const tokens = registry.of('POST', '/token').map(({ body }) => JSON.parse(body).token);
  assert.deepEqual(tokens, runner.identities);
  assert.equal(new Set(tokens).size, 2);
});

test('an exchange whose answer was lost is not sent again', async () => {
  await start({ 'POST /token': () => 'drop' });
  await fails(['POST ', '/api/v1/trusted-publishing/token failed']);
  assert.equal(registry.of('POST', '/token').length, 1);
});

test('an exchange that asks for more patience than there is fails at once', async () => {
  await start({ 'POST /token': () => ({ ...problem(429, 'too-many', 'slow down'), headers: { 'Retry-After': '3600' } }) });
  await fails(['slow down', 'tried again after 3600 seconds']);
  assert.equal(registry.of('POST', '/token').length, 1);
});

test('a version that exists is refused, with what is there', async () => {
  await start();
  registry.release('acme:greeter', '1.2.3', Buffer.from('others'));
  await fails(['acme:greeter@1.2.3 is there already, with other bytes', DIGEST, 'A release never changes', 'version-exists']);
});

test('skip-existing takes a version with the same bytes, and tells of it as of one published', async () => {
  await start();
  registry.release('acme:greeter', '1.2.3', BYTES);
  await fails(['with the same bytes', 'or set skip-existing: true']);
  const { main } = await runner.job('publish', inputs({ 'skip-existing': 'true' }));
  assert.equal(main.code, 0, main.stdout);
  assert.match(main.stdout, /::notice::acme:greeter@1.2.3 is there already, with the same bytes/);
  assert.equal(main.outputs.digest, DIGEST);
  assert.equal(main.outputs['log-index'], '41');
  assert.match(main.summary, /was there already/);
  assert.deepEqual([...registry.tokens], []);
});

test('skip-existing does not take a version with other bytes', async () => {
  await start();
  registry.release('acme:greeter', '1.2.3', Buffer.from('others'));
  await fails(['with other bytes', 'publish under another version'], { 'skip-existing': 'true' });
});

test('skip-existing takes a version that nobody attested', async () => {
  await start({ 'GET /attestations': () => ({ status: 200, json: { attestations: [] } }) });
  registry.release('acme:greeter', '1.2.3', BYTES);
  const { main } = await runner.job('publish', inputs({ 'skip-existing': 'true' }));
  assert.equal(main.code, 0, main.stdout);
  assert.match(main.stdout, /::warning::.*no attestation/);
  assert.equal(main.outputs['attestation-path'], '');
});

test('a conflict that is not about the version is told as it is', async () => {
  await start({ 'POST /1.2.3': () => problem(409, 'in-progress', 'another publication of acme:greeter is under way') });
  await fails(['(409 in-progress): another publication of acme:greeter is under way'], { 'skip-existing': 'true' });
});

test('a release that validation rejects is told with reason and place', async () => {
  await start({
    'GET /s1': () => ({
      status: 200,
      json: { state: 'rejected', problem: { detail: 'type index 7 is not there', place: 'byte 0x1a', hint: 'run lair validate' } },
    }),
  });
  await fails(['rejects acme:greeter@1.2.3: type index 7 is not there (at byte 0x1a)', 'run lair validate']);
  assert.ok(registry.log.includes(REVOKE));
});

test('a release that waits for approval is not said to be published', async () => {
  await start({ 'POST /1.2.3': () => ({ status: 202, json: { state: 'staged', statusUrl: `${PATH}/publish-status/s1` } }) });
  const { main } = await fails(['acme:greeter@1.2.3 is staged']);
  assert.deepEqual(main.outputs, {});
});

test('other bytes on read-back fail the job', async () => {
  await start({ 'GET /content': () => ({ status: 200, bytes: 'other bytes' }) });
  const { main } = await fails(['serves other bytes for acme:greeter@1.2.3', DIGEST, 'tell the operator']);
  assert.deepEqual(main.outputs, {});
});

test('more bytes on read-back than were sent are not read to their end', async () => {
  await start({ 'GET /content': () => ({ status: 200, bytes: Buffer.alloc(1 << 20) }) });
  await fails([`more than ${BYTES.length} bytes`]);
});

test('a read-back that breaks off is not taken for the content', async () => {
  await start({ 'GET /content': () => ({ status: 200, headers: { 'Content-Length': '16' }, bytes: '\0asm', breakOff: true }) });
  await fails(['broke off after 4 bytes']);
  assert.equal(registry.of('GET', '/content').length, 1);
});

test('a version document with another digest fails the job', async () => {
  await start({
    [`GET /1.2.3`]: () => ({ status: 200, json: { digest: `sha256:${'0'.repeat(64)}`, released: { recordId: 'r', leafIndex: 1 } } }),
  });
  await fails([`shows sha256:${'0'.repeat(64)} as acme:greeter@1.2.3`]);
});

test('a missing attestation, and one about something else, fail the job', async () => {
  await start({ 'GET /attestations': () => ({ status: 200, json: { attestations: [] } }) });
  await fails(['the registry has no attestation of it']);
  await registry.stop();
  await runner.stop();
  await start({ 'GET /attestations': () => ({ status: 200, json: { attestations: [envelope(`sha256:${'0'.repeat(64)}`)] } }) });
  await fails([`is about sha256:${'0'.repeat(64)} and not about ${DIGEST}`]);
});

test('content is followed to where the registry keeps it, without the token', async () => {
  const bucket = await FakeRegistry.start({ 'GET /object': () => ({ status: 200, bytes: BYTES }) });
  try {
    await start({ 'GET /content': () => ({ status: 302, headers: { Location: `${bucket.url}/object` } }) });
    const { main } = await runner.job('publish', inputs());
    assert.equal(main.code, 0, main.stdout);
    assert.equal(bucket.requests[0].headers.authorization, undefined);
    assert.match(registry.of('GET', '/content')[0].headers.authorization, /^Bearer lair_tp_/);
  } finally {
    await bucket.stop();
  }
});

test('a status URL of another host does not get the token', async () => {
  const other = await FakeRegistry.start();
  try {
    await start({ 'POST /1.2.3': () => ({ status: 202, json: { state: 'processing', statusUrl: `${other.url}/s1` } }) });
    await fails([`names ${other.url} for the status`]);
    assert.deepEqual(other.log, []);
  } finally {
    await other.stop();
  }
});

test('an upload is sent again after 503, 429 and a lost connection, with the same key', async () => {
  const refusals = [
    { ...problem(503, 'busy', 'busy'), headers: { 'Retry-After': '0' } },
    { ...problem(429, 'too-many', 'slow down'), headers: { 'Retry-After': '0' } },
    'drop',
  ];
  await start({ 'POST /1.2.3': (_, count) => refusals[count - 1] });
  const { main } = await runner.job('publish', inputs());
  assert.equal(main.code, 0, main.stdout);
  const uploads = registry.of('POST', '/1.2.3');
  assert.equal(uploads.length, 4);
  assert.equal(new Set(uploads.map(({ headers }) => headers['idempotency-key'])).size, 1);
  assert.ok(uploads.every(({ body }) => body.equals(BYTES)));
});

test('an upload is not sent for ever', async () => {
  await start({ 'POST /1.2.3': () => ({ ...problem(503, 'busy', 'too much to do'), headers: { 'Retry-After': '0' } }) });
  await fails(['(503 busy): too much to do']);
  assert.equal(registry.of('POST', '/1.2.3').length, 5);
});

test('other errors are not tried again', async () => {
  await start({ 'POST /1.2.3': () => problem(500, 'internal', 'a fault') });
  await fails(['(500 internal): a fault']);
  assert.equal(registry.of('POST', '/1.2.3').length, 1);
});

test('what is published may be behind a cache for a moment', async () => {
  await start({
    'GET /content': (_, count) => (count === 1 ? { ...problem(404, 'no-such-release', 'not yet'), headers: { 'Retry-After': '0' } } : undefined),
  });
  const { main } = await runner.job('publish', inputs());
  assert.equal(main.code, 0, main.stdout);
});

test('the token is revoked once, as soon as the step is through, after success and after failure', async () => {
  await start();
  const { main, post } = await runner.job('publish', inputs());
  assert.equal(main.state.revoked, 'true');
  assert.equal(post.stdout, 'no token is left to revoke\n');
  assert.equal(registry.of('DELETE', '/token').length, 1);
  const failed = await fails(['is there already']);
  assert.equal(failed.main.state.revoked, 'true');
  assert.equal(registry.of('DELETE', '/token').length, 2);
});

test('the post step revokes what main could not', async () => {
  await start({ 'DELETE /token': (_, count) => (count === 1 ? problem(500, 'internal', 'a fault') : undefined) });
  const { main, post } = await runner.job('publish', inputs());
  assert.equal(main.code, 0);
  assert.match(main.stdout, /::warning::the token was not revoked/);
  assert.equal(post.stdout, `::add-mask::${TOKEN}\ntoken revoked\n`);
  assert.deepEqual([...registry.tokens], []);
});

test('the post step revokes the token of a job that was cancelled during the upload', async () => {
  await start();
  let child;
  registry.watch = ({ method, path }) => {
    if (method === 'POST' && path === PATH) {
      child.kill('SIGKILL');
    }
  };
  const main = await runner.run('publish', 'main.mjs', inputs(), {}, (started) => (child = started));
  assert.equal(main.code, 'SIGKILL');
  assert.deepEqual([...registry.tokens.keys()], [TOKEN]);
  const post = await runner.run('publish', 'post.mjs', inputs(), stateOf(main.state));
  assert.equal(post.code, 0);
  assert.deepEqual([...registry.tokens], []);
});

test('a post step that cannot revoke tells it and fails nothing', async () => {
  await start({ 'DELETE /token': () => problem(500, 'internal', 'a fault') });
  const { post } = await runner.job('publish', inputs());
  assert.equal(post.code, 0);
  assert.match(post.stdout, /::warning::the token was not revoked and ends by itself/);
});

test('a registry that says our own secrets or commands is quoted without them', async () => {
  await start({
    'POST /1.2.3': ({ headers }) => problem(403, 'forbidden', `${headers.authorization}\n::add-mask::x\n::set-output name=a::b`),
    'POST /token': ({ body }, count) =>
      count === 2 ? problem(403, 'wrong-audience', `got ${JSON.parse(body).token}\n::stop-commands::x`) : undefined,
  });
  const first = await fails(['Bearer ***']);
  assert.doesNotMatch(first.main.stdout, /^\s*::(set-output|add-mask::x)/m);
  const second = await fails(['got ***']);
  assert.doesNotMatch(second.main.stdout + second.main.summary, /^\s*::stop-commands/m);
});

test('an answer that is not of a Lair registry is a failure with words', async () => {
  await start({ 'POST /token': () => ({ status: 200, type: 'text/html', bytes: '<html>' }) });
  await fails(['refuses the identity of this job (200)']);
  await registry.stop();
  await runner.stop();
  await start({ 'POST /token': () => ({ status: 200, json: { token: 'a b' } }) });
  await fails(['its answer has no token']);
});

test('a token that is not bound to the bytes is warned of', async () => {
  await start({
    'POST /token': () => {
      registry.tokens.set(TOKEN, { packages: ['acme:greeter'], content: [DIGEST] });
      return { status: 200, json: { token: TOKEN, packages: ['acme:greeter'] } };
    },
  });
  const { main } = await runner.job('publish', inputs());
  assert.equal(main.code, 0, main.stdout);
  assert.match(main.stdout, /::warning::the token is not bound to the bytes/);
});

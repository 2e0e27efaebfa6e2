// Tries, pauses and limits of HTTP, by a clock that is set; and what may be printed.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { baseUrl, HttpClient } from '../http/client.mjs';
import { Registry } from '../registry/registry.mjs';
import { Release } from '../registry/release.mjs';

let server;
let answers;
let taken;
let folder;

beforeEach(async () => {
  taken = [];
  folder = mkdtempSync(join(tmpdir(), 'lair-http-'));
  server = createServer(async (incoming, outgoing) => {
    let size = 0;
    try {
      for await (const chunk of incoming) {
        size += chunk.length;
      }
    } catch {
      return; // broken off by the client
    }
    taken.push({ method: incoming.method, size, length: incoming.headers['content-length'] });
    const answer = answers(taken.length);
    if (answer === 'drop') {
      incoming.socket.destroy();
    } else {
      outgoing.writeHead(answer.status, answer.headers);
      outgoing.end(answer.body ?? '');
    }
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const url = () => new URL(`http://127.0.0.1:${server.address().port}/x`);

function clock() {
  const slept = [];
  let now = Date.parse('2026-11-21T00:00:00Z');
  const client = new HttpClient({
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  });
  return { client, slept };
}

test('pauses grow from try to try, and there are five', async () => {
  answers = () => 'drop';
  const { client, slept } = clock();
  await assert.rejects(client.send({ method: 'GET', url: url() }), /GET http:\/\/127.0.0.1:\d+\/x failed/);
  assert.deepEqual(slept, [500, 1000, 2000, 4000]);
  assert.equal(taken.length, 5);
});

test('Retry-After is seconds or a date, and the pause is as long', async () => {
  answers = (count) =>
    [
      { status: 429, headers: { 'Retry-After': '7' } },
      { status: 503, headers: { 'Retry-After': 'Sat, 21 Nov 2026 00:00:17 GMT' } },
      { status: 503, headers: { 'Retry-After': 'soon' } },
      { status: 200, body: '{}' },
    ][count - 1];
  const { client, slept } = clock();
  assert.equal((await client.send({ method: 'DELETE', url: url() })).status, 200);
  assert.deepEqual(slept, [7000, 10_000, 2000]);
});

test('a pause of more than a minute is not waited for', async () => {
  answers = () => ({ status: 503, headers: { 'Retry-After': '61' } });
  const { client, slept } = clock();
  assert.equal((await client.send({ method: 'GET', url: url() })).status, 503);
  assert.deepEqual(slept, []);
});

test('a POST is sent once, with an Idempotency-Key more often', async () => {
  answers = () => ({ status: 503, headers: { 'Retry-After': '0' } });
  const { client } = clock();
  await client.send({ method: 'POST', url: url() });
  assert.equal(taken.length, 1);
  await client.send({ method: 'POST', url: url(), headers: { 'Idempotency-Key': 'k' } });
  assert.equal(taken.length, 6);
});

test('a file is streamed with its length, and one that changed meanwhile is not sent on', async () => {
  answers = () => ({ status: 201 });
  const { client, slept } = clock();
  const file = join(folder, 'large');
  writeFileSync(file, Buffer.alloc(3_000_000, 1));
  const send = (sizeBytes) =>
    client.send({ method: 'POST', url: url(), headers: { 'Idempotency-Key': 'k' }, body: { file, sizeBytes } });
  assert.equal((await send(3_000_000)).status, 201);
  assert.deepEqual(taken, [{ method: 'POST', size: 3_000_000, length: '3000000' }]);
  await assert.rejects(send(3_000_001), /had 3000001 bytes and has 3000000 now/);
  rmSync(file);
  await assert.rejects(send(3_000_000), /cannot be read/);
  assert.deepEqual(slept, []);
});

test('an answer that is too long is refused', async () => {
  answers = () => ({ status: 200, body: 'x'.repeat(11) });
  await assert.rejects(clock().client.send({ method: 'GET', url: url(), limitBytes: 10 }), /more than 10 bytes/);
});

test('a state that never becomes final is asked for ten minutes, at most every ten seconds', async () => {
  answers = () => ({ status: 200, body: JSON.stringify({ state: 'processing', statusUrl: '/s' }) });
  const { client, slept } = clock();
  const release = new Release(new Registry(url().origin, client), 'a:b', '1.0.0', 'lair_tp_x');
  await assert.rejects(release.settled({ state: 'processing', statusUrl: '/s' }), /still "processing" after 10 minutes; \/s tells/);
  assert.deepEqual(slept.slice(0, 6), [500, 1000, 2000, 4000, 8000, 10_000]);
  assert.ok(slept.length < 70, `${slept.length} polls`);
});

test('secrets go to https, and to http on this machine only', () => {
  assert.equal(baseUrl('https://registry.example/lair', 'it').href, 'https://registry.example/lair/');
  for (const host of ['127.0.0.1:1', 'localhost:1', '[::1]:1']) {
    assert.equal(baseUrl(`http://${host}`, 'it').host, host);
  }
  for (const bad of ['http://registry.example', 'http://127.0.0.1.example', 'ftp://registry.example', 'file:///x', 'https://r.example?x', '']) {
    assert.throws(() => baseUrl(bad, 'it'), /it (is|has)/, bad);
  }
});

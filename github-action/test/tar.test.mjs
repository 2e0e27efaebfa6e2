import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { tar } from '../registry/tar.mjs';

const text = (at, length, block) => block.toString('latin1', at, at + length).replace(/\0+$/, '');

test('a header has every field where ustar has it', () => {
  const bytes = tar([{ name: 'greeter.wit', bytes: Buffer.from('package acme:greeter;\n') }]);
  assert.equal(bytes.length, 4 * 512);
  assert.equal(text(0, 100, bytes), 'greeter.wit');
  assert.equal(text(100, 8, bytes), '0000644');
  assert.equal(text(124, 12, bytes), '00000000026');
  assert.equal(text(136, 12, bytes), '00000000000');
  assert.equal(bytes.toString('latin1', 156, 157), '0');
  assert.equal(bytes.toString('latin1', 257, 265), 'ustar\x0000');
  assert.equal(bytes.toString('latin1', 512, 534), 'package acme:greeter;\n');
  const sum = Number.parseInt(text(148, 6, bytes), 8);
  const counted = bytes.subarray(0, 512).reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  assert.equal(sum, counted);
  assert.ok(bytes.subarray(1024).every((byte) => byte === 0));
});

test('the same files give the same bytes, as Python writes them in its USTAR_FORMAT', () => {
  const bytes = tar([
    { name: 'a.wit', bytes: Buffer.from('package a:b;') },
    { name: 'deps/c.wit', bytes: Buffer.alloc(512, 'x') },
  ]);
  assert.equal(createHash('sha256').update(bytes).digest('hex'), '0c6aae00c6d56f443fac8f3881437d65a88b4f1b3b61c85662f74b72626ca3a8');
});

test('a long name is split at a slash, 155 before and 100 behind', () => {
  const name = `${'d'.repeat(150)}/${'f'.repeat(96)}.wit`;
  const bytes = tar([{ name, bytes: Buffer.from('x') }]);
  assert.equal(text(0, 100, bytes), `${'f'.repeat(96)}.wit`);
  assert.equal(text(345, 155, bytes), 'd'.repeat(150));
});

test('a name that ustar cannot hold is refused', () => {
  for (const name of ['x'.repeat(101), `${'d'.repeat(156)}/f.wit`, '/abs.wit', '../up.wit', 'a//b.wit', 'ä.wit', 'line\nbreak.wit', '']) {
    assert.throws(() => tar([{ name, bytes: Buffer.alloc(0) }]), /archive/, name);
  }
});

test('somebody else\'s tar reads it', (t) => {
  if (spawnSync('tar', ['--version']).error) {
    t.skip('there is no tar here: the archive is checked against our own reading of ustar only');
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lair-tar-'));
  try {
    const long = `deps/${'d'.repeat(120)}/${'f'.repeat(60)}.wit`;
    const files = { 'a.wit': Buffer.from('package a:b;'), 'deps/empty.wit': Buffer.alloc(0), [long]: Buffer.alloc(1025, 'y') };
    writeFileSync(join(folder, 'all.tar'), tar(Object.entries(files).map(([name, bytes]) => ({ name, bytes }))));
    const unpacked = spawnSync('tar', ['-xf', 'all.tar'], { cwd: folder, encoding: 'utf8' });
    assert.equal(unpacked.stderr, '');
    assert.equal(unpacked.status, 0);
    for (const [name, bytes] of Object.entries(files)) {
      assert.deepEqual(readFileSync(join(folder, name)), bytes, name);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

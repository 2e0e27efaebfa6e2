// Digests of content as the registry writes them, `sha256:` and 64 hex digits, and as HTTP does (RFC 9530).

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

export function isDigest(text) {
  return typeof text === 'string' && /^sha256:[0-9a-f]{64}$/.test(text);
}

export function digestOf(bytes) {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** Reads a file once. @returns {Promise<{digest: string, sizeBytes: number}>} */
export async function digestOfFile(file) {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, sizeBytes };
}

/** The value of Content-Digest. */
export function contentDigest(digest) {
  return `sha-256=:${Buffer.from(digest.slice('sha256:'.length), 'hex').toString('base64')}:`;
}

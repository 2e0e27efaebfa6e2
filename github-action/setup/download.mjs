// The jar of a release and its checksum. Releases are those of the repository that this action comes from.

import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { baseUrl } from '../http/client.mjs';
import { Failure } from '../runner/failure.mjs';

export const JAR = 'lair-cli.jar';
const CHECKSUMS = 'SHA256SUMS';
const JAR_BYTES = 200 * 1024 * 1024;
const REDIRECTS = 5;

/** @returns {URL} of the jar */
export function sourceOf({ version, url }, env = process.env) {
  if (Boolean(version) === Boolean(url)) {
    throw new Failure(`input version is "${version}" and url is "${url}"; exactly one of them says what to install`);
  }
  if (url) {
    return new URL(baseUrl(url, 'input url').href.replace(/\/$/, ''));
  }
  if (!/^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$/.test(version)) {
    throw new Failure(`input version is "${version}"; it is the number of a release, like 0.1.0`);
  }
  const repository = env.GITHUB_ACTION_REPOSITORY || env.GITHUB_REPOSITORY;
  return new URL(`${env.GITHUB_SERVER_URL}/${repository}/releases/download/v${version}/${JAR}`);
}

export const download = {
  /** The digest that SHA256SUMS beside the jar names. */
  async checksum(client, source) {
    const reply = await follow(client, new URL(CHECKSUMS, source), { limitBytes: 64 * 1024 });
    const name = source.pathname.split('/').pop();
    const line = reply.bytes
      .toString('utf8')
      .split('\n')
      .map((text) => /^([0-9a-f]{64}) [ *](\S+)$/.exec(text.trim()))
      .find((match) => match?.[2] === name);
    if (!line) {
      throw new Failure(`${CHECKSUMS} beside ${source} does not name ${name}; set input sha256`);
    }
    return line[1];
  },

  /** Writes the jar to `file`; fails when its digest is another one. */
  async jar(client, source, sha256, file) {
    const hash = createHash('sha256');
    const out = openSync(file, 'wx', 0o644);
    try {
      await follow(client, source, {
        limitBytes: JAR_BYTES,
        sink: (chunk) => {
          hash.update(chunk);
          writeSync(out, chunk);
        },
      });
    } finally {
      closeSync(out);
    }
    const found = hash.digest('hex');
    if (found !== sha256) {
      throw new Failure(`${source} has the digest ${found} and not ${sha256}; it is not installed`);
    }
  },
};

async function follow(client, from, { limitBytes, sink }) {
  let url = from;
  for (let followed = 0; followed <= REDIRECTS; followed++) {
    const reply = await client.send({ method: 'GET', url, limitBytes, sink });
    if (reply.status === 200) {
      return reply;
    }
    if (![301, 302, 303, 307, 308].includes(reply.status)) {
      throw new Failure(`${url.origin}${url.pathname} answers ${reply.status}; is there such a release?`);
    }
    url = new URL(reply.headers.location ?? '', url);
    baseUrl(url.origin, 'where the release is kept');
  }
  throw new Failure(`${from} redirects more than ${REDIRECTS} times`);
}

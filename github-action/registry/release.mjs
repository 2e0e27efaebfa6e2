// A release from upload to proof: sent once, waited for, read back. The registry's side is docs/API.md.

import { createHash } from 'node:crypto';
import { Failure } from '../runner/failure.mjs';
import { baseUrl } from '../http/client.mjs';
import { contentDigest, digestOf, isDigest } from './digest.mjs';
import { jsonOf, Refusal } from './registry.mjs';

/** How long the registry may take for validation and for the log. */
const SETTLE_MS = 10 * 60_000;
/** How long a copy that is behind (a cache, a second node) may take to show what is published. */
const VISIBLE_MS = 60_000;
const FIRST_POLL_MS = 500;
const LONGEST_POLL_MS = 10_000;
const REDIRECTS = 3;
/** Content that is built by the registry and whose size is not known here. */
const CONTENT_BYTES = 1024 ** 3;

/** There is a release under this version already. */
export class AlreadyReleased extends Error {
  /** @param {object} document of the release that is there @param {Refusal} refusal */
  constructor(document, refusal) {
    super(refusal.message);
    this.document = document;
    this.refusal = refusal;
  }
}

/** One version of one package. */
export class Release {
  /** @param {import('./registry.mjs').Registry} registry @param {string} name `ns:name` */
  constructor(registry, name, version, token) {
    const [namespace, rest] = name.split(':');
    this.registry = registry;
    this.label = `${name}@${version}`;
    this.path = `api/v1/packages/${namespace}/${rest}/versions/${encodeURIComponent(version)}`;
    this.proofPath = `package/${namespace}/${rest}/${encodeURIComponent(version)}.tlog-proof`;
    this.token = token;
  }

  /**
   * Sends the bytes, and the README when there is one.
   *
   * @param {{body: Buffer | {file: string, sizeBytes: number}, mediaType: string, digest: string}} content
   * @param {Buffer | undefined} readme Markdown
   * @param {string} idempotencyKey the same for each try of the same run, so that they are one publication
   * @returns {Promise<object>} state, statusUrl, recordId, digest, leafIndex
   * @throws {AlreadyReleased}
   */
  async upload(content, readme, idempotencyKey) {
    const reply = readme
      ? await this.#uploadInParts(content, readme, idempotencyKey)
      : await this.#post(this.path, content, idempotencyKey);
    if (reply.status === 409) {
      const refusal = new Refusal(`to publish ${this.label}`, reply);
      const document = await this.documentIfThere();
      throw document ? new AlreadyReleased(document, refusal) : refusal;
    }
    return this.#stateOf(reply, `to publish ${this.label}`);
  }

  /** With the pause that the registry asks for before it is asked again. */
  #stateOf(reply, what) {
    return { ...jsonOf(reply, what), pauseMs: this.registry.client.pauseAfter(reply) };
  }

  /** An upload session: opened, a PUT for each part, then published as a whole. */
  async #uploadInParts(content, readme, idempotencyKey) {
    const opened = await this.#post(`${this.path}/uploads`, undefined, `${idempotencyKey}-open`);
    if (opened.status === 409) {
      return opened;
    }
    const { uploadUrl } = jsonOf(opened, `an upload session for ${this.label}`);
    const session = this.registry.ownUrl(uploadUrl, 'the upload').href.replace(/\/$/, '');
    const parts = [
      ['content', content],
      ['readme', { body: readme, mediaType: 'text/markdown; charset=utf-8', digest: digestOf(readme) }],
    ];
    for (const [part, { body, mediaType, digest }] of parts) {
      const reply = await this.registry.send({
        method: 'PUT',
        url: new URL(`${session}/${part}`),
        token: this.token,
        headers: { 'Content-Type': mediaType, 'Content-Digest': contentDigest(digest) },
        body,
      });
      if (reply.status < 200 || reply.status > 299) {
        throw new Refusal(`the ${part} of ${this.label}`, reply);
      }
    }
    return this.#post(`${session}/publish`, undefined, idempotencyKey);
  }

  #post(path, content, idempotencyKey) {
    return this.registry.send({
      method: 'POST',
      url: this.registry.url(path),
      token: this.token,
      headers: {
        'Idempotency-Key': idempotencyKey,
        ...(content ? { 'Content-Type': content.mediaType, 'Content-Digest': contentDigest(content.digest) } : {}),
      },
      body: content?.body ?? Buffer.alloc(0),
    });
  }

  /** Waits until the registry published or rejected what was sent. */
  async settled(answer) {
    const { client } = this.registry;
    const until = client.now() + SETTLE_MS;
    let current = answer;
    for (let polled = 0; ; polled++) {
      if (current.state === 'published') {
        return current;
      }
      if (current.state === 'rejected') {
        throw new Failure(rejection(this.label, current.problem));
      }
      if (current.state === 'staged') {
        throw new Failure(`${this.label} is staged: it is published when an owner approves it, which this action does not wait for`);
      }
      if (client.now() >= until) {
        throw new Failure(
          `${this.label} is still "${current.state}" after ${SETTLE_MS / 60_000} minutes; ${current.statusUrl} tells how it ends`,
        );
      }
      // A relative URL is the registry's own.
      const statusUrl = this.registry.ownUrl(current.statusUrl ?? answer.statusUrl, 'the status');
      await client.sleep(Math.min(current.pauseMs ?? FIRST_POLL_MS * 2 ** polled, LONGEST_POLL_MS));
      const reply = await this.registry.send({ method: 'GET', url: statusUrl, token: this.token });
      current = this.#stateOf(reply, `to tell the state of ${this.label}`);
    }
  }

  /** The version document (docs/API.md), as soon as it is shown. */
  async document() {
    const what = `to show ${this.label}`;
    return jsonOf(await this.#onceVisible(() => this.#get(this.path), what), what);
  }

  /** The version document; undefined when there is none or it may not be read. */
  async documentIfThere() {
    const reply = await this.#get(this.path);
    return reply.status === 200 ? reply.json() : undefined;
  }

  /** Reads the content as everybody does, and compares it with `digest`. */
  async readBack(digest, sizeBytes) {
    const limitBytes = sizeBytes ?? CONTENT_BYTES;
    const { hash, reply } = await this.#onceVisible(
      () => this.#follow(this.registry.url(`${this.path}/content`), limitBytes),
      `the content of ${this.label}`,
      (answer) => answer.reply,
    );
    if (reply.status !== 200) {
      throw new Refusal(`the content of ${this.label}`, reply);
    }
    const read = `sha256:${hash.digest('hex')}`;
    if (read !== digest) {
      throw new Failure(
        `the registry serves other bytes for ${this.label} than were published: ${read} instead of ${digest}. ` +
          'Do not use this release; tell the operator of the registry',
      );
    }
  }

  /**
   * The attestations of the release, each a DSSE envelope or a bundle with one, about `digest`.
   * @returns {Promise<object[]>} at least one
   */
  async attestations(digest) {
    const reply = await this.#onceVisible(() => this.#get(`${this.path}/attestations`), `the attestations of ${this.label}`);
    const { attestations } = jsonOf(reply, `the attestations of ${this.label}`);
    if (!Array.isArray(attestations) || attestations.length === 0) {
      throw new Failure(`${this.label} is published, but the registry has no attestation of it; with attest: false none is asked for`);
    }
    for (const attestation of attestations) {
      const subjects = subjectDigests(attestation);
      if (!subjects.includes(digest)) {
        throw new Failure(
          `an attestation of ${this.label} is about ${subjects.join(', ') || 'nothing'} and not about ${digest}; tell the operator of the registry`,
        );
      }
    }
    return attestations;
  }

  #get(path) {
    return this.registry.send({ method: 'GET', url: this.registry.url(path), token: this.token });
  }

  /** Follows redirects; the token goes no further than the registry. */
  async #follow(from, limitBytes) {
    let url = from;
    for (let followed = 0; ; followed++) {
      const hash = createHash('sha256');
      const own = url.origin === this.registry.base.origin;
      const reply = await this.registry.client.send({
        method: 'GET',
        url,
        headers: own ? { Authorization: `Bearer ${this.token}` } : {},
        limitBytes,
        sink: (chunk) => hash.update(chunk),
      });
      if (![301, 302, 303, 307, 308].includes(reply.status) || followed === REDIRECTS) {
        return { hash, reply };
      }
      url = new URL(reply.headers.location ?? '', url);
      baseUrl(url.origin, 'where the registry keeps content');
    }
  }

  /** Asks again while the answer is 404, for a minute: what is published may be behind a cache. */
  async #onceVisible(ask, what, replyOf = (answer) => answer) {
    const { client } = this.registry;
    const until = client.now() + VISIBLE_MS;
    for (let asked = 0; ; asked++) {
      const answer = await ask();
      const reply = replyOf(answer);
      if (reply.status !== 404) {
        return answer;
      }
      if (client.now() >= until) {
        throw new Refusal(what, reply);
      }
      await client.sleep(Math.min(client.pauseAfter(reply) ?? FIRST_POLL_MS * 2 ** asked, LONGEST_POLL_MS));
    }
  }
}

/** What DSSE envelopes (payload is an in-toto statement) say they are about. Signatures are checked by `lair verify`. */
function subjectDigests(attestation) {
  try {
    const envelope = attestation.dsseEnvelope ?? attestation;
    const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString('utf8'));
    return statement.subject.map((subject) => `sha256:${subject.digest.sha256}`).filter(isDigest);
  } catch {
    return [];
  }
}

function rejection(label, problem = {}) {
  const place = problem.place === undefined ? '' : ` (at ${problem.place})`;
  const lines = [`the registry rejects ${label}: ${problem.detail ?? problem.title ?? 'without a reason'}${place}`];
  if (problem.hint) {
    lines.push(problem.hint);
  }
  return lines.join('\n');
}

// A registry on loopback that keeps the parts of docs/API.md that the actions use: enough to refuse what a real one
// refuses. `answers` replaces single answers: "METHOD path-suffix" -> function (request, count) that returns an answer,
// "drop" to close the connection without one, or undefined for what the registry would answer.

import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

export const TOKEN = 'lair_tp_abcdefghijABCDEFGHIJ01234567891Fh1T4';

const sha256 = (bytes) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export function problem(status, code, detail, more = {}) {
  return {
    status,
    type: 'application/problem+json',
    json: { type: `urn:lair:problem:${code}`, title: code, status, detail, hint: `hint of ${code}`, requestId: 'req-1', ...more },
  };
}

export class FakeRegistry {
  requests = [];
  releases = new Map();
  submissions = new Map();
  tokens = new Map();
  spentIdentities = new Set();
  parts = {};
  /** Polls before a submission is published; 0 answers 201 at once. */
  polls = 1;
  /** Called before each answer, for looking at the world as it is then. */
  watch = () => {};

  static async start(answers = {}) {
    const registry = new FakeRegistry();
    registry.answers = answers;
    registry.counts = {};
    registry.server = createServer((incoming, outgoing) => registry.#take(incoming, outgoing));
    await new Promise((resolve) => registry.server.listen(0, '127.0.0.1', resolve));
    registry.host = `127.0.0.1:${registry.server.address().port}`;
    registry.url = `http://${registry.host}`;
    return registry;
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  /** `METHOD /path` of each request. */
  get log() {
    return this.requests.map(({ method, path }) => `${method} ${path}`);
  }

  of(method, suffix) {
    return this.requests.filter((request) => request.method === method && request.path.endsWith(suffix));
  }

  release(name, version, bytes) {
    const digest = sha256(bytes);
    this.releases.set(`/api/v1/packages/${name.replace(':', '/')}/versions/${version}`, {
      bytes,
      document: {
        name,
        version,
        digest,
        yanked: false,
        released: { recordId: `sha256:${'a'.repeat(64)}`, leafIndex: 41, time: '2026-11-21T00:00:00Z', keyId: 'k' },
        content: {
          kind: 'component',
          sizeBytes: bytes.length,
          imports: [{ name: 'wasi:cli/environment@0.2.0', kind: 'instance' }],
          exports: [{ name: 'acme:greeter/greet|er', kind: 'instance' }],
        },
      },
    });
    return digest;
  }

  async #take(incoming, outgoing) {
    const chunks = [];
    try {
      for await (const chunk of incoming) {
        chunks.push(chunk);
      }
    } catch {
      return;
    }
    const path = new URL(incoming.url, this.url).pathname;
    const request = { method: incoming.method, path, headers: incoming.headers, body: Buffer.concat(chunks) };
    this.requests.push(request);
    this.watch(request);
    const answer = this.#replaced(request) ?? this.#answer(request);
    if (answer === 'drop') {
      incoming.socket.destroy();
      return;
    }
    const body = answer.bytes ?? (answer.json === undefined ? '' : JSON.stringify(answer.json));
    outgoing.writeHead(answer.status, { 'Content-Type': answer.type ?? 'application/json', ...answer.headers });
    if (answer.breakOff) {
      outgoing.write(body, () => incoming.socket.destroy());
      return;
    }
    outgoing.end(body);
  }

  #replaced(request) {
    for (const [key, answer] of Object.entries(this.answers)) {
      const [method, suffix] = key.split(' ');
      if (method === request.method && request.path.endsWith(suffix)) {
        this.counts[key] = (this.counts[key] ?? 0) + 1;
        return answer(request, this.counts[key]);
      }
    }
    return undefined;
  }

  #answer(request) {
    const { method, path } = request;
    if (path === '/api/v1/trusted-publishing/audience') {
      return { status: 200, json: { audience: this.host } };
    }
    if (path === '/api/v1/trusted-publishing/token') {
      return method === 'DELETE' ? this.#revoke(request) : this.#exchange(request);
    }
    if (method !== 'GET') {
      return this.#write(request);
    }
    return this.#read(request);
  }

  #exchange({ body }) {
    const { token, packages, action, content } = JSON.parse(body);
    if (this.spentIdentities.has(token)) {
      return problem(403, 'token-reused', 'this identity token was used before');
    }
    this.spentIdentities.add(token);
    this.tokens.set(TOKEN, { packages, content });
    return {
      status: 200,
      json: { token: TOKEN, expiresAt: '2026-11-21T00:15:00Z', packages, action, contents: content, publisher: 'pub_1' },
    };
  }

  #revoke({ headers }) {
    return this.tokens.delete(bearer(headers)) ? { status: 204 } : problem(401, 'unauthorized', 'no such token');
  }

  #write({ method, path, headers, body }) {
    const grant = this.tokens.get(bearer(headers));
    if (!grant) {
      return problem(401, 'unauthorized', 'no such token');
    }
    const [, version] = /^(.*\/versions\/[^/]+)/.exec(path);
    if (path.endsWith('/uploads')) {
      return { status: 201, json: { uploadUrl: `${version}/uploads/u1` } };
    }
    if (path.endsWith('/publish')) {
      return this.#submit(version, this.parts.content);
    }
    const digest = sha256(body);
    const said = `sha-256=:${Buffer.from(digest.slice(7), 'hex').toString('base64')}:`;
    if (headers['content-digest'] !== said) {
      return problem(400, 'digest-mismatch', 'the bytes are others');
    }
    if (grant.content && !grant.content.includes(digest)) {
      return problem(403, 'forbidden', 'the token is for other bytes');
    }
    if (method === 'PUT') {
      this.parts[path.split('/').pop()] = body;
      return { status: 204 };
    }
    return this.#submit(version, body, headers['content-type']);
  }

  #submit(version, body, type) {
    if (this.releases.has(version)) {
      return problem(409, 'version-exists', 'this version is released');
    }
    const [, ns, name, number] = /packages\/([^/]+)\/([^/]+)\/versions\/([^/]+)/.exec(version);
    // A package is built of an archive: other bytes than were sent.
    const bytes = type === 'application/x-tar' ? Buffer.concat([Buffer.from('built of '), body.subarray(0, 100)]) : body;
    const publish = () => ({
      state: 'published',
      digest: this.release(`${ns}:${name}`, number, bytes),
      recordId: `sha256:${'a'.repeat(64)}`,
      leafIndex: 41,
    });
    const statusUrl = `${version}/publish-status/s1`;
    if (this.polls === 0) {
      return { status: 201, json: { ...publish(), statusUrl } };
    }
    this.submissions.set(statusUrl, { left: this.polls, publish });
    return { status: 202, headers: { 'Retry-After': '0' }, json: { state: 'processing', statusUrl } };
  }

  #read({ path }) {
    const submission = this.submissions.get(path);
    if (submission) {
      submission.left -= 1;
      return {
        status: 200,
        headers: { 'Retry-After': '0' },
        json: submission.left > 0 ? { state: 'processing', statusUrl: path } : { ...submission.publish(), statusUrl: path },
      };
    }
    const [, version, part] = /^(.*\/versions\/[^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const release = this.releases.get(version);
    if (!release) {
      return problem(404, 'no-such-release', 'there is none');
    }
    switch (part) {
      case 'content':
        return { status: 200, type: 'application/wasm', bytes: release.bytes };
      case 'attestations':
        return { status: 200, json: { attestations: [envelope(release.document.digest)] } };
      default:
        return { status: 200, json: release.document };
    }
  }
}

/** A DSSE envelope around an in-toto statement about `digest`. */
export function envelope(digest) {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'acme:greeter', digest: { sha256: digest.slice('sha256:'.length) } }],
    predicateType: 'https://lair.dev/attestations/publish/v1',
    predicate: {},
  };
  return {
    payload: Buffer.from(JSON.stringify(statement)).toString('base64'),
    payloadType: 'application/vnd.in-toto+json',
    signatures: [{ keyid: 'k', sig: 'c2ln' }],
  };
}

function bearer(headers) {
  return /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1];
}

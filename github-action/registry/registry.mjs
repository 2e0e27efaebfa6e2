// One Lair registry over HTTP (docs/API.md): paths below its base URL, problems as failures.

import { Failure } from '../runner/failure.mjs';
import { redact } from '../runner/workflow-commands.mjs';
import { baseUrl } from '../http/client.mjs';

/** What a registry answered when it refused something (RFC 9457), in the words to be shown. */
export class Refusal extends Failure {
  constructor(what, reply, options) {
    const problem = reply.json() ?? {};
    super(describe(what, reply, problem), options);
    this.status = reply.status;
    this.problem = problem;
    this.difference = differenceOf(problem);
  }

  /** The same with a page for the job. */
  withSummary(summary) {
    this.summary = summary;
    return this;
  }
}

export class Registry {
  /** @param {string} url of the registry @param {import('../http/client.mjs').HttpClient} client */
  constructor(url, client) {
    this.base = baseUrl(url, 'input registry');
    this.client = client;
  }

  /** @param {string} path relative, without a slash at its beginning */
  url(path) {
    return new URL(path, this.base);
  }

  /**
   * A URL that the registry names, which may be relative. Credentials go to the registry only, so it must be its own.
   * @param {string} named @param {string} what for the error
   */
  ownUrl(named, what) {
    const url = new URL(String(named), this.base);
    if (url.origin !== this.base.origin) {
      throw new Failure(
        `the registry names ${url.origin} for ${what}, but is addressed as ${this.base.origin}; set input registry to its public URL`,
      );
    }
    return url;
  }

  /** Sends a request with a token, when there is one; see {@link HttpClient#send}. */
  send({ token, headers = {}, ...request }) {
    return this.client.send({
      ...request,
      headers: {
        Accept: 'application/json, application/problem+json',
        ...headers,
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
    });
  }

  /** GET of a JSON answer, or a refusal. */
  async get(path, what, token) {
    const reply = await this.send({ method: 'GET', url: this.url(path), token });
    return jsonOf(reply, what);
  }
}

/** The body of a good answer; anything else is a refusal. */
export function jsonOf(reply, what) {
  const body = reply.status >= 200 && reply.status < 300 ? reply.json() : undefined;
  if (body === undefined || body === null || typeof body !== 'object') {
    throw new Refusal(what, reply);
  }
  return body;
}

function describe(what, reply, problem) {
  const name = typeof problem.type === 'string' ? ` ${problem.type.split(':').pop()}` : '';
  const lines = [`the registry refuses ${what} (${reply.status}${name}): ${problem.detail ?? problem.title ?? 'without a reason'}`];
  const difference = differenceOf(problem);
  if (difference) {
    lines.push(`field ${shown(difference.field)}: expected ${shown(difference.expected)}, got ${shown(difference.actual)}`);
  }
  if (problem.place !== undefined) {
    lines.push(`at ${shown(problem.place)}`);
  }
  if (problem.hint) {
    lines.push(problem.hint);
  }
  const wait = reply.headers['retry-after'];
  if (wait !== undefined) {
    lines.push(`it can be tried again after ${wait}${/^\d+$/.test(wait) ? ' seconds' : ''}`);
  }
  if (problem.requestId) {
    lines.push(`request id ${problem.requestId}`);
  }
  return redact(lines.join('\n'));
}

/** Which field or claim is not as demanded; undefined when the problem does not say. */
function differenceOf({ field, claim, expected, actual }) {
  const name = field ?? claim;
  return name === undefined ? undefined : { field: name, expected, actual };
}

function shown(value) {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing');
}

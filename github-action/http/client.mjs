// HTTP as this folder needs it: streamed bodies with a known length, answers of bounded size, and tries that are bounded.
//
// Only what may be done twice is tried again: GET, PUT, DELETE, and a POST with an Idempotency-Key. It is tried again
// when the connection failed or the answer was 429 or 503, after the seconds that Retry-After says or after a growing
// pause. Redirects are an answer like any other here; who follows one decides what to send along.

import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { Failure } from '../runner/failure.mjs';

const TRIES = 5;
const FIRST_PAUSE_MS = 500;
/** A server that wants a longer pause than this gets none: its answer is told instead. */
const LONGEST_PAUSE_MS = 60_000;
/** Without a byte in either direction. Longer than a server takes to look at the largest upload. */
const SILENCE_MS = 120_000;
const ANSWER_BYTES = 16 * 1024 * 1024;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** The connection failed before an answer was there. */
export class ConnectionLost extends Error {}

/** What was to be sent could not be read, or what came is not what may come: trying again does not help. */
class Unfit extends Failure {}

/**
 * A URL that secrets may be sent to: https, or http on this machine.
 * @returns {URL} with a path that ends in a slash
 */
export function baseUrl(text, what) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Failure(`${what} is "${text}"; it is a URL like https://registry.example`);
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new Failure(`${what} is ${url.origin}; it must begin with https:// (http only on this machine)`);
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new Failure(`${what} has a user, a query or a fragment; it is a URL like https://registry.example`);
  }
  if (!url.pathname.endsWith('/')) {
    url.pathname += '/';
  }
  return url;
}

export function isLoopback(host) {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

export class HttpClient {
  #sleep;
  #now;

  /** @param {{sleep?: (ms: number) => Promise<unknown>, now?: () => number}} [clock] */
  constructor({ sleep = pause, now = Date.now } = {}) {
    this.#sleep = sleep;
    this.#now = now;
  }

  /** Milliseconds since 1970. */
  now() {
    return this.#now();
  }

  sleep(ms) {
    return this.#sleep(ms);
  }

  /**
   * Sends a request and reads the answer to its end.
   *
   * @param {object} request
   * @param {string} request.method
   * @param {URL} request.url
   * @param {Record<string, string>} [request.headers] an Idempotency-Key among them allows more tries
   * @param {Buffer | {file: string, sizeBytes: number}} [request.body]
   * @param {number} [request.limitBytes] of the answer; with a sink, of what goes there
   * @param {(chunk: Buffer) => void} [request.sink] takes the body of a 200 instead of keeping it. Called for one try only:
   *   an answer that breaks off is not asked for again.
   * @returns {Promise<Reply>} also of errors
   */
  async send(request) {
    const again = IDEMPOTENT.has(request.method) || 'Idempotency-Key' in (request.headers ?? {});
    for (let tried = 1; ; tried++) {
      let reply;
      try {
        reply = await exchange(request);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) {
          throw error;
        }
        if (!again || tried === TRIES) {
          throw new Failure(`${request.method} ${request.url.origin}${request.url.pathname} failed: ${error.message}`, {
            cause: error,
          });
        }
      }
      if (reply && (!isRefusedForNow(reply) || !again || tried === TRIES)) {
        return reply;
      }
      if (!(await this.pauseBeforeTry(reply, tried))) {
        return reply;
      }
    }
  }

  /** Waits as an answer asks or as the number of tries suggests; false, at once, when it asks for more than is waited. */
  async pauseBeforeTry(reply, tried) {
    const wait = this.pauseAfter(reply) ?? FIRST_PAUSE_MS * 2 ** (tried - 1);
    if (wait > LONGEST_PAUSE_MS) {
      return false;
    }
    await this.#sleep(wait);
    return true;
  }

  /** Milliseconds of Retry-After, which is seconds or a date; undefined without one. */
  pauseAfter(reply) {
    const value = reply?.headers['retry-after'];
    if (value === undefined) {
      return undefined;
    }
    const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - this.#now();
    return Number.isNaN(ms) ? undefined : Math.max(0, ms);
  }
}

/** Whether the server says that it did nothing, and that it may do it later. */
export function isRefusedForNow(reply) {
  return reply.status === 429 || reply.status === 503;
}

/** An answer that was read to its end. */
export class Reply {
  constructor(status, headers, bytes) {
    this.status = status;
    this.headers = headers;
    this.bytes = bytes;
  }

  /** The body as JSON; undefined when it is none. */
  json() {
    try {
      return JSON.parse(this.bytes.toString('utf8'));
    } catch {
      return undefined;
    }
  }
}

async function exchange({ method, url, headers = {}, body, limitBytes = ANSWER_BYTES, sink }) {
  const length = body === undefined ? undefined : Buffer.isBuffer(body) ? body.length : body.sizeBytes;
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  const outgoing = open(url, {
    method,
    // A connection of its own: one kept open may be closed by the other side just as the next request is sent.
    agent: false,
    headers: { 'User-Agent': 'lair-github-action', ...headers, ...(length === undefined ? {} : { 'Content-Length': length }) },
  });
  outgoing.setTimeout(SILENCE_MS, () => outgoing.destroy(new Error(`no byte for ${SILENCE_MS / 1000} s`)));
  const answered = new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.on('error', reject);
  });
  // An upload that fails fails the request, except when the answer came before its end.
  transmit(outgoing, body).catch((error) => outgoing.destroy(error));
  let passed = 0;
  try {
    const incoming = await answered;
    const streamed = sink !== undefined && incoming.statusCode === 200;
    // The limit is that of what was asked for; an error may say more.
    const limit = streamed || sink === undefined ? limitBytes : ANSWER_BYTES;
    const kept = [];
    for await (const chunk of incoming) {
      passed += chunk.length;
      if (passed > limit) {
        throw new Unfit(`${method} ${url.origin}${url.pathname} answers with more than ${limit} bytes; at most so many are read`);
      }
      if (streamed) {
        sink(chunk);
      } else {
        kept.push(chunk);
      }
    }
    return new Reply(incoming.statusCode, incoming.headers, Buffer.concat(kept));
  } catch (error) {
    if (error instanceof Unfit) {
      throw error;
    }
    if (sink !== undefined && passed > 0) {
      throw new Unfit(`${method} ${url.origin}${url.pathname} broke off after ${passed} bytes; run the job again`, { cause: error });
    }
    if (/CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(error.code ?? '')) {
      throw new Unfit(
        `${url.origin} shows a certificate that is not trusted here (${error.message}); for a certificate authority of your own, ` +
          'set NODE_EXTRA_CA_CERTS to its file in the env of this step',
        { cause: error },
      );
    }
    throw new ConnectionLost(error.message || error.code || 'the connection was closed', { cause: error });
  } finally {
    outgoing.destroy();
  }
}

async function transmit(outgoing, body) {
  if (body === undefined || Buffer.isBuffer(body)) {
    outgoing.end(body);
    return;
  }
  let sent = 0;
  try {
    for await (const chunk of createReadStream(body.file, { end: body.sizeBytes - 1 })) {
      if (outgoing.destroyed) {
        return;
      }
      sent += chunk.length;
      if (!outgoing.write(chunk)) {
        await once(outgoing, 'drain');
      }
    }
  } catch (error) {
    throw error.path === body.file ? new Unfit(`${body.file} cannot be read: ${error.message}`, { cause: error }) : error;
  }
  if (sent !== body.sizeBytes) {
    throw new Unfit(`${body.file} had ${body.sizeBytes} bytes and has ${sent} now; nothing may change it while it is published`);
  }
  outgoing.end();
}

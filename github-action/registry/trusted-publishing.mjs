// From the identity of a job to a token that can publish for minutes (POST /api/v1/trusted-publishing/token).

import { Failure } from '../runner/failure.mjs';
import { mask, saveState, state, warning } from '../runner/workflow-commands.mjs';
import { isRefusedForNow } from '../http/client.mjs';
import { jsonOf, Refusal } from './registry.mjs';

const AUDIENCE = 'api/v1/trusted-publishing/audience';
const TOKEN = 'api/v1/trusted-publishing/token';
const TRIES = 4;

/** The exchange was refused; `identity` is the token that was shown, for its claims. */
export class ExchangeRefused extends Refusal {
  constructor(reply, identity) {
    super('the identity of this job', reply);
    this.identity = identity;
  }
}

/**
 * The audience that identity tokens for this registry have. It is its own host, always: a registry that asked for another
 * one would get a token that opens somebody else's door.
 */
export async function audienceOf(registry) {
  const { audience } = await registry.get(AUDIENCE, 'to tell its audience (is trusted publishing switched on?)');
  const { host, hostname } = registry.base;
  if (audience !== host && audience !== hostname) {
    throw new Failure(
      `the registry at ${host} asks for identity tokens for "${audience}"; only its own host is taken, so set input registry to its public URL`,
    );
  }
  return audience;
}

/**
 * Exchanges an identity token. The registry's token is masked, and known to the post step, when this returns.
 *
 * A token of an identity is taken once, so what failed on the way is not sent again. An answer that nothing was done (429,
 * 503: the issuer's keys cannot be had now) is followed by another try, with another identity token.
 *
 * @param {import('./registry.mjs').Registry} registry
 * @param {() => Promise<string>} identify a new identity token
 * @param {{packages: string[], content?: string[]}} grant what the token is to be good for; `content` are digests
 * @returns {Promise<{token: string, expiresAt?: string, contents?: string[]}>}
 */
export async function exchange(registry, identify, grant) {
  for (let tried = 1; ; tried++) {
    const identity = await identify();
    const reply = await registry.send({
      method: 'POST',
      url: registry.url(TOKEN),
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(JSON.stringify({ token: identity, action: 'publish', ...grant })),
    });
    if (isRefusedForNow(reply) && tried < TRIES && (await registry.client.pauseBeforeTry(reply, tried))) {
      continue;
    }
    if (reply.status < 200 || reply.status > 299) {
      throw new ExchangeRefused(reply, identity);
    }
    const granted = jsonOf(reply, 'the identity of this job');
    if (typeof granted.token !== 'string' || !/^lair_[a-z]+_[0-9A-Za-z]+$/.test(granted.token)) {
      throw new Failure('the registry took the identity of this job, but its answer has no token; is this a Lair registry?');
    }
    mask(granted.token);
    saveState('registry', registry.base.href);
    saveState('token', granted.token);
    return granted;
  }
}

/** Ends a token before its time. What fails here is told and fails nothing: the token ends by itself within minutes. */
export async function revoke(registry, token) {
  try {
    const reply = await registry.send({ method: 'DELETE', url: registry.url(TOKEN), token });
    // 401: it has ended already.
    if (reply.status !== 204 && reply.status !== 200 && reply.status !== 401) {
      throw new Refusal('to revoke the token', reply);
    }
    saveState('revoked', 'true');
    return true;
  } catch (error) {
    warning(`the token was not revoked and ends by itself: ${error.message}`);
    return false;
  }
}

/** The token that the main step of this action got and did not revoke; undefined when there is none. */
export function tokenLeft() {
  return state('token') && state('revoked') !== 'true' ? { registry: state('registry'), token: state('token') } : undefined;
}

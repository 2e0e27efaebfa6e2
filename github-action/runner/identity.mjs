// The identity token of an Actions job (../../docs/PUBLISHING-FROM-CI.md). A job that may have one finds an address and
// a key for asking in its environment; the answer is a JWT for the audience that was asked for.

import { Failure } from './failure.mjs';
import { mask } from './workflow-commands.mjs';

/** Tokens are about 2 kB; the registry takes 16 KiB. */
const ANSWER_BYTES = 64 * 1024;

export const PERMISSION_SNIPPET = `permissions:
  contents: read
  id-token: write # this job may ask for the token that says which workflow it is`;

/** Claims that a publisher is matched by, and those that say which run it was. None is secret; the token itself is. */
const SHOWN_CLAIMS = [
  'iss',
  'aud',
  'sub',
  'repository',
  'repository_id',
  'repository_owner',
  'repository_owner_id',
  'workflow_ref',
  'job_workflow_ref',
  'ref',
  'ref_type',
  'ref_protected',
  'environment',
  'event_name',
  'runner_environment',
  'sha',
  'run_id',
  'run_attempt',
];

/** Fails, with the lines to paste, when this job cannot have an identity token. */
export function requirePermission(env = process.env) {
  if (env.ACTIONS_ID_TOKEN_REQUEST_URL && env.ACTIONS_ID_TOKEN_REQUEST_TOKEN) {
    return;
  }
  const fork =
    env.GITHUB_EVENT_NAME === 'pull_request'
      ? ' Workflow runs for pull requests of forks never have it: publish on a push of a tag, a release or by hand.'
      : '';
  throw new Failure(
    `this job has no permission to ask for an identity token (ACTIONS_ID_TOKEN_REQUEST_URL is not set).${fork} ` +
      `Add this to the job that publishes, beside its "runs-on":\n\n${PERMISSION_SNIPPET}\n`,
    {
      summary: `### Nothing was published\n\nThis job may not ask for an identity token. Add to the job, beside its \`runs-on\`:\n\n\`\`\`yaml\n${PERMISSION_SNIPPET}\n\`\`\`\n`,
    },
  );
}

/** A new identity token for `audience`; it is masked when this returns. */
export async function identityToken(client, audience, env = process.env) {
  const url = new URL(env.ACTIONS_ID_TOKEN_REQUEST_URL);
  url.searchParams.set('audience', audience);
  const reply = await client.send({
    method: 'GET',
    url,
    headers: { Authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}`, Accept: 'application/json' },
    limitBytes: ANSWER_BYTES,
  });
  const token = reply.status === 200 ? reply.json()?.value : undefined;
  if (typeof token !== 'string' || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
    throw new Failure(
      `the Actions service gave no identity token (status ${reply.status}); run the job again, and look at its status page if that does not help`,
    );
  }
  mask(token);
  return token;
}

/** The claims of a token that help to find out why a registry refused it. Nothing here verified them. */
export function shownClaims(token) {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString('utf8'));
    return Object.fromEntries(SHOWN_CLAIMS.filter((name) => name in claims).map((name) => [name, claims[name]]));
  } catch {
    return {};
  }
}

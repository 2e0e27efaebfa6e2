// The auth action: a token for tools that publish by themselves. It stays valid until the post step.

import { HttpClient } from '../http/client.mjs';
import { isDigest } from '../registry/digest.mjs';
import { Registry } from '../registry/registry.mjs';
import { audienceOf, exchange, ExchangeRefused } from '../registry/trusted-publishing.mjs';
import { Failure } from '../runner/failure.mjs';
import { identityToken, requirePermission, shownClaims } from '../runner/identity.mjs';
import { step } from '../runner/step.mjs';
import { input, print, printGroup, setOutput } from '../runner/workflow-commands.mjs';

await step(async () => {
  requirePermission();
  const packages = words(input('packages'));
  const content = words(input('content'));
  if (packages.length === 0) {
    throw new Failure('input packages is not set; it names the packages that the token is for, like acme:greeter');
  }
  const wrong = content.find((digest) => !isDigest(digest));
  if (wrong) {
    throw new Failure(`input content has "${wrong}"; a digest is sha256: and 64 hex digits`);
  }
  const registry = new Registry(input('registry'), new HttpClient());
  const audience = await audienceOf(registry);
  try {
    const granted = await exchange(registry, () => identityToken(registry.client, audience), {
      packages,
      ...(content.length === 0 ? {} : { content }),
    });
    setOutput('token', granted.token);
    setOutput('expires-at', granted.expiresAt ?? '');
    print(`a token for ${packages.join(', ')}${granted.expiresAt ? ` until ${granted.expiresAt}` : ''}`);
  } catch (error) {
    if (error instanceof ExchangeRefused) {
      printGroup('claims of the identity token, for debugging only', JSON.stringify(shownClaims(error.identity), null, 2));
    }
    throw error;
  }
});

function words(text) {
  return text.split(/\s+/).filter(Boolean);
}

// The post step of the actions that get a token: runs after failure and cancellation too.

import { HttpClient } from '../http/client.mjs';
import { step } from '../runner/step.mjs';
import { mask, print } from '../runner/workflow-commands.mjs';
import { Registry } from './registry.mjs';
import { revoke, tokenLeft } from './trusted-publishing.mjs';

export function revokeWhatIsLeft() {
  return step(async () => {
    const left = tokenLeft();
    if (!left) {
      print('no token is left to revoke');
      return;
    }
    mask(left.token);
    if (await revoke(new Registry(left.registry, new HttpClient()), left.token)) {
      print('token revoked');
    }
  });
}

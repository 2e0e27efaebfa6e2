// The outermost frame of each step: whatever is thrown becomes one error annotation and a failed step.

import { addToSummary, fail } from './workflow-commands.mjs';
import { Failure } from './failure.mjs';

/** Runs a step to its end. Never rejects. */
export async function step(story) {
  try {
    await story();
  } catch (error) {
    if (error instanceof Failure) {
      fail(error.message);
      if (error.summary) {
        addToSummary(error.summary);
      }
    } else {
      // The stack names our files only; the message may quote others, and is redacted as all else.
      fail(`unexpected fault of this action, please report it: ${error?.stack ?? error}`);
    }
  }
}

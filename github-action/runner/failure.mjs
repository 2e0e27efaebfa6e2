/**
 * Why a step fails, in words for the person who wrote the workflow: what was refused, the value, the rule, what to do next.
 * Everything else that is thrown is a fault of the action.
 */
export class Failure extends Error {
  /** @param {string} [summary] Markdown for the page of the job, when there is more to say than the message. */
  constructor(message, { summary, cause } = {}) {
    super(message, { cause });
    this.name = 'Failure';
    this.summary = summary;
  }
}

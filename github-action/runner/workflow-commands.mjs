// What a JavaScript action says to the runner that runs it: inputs and state from the environment, outputs and state
// into the files that GITHUB_OUTPUT, GITHUB_STATE, GITHUB_STEP_SUMMARY and GITHUB_PATH name, workflow commands on
// standard output.
//
// Two rules hold for all that leaves here. A secret that was masked never stands in it: the runner hides it in its own
// log, but not in what a step writes elsewhere. And text of others (a registry's answer) cannot become a command of
// ours.

import { appendFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { Failure } from './failure.mjs';

const secrets = new Set();

/** The value of an input, without spaces around it; empty when it is not set. */
export function input(name, env = process.env) {
  return (env[`INPUT_${name.replace(/ /g, '_').toUpperCase()}`] ?? '').trim();
}

/** An input that is `true` or `false` (as YAML 1.2 spells them); `fallback` when it is not set. */
export function flag(name, fallback, env = process.env) {
  const value = input(name, env);
  if (value === '') {
    return fallback;
  }
  if (!/^(true|false)$/i.test(value)) {
    throw new Failure(`input ${name} is "${value}"; it can be true or false`);
  }
  return value.toLowerCase() === 'true';
}

/** Tells the runner that `secret` is one. To be called before anything else is done with it. */
export function mask(secret) {
  secrets.add(secret);
  process.stdout.write(`::add-mask::${escapeData(secret)}\n`);
}

/** `text` without the secrets that are known here. */
export function redact(text) {
  let clean = String(text);
  for (const secret of secrets) {
    clean = clean.replaceAll(secret, '***');
  }
  return clean;
}

/** Prints text as text: a line of it that looks like a command is not one. */
export function print(text) {
  process.stdout.write(`${asText(redact(text))}\n`);
}

/** Prints text that can be folded away. */
export function printGroup(title, text) {
  process.stdout.write(`::group::${escapeData(redact(title))}\n`);
  print(text);
  process.stdout.write('::endgroup::\n');
}

export function warning(text) {
  annotation('warning', text);
}

export function notice(text) {
  annotation('notice', text);
}

/** Marks the step as failed; what is to be done still (revocation) can be done. */
export function fail(text) {
  annotation('error', text);
  process.exitCode = 1;
}

/** Never a secret, except for the one output that is the purpose of an action: it is not redacted. */
export function setOutput(name, value) {
  appendValue('GITHUB_OUTPUT', name, value);
}

/** For the post step, which reads it as `STATE_name`. The file is the runner's own and gone after the job. */
export function saveState(name, value) {
  appendValue('GITHUB_STATE', name, value);
}

export function state(name, env = process.env) {
  return env[`STATE_${name}`] ?? '';
}

/** Appends Markdown to the page of the job. Without a runner that has one, nothing. */
export function addToSummary(markdown) {
  const file = process.env.GITHUB_STEP_SUMMARY;
  if (file) {
    appendFileSync(file, `${redact(markdown)}\n`);
  }
}

/** Makes the programs in `folder` callable in the steps that follow. */
export function addToPath(folder) {
  appendFileSync(commandFile('GITHUB_PATH'), `${folder}\n`);
}

function annotation(kind, text) {
  process.stdout.write(`::${kind}::${escapeData(redact(text))}\n`);
}

function appendValue(variable, name, value) {
  // Nobody who does not know the delimiter can end the value early.
  const delimiter = `lair-${randomUUID()}`;
  appendFileSync(commandFile(variable), `${name}<<${delimiter}\n${value}\n${delimiter}\n`);
}

function commandFile(variable) {
  const file = process.env[variable];
  if (!file) {
    throw new Failure(`${variable} is not set: this program is a step of a workflow and runs on an Actions runner`);
  }
  return file;
}

function escapeData(text) {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('##[', '## [');
}

function asText(text) {
  return text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/^(\s*):(?=:)/, '$1: ').replaceAll('##[', '## ['))
    .join('\n');
}

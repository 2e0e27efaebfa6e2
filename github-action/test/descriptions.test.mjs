// What is written for the runner and for people, against the code: descriptions of actions, workflows, README.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** The keys one level below a top-level key of a YAML file as ours are written. */
function keysOf(yaml, section) {
  const body = new RegExp(`^${section}:\\n((?:[ #].*\\n|\\n)*)`, 'm').exec(yaml)?.[1] ?? '';
  return [...body.matchAll(/^ {2}([\w-]+):/gm)].map(([, key]) => key);
}

function sources(action) {
  return readdirSync(join(ROOT, 'github-action', action))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => read(`github-action/${action}/${name}`))
    .join('\n');
}

function workflows() {
  const examples = readdirSync(join(ROOT, 'examples/workflows')).map((name) => `examples/workflows/${name}`);
  return [...examples, '.github/workflows/release.yml'].map((path) => ({ path, text: read(path) }));
}

/** Name and text of each job. */
function jobsOf(text) {
  const body = /^jobs:\n([^]*)$/m.exec(text)[1];
  return body.split(/^(?= {2}[\w-]+:)/m).filter(Boolean);
}

for (const action of ['publish', 'auth', 'setup']) {
  test(`${action}: action.yml has the inputs that are read and the outputs that are set, and README tells of them`, () => {
    const yaml = read(`github-action/${action}/action.yml`);
    const code = sources(action);
    const found = (pattern) => new Set([...code.matchAll(pattern)].map(([, name]) => name));
    const inputs = found(/\b(?:input|flag|required)\('([\w-]+)'/g);
    inputs.delete('stage');
    assert.deepEqual(new Set(keysOf(yaml, 'inputs')), inputs);
    assert.deepEqual(new Set(keysOf(yaml, 'outputs')), found(/\bsetOutput\('([\w-]+)'/g));
    const readme = read('github-action/README.md');
    for (const name of [...keysOf(yaml, 'inputs'), ...keysOf(yaml, 'outputs')]) {
      assert.ok(readme.includes(`\`${name}\``), `README: ${name}`);
    }
    assert.match(yaml, /^ {2}using: node20$/m);
  });
}

test('actions that get a token have a post step that always runs', () => {
  for (const action of ['publish', 'auth']) {
    assert.match(read(`github-action/${action}/action.yml`), /^ {2}post: post\.mjs\n {2}post-if: always\(\)$/m);
  }
});

test('workflows name actions by full version tags, and begin with no permission or with reading', () => {
  for (const { path, text } of workflows()) {
    assert.doesNotMatch(text, /\t/, path);
    for (const [, used] of text.matchAll(/uses: (\S+)/g)) {
      assert.match(used, /@v\d+\.\d+\.\d+$/, `${path}: ${used}`);
    }
    assert.match(text, /^permissions:(?: \{\}|\n {2}contents: read)$/m, path);
  }
});

test('a job that can publish has an environment, takes no cache, and runs nothing of the sources', () => {
  const privileged = workflows().flatMap(({ path, text }) =>
    jobsOf(text)
      .filter((job) => /^ {6}(id-token|contents): write$/m.test(job))
      .map((job) => ({ path, job })),
  );
  assert.equal(privileged.length, 5);
  for (const { path, job } of privileged) {
    assert.match(job, /^ {4}environment: release/m, path);
    assert.doesNotMatch(job, /actions\/(cache|checkout|setup-)/, path);
    assert.doesNotMatch(job, /\b(npm|npx|pip|cargo|mvn)\b/, path);
  }
});

test('nothing here needs a package or a build', () => {
  const folders = ['http', 'runner', 'registry', 'publish', 'auth', 'setup', 'test'];
  for (const folder of folders) {
    for (const [, from] of sources(folder).matchAll(/^(?:import|export) [^;]*? from '([^']+)'/gm)) {
      assert.match(from, /^(node:|\.\.?\/)/, `${folder}: ${from}`);
    }
  }
});

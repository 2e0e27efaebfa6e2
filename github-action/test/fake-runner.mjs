// Runs an action as the runner does: node, the main file, inputs and files in the environment; then the post file with
// the state that main left. Standard output goes to a file, so that at any moment all that was printed before stands
// there.

import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ACTIONS = fileURLToPath(new URL('..', import.meta.url));
const REQUEST_TOKEN = 'request-token-of-the-runner';

export const CLAIMS = {
  iss: 'https://token.actions.example',
  sub: 'repo:acme@7/greeter@9:environment:release',
  repository: 'acme/greeter',
  repository_id: '9',
  repository_owner_id: '7',
  workflow_ref: 'acme/greeter/.github/workflows/release.yml@refs/tags/v1.2.3',
  environment: 'release',
  event_name: 'push',
  actor: 'somebody',
};

export class FakeRunner {
  identities = [];

  /** @param {(request: {audience: string}, count: number) => object | undefined} [answer] instead of a token */
  static async start(answer = () => undefined) {
    const runner = new FakeRunner();
    runner.folder = mkdtempSync(join(tmpdir(), 'lair-action-'));
    runner.asked = [];
    runner.server = createServer((incoming, outgoing) => {
      const audience = new URL(incoming.url, 'http://runner').searchParams.get('audience');
      runner.asked.push({ audience, authorization: incoming.headers.authorization });
      const other = answer({ audience }, runner.asked.length);
      outgoing.writeHead(other?.status ?? 200, { 'Content-Type': 'application/json', ...other?.headers });
      outgoing.end(JSON.stringify(other?.json ?? { value: runner.#identity(audience) }));
    });
    await new Promise((resolve) => runner.server.listen(0, '127.0.0.1', resolve));
    return runner;
  }

  stop() {
    rmSync(this.folder, { recursive: true, force: true });
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }

  file(name, content) {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** The environment of a job that may ask for identity tokens. */
  get permission() {
    return {
      ACTIONS_ID_TOKEN_REQUEST_URL: `http://127.0.0.1:${this.server.address().port}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: REQUEST_TOKEN,
    };
  }

  #identity(audience) {
    const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { ...CLAIMS, aud: audience, jti: `jti-${this.identities.length}` };
    const token = `${part({ alg: 'RS256', kid: '1' })}.${part(claims)}.c2lnbmF0dXJl${this.identities.length}`;
    this.identities.push(token);
    return token;
  }

  /** Main, then post, as the runner does after success and failure. */
  async job(action, inputs, env) {
    const main = await this.run(action, 'main.mjs', inputs, env);
    const post = await this.run(action, 'post.mjs', inputs, { ...env, ...stateOf(main.state) });
    return { main, post };
  }

  /** @returns {Promise<{code: number, stdout: string, stderr: string, outputs: object, state: object, summary: string}>} */
  async run(action, file, inputs, env = {}, onStart = () => {}) {
    const files = {};
    for (const name of ['GITHUB_OUTPUT', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY', 'GITHUB_PATH', 'stdout', 'stderr']) {
      files[name] = this.file(`${name}-${action}-${file}`, '');
    }
    const out = openSync(files.stdout, 'a');
    const err = openSync(files.stderr, 'a');
    const child = spawn(process.execPath, [join(ACTIONS, action, file)], {
      cwd: this.folder,
      stdio: ['ignore', out, err],
      env: {
        PATH: process.env.PATH,
        GITHUB_OUTPUT: files.GITHUB_OUTPUT,
        GITHUB_STATE: files.GITHUB_STATE,
        GITHUB_STEP_SUMMARY: files.GITHUB_STEP_SUMMARY,
        GITHUB_PATH: files.GITHUB_PATH,
        GITHUB_REF_TYPE: 'tag',
        GITHUB_REF_NAME: 'v1.2.3',
        GITHUB_REF: 'refs/tags/v1.2.3',
        GITHUB_REPOSITORY: 'acme/greeter',
        GITHUB_RUN_ID: '1001',
        GITHUB_EVENT_NAME: 'push',
        RUNNER_TEMP: this.folder,
        ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
        ...this.permission,
        ...env,
      },
    });
    this.stdout = () => readFileSync(files.stdout, 'utf8');
    onStart(child);
    const code = await new Promise((resolve) => child.on('close', (exit, signal) => resolve(exit ?? signal)));
    closeSync(out);
    closeSync(err);
    const text = (name) => readFileSync(files[name], 'utf8');
    return {
      code,
      stdout: text('stdout'),
      stderr: text('stderr'),
      outputs: values(text('GITHUB_OUTPUT')),
      state: values(text('GITHUB_STATE')),
      path: text('GITHUB_PATH').trim(),
      summary: text('GITHUB_STEP_SUMMARY'),
    };
  }
}

export function stateOf(state) {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}

/** `name<<delimiter`, the value, the delimiter; later ones win. */
function values(text) {
  const found = {};
  for (const [, name, , value] of text.matchAll(/^([\w-]+)<<(.+)\n([^]*?)\n\2$/gm)) {
    found[name] = value;
  }
  return found;
}

/** The error annotations, decoded. */
export function errors(stdout) {
  return [...stdout.matchAll(/^::error::(.*)$/gm)].map(([, text]) =>
    text.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%'),
  );
}

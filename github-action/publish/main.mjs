// The publish action, top to bottom. Steps are those of docs/PUBLISHING-FROM-CI.md; everything that decides whether this
// job may publish is decided by the registry.

import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpClient } from '../http/client.mjs';
import { digestOf } from '../registry/digest.mjs';
import { Registry } from '../registry/registry.mjs';
import { AlreadyReleased, Release } from '../registry/release.mjs';
import { audienceOf, exchange, ExchangeRefused, revoke } from '../registry/trusted-publishing.mjs';
import { Failure } from '../runner/failure.mjs';
import { identityToken, requirePermission, shownClaims } from '../runner/identity.mjs';
import { step } from '../runner/step.mjs';
import { addToSummary, notice, print, printGroup, setOutput, warning } from '../runner/workflow-commands.mjs';
import { contentOf, readmeOf } from './content.mjs';
import { publishInputs } from './inputs.mjs';
import { code, publishedReport, refusalReport } from './report.mjs';

await step(async () => {
  requirePermission();
  const wanted = publishInputs();
  const label = `${wanted.package}@${wanted.version}`;
  const client = new HttpClient();
  const registry = new Registry(wanted.registry, client);
  const content = await contentOf(wanted);
  const readme = await readmeOf(wanted.readme);

  // 1. A token that is good for this package and these bytes. Nothing is printed before it is masked.
  const { token, expiresAt, contents } = await tokenFor(registry, wanted, label, content, readme);
  try {
    print(`${label}: ${content.sizeBytes} bytes to send, ${content.digest}`);
    print(`the registry takes this job as publisher${expiresAt ? ` until ${expiresAt}` : ''}`);
    if (!contents?.includes(content.digest)) {
      warning('the token is not bound to the bytes to publish; until it ends it is good for other bytes as well');
    }
    if (wanted.dryRun) {
      finishDryRun(wanted, label, content);
      return;
    }

    // 2. Upload, and wait until the registry validated and logged it.
    const release = new Release(registry, wanted.package, wanted.version, token);
    const { document, isNew } = await publish(release, wanted, content, readme);

    // 3. What everybody gets from now on is what was sent.
    await release.readBack(document.digest, content.built ? undefined : content.sizeBytes);
    setOutput('version', wanted.version);
    setOutput('digest', document.digest);
    setOutput('record-id', document.released.recordId);
    setOutput('log-index', document.released.leafIndex);
    setOutput('url', registry.url(release.path).href);
    setOutput('attestation-path', wanted.attest ? await saveAttestations(release, wanted, document, isNew) : '');
    report(registry, release, wanted, document, isNew);
  } finally {
    // 4. The post step does it when this does not get so far.
    await revoke(registry, token);
  }
});

async function tokenFor(registry, wanted, label, content, readme) {
  const audience = await audienceOf(registry);
  const bytes = [content.digest, ...(readme ? [digestOf(readme)] : [])];
  try {
    return await exchange(registry, () => identityToken(registry.client, audience), {
      packages: [wanted.package],
      content: bytes,
    });
  } catch (error) {
    if (error instanceof ExchangeRefused) {
      printGroup('claims of the identity token, for debugging only', JSON.stringify(shownClaims(error.identity), null, 2));
      throw error.withSummary(refusalReport(label, error));
    }
    throw error;
  }
}

/** @returns {Promise<{document: object, isNew: boolean}>} the version document of the release, which is published */
async function publish(release, wanted, content, readme) {
  try {
    const accepted = await release.upload(content, readme, idempotencyKey(release, content, readme));
    print(`sent; the registry says ${accepted.state}`);
    const settled = await release.settled(accepted);
    const document = await release.document();
    sameRelease(release, document, content.built ? settled.digest : content.digest);
    return { document, isNew: true };
  } catch (error) {
    if (!(error instanceof AlreadyReleased)) {
      throw error;
    }
    const there = error.document;
    const same = content.built ? undefined : there.digest === content.digest;
    if (!wanted.skipExisting || same === false) {
      throw new Failure(
        `${release.label} is there already, with ${same === undefined ? '' : same ? 'the same bytes, ' : 'other bytes, '}${there.digest}` +
          `${same === false ? ` instead of ${content.digest}` : ''}. A release never changes: ` +
          (wanted.skipExisting ? 'publish under another version' : 'publish under another version, or set skip-existing: true') +
          `\n${error.refusal.message}`,
      );
    }
    notice(`${release.label} is there already${same ? ', with the same bytes' : '; its texts are not compared with these'}`);
    return { document: there, isNew: false };
  }
}

function sameRelease(release, document, digest) {
  if (document.digest !== digest) {
    throw new Failure(
      `the registry shows ${document.digest} as ${release.label}, but ${digest} was published. ` +
        'Do not use this release; tell the operator of the registry',
    );
  }
}

/** The same for each try of one run: a job that is run again goes on with what it began. */
function idempotencyKey(release, content, readme) {
  const run = [process.env.GITHUB_REPOSITORY, process.env.GITHUB_RUN_ID, release.label, content.digest, readme ? digestOf(readme) : ''];
  return createHash('sha256').update(JSON.stringify(run)).digest('hex');
}

async function saveAttestations(release, wanted, document, isNew) {
  let attestations;
  try {
    attestations = await release.attestations(document.digest);
  } catch (error) {
    if (isNew) {
      throw error;
    }
    // Somebody else published it, perhaps by hand.
    warning(error.message);
    return '';
  }
  const name = `lair-${wanted.package.replace(':', '-')}-${wanted.version}.intoto.jsonl`;
  const path = join(process.env.RUNNER_TEMP || tmpdir(), name);
  writeFileSync(path, attestations.map((attestation) => `${JSON.stringify(attestation)}\n`).join(''));
  print(`attestation saved as ${path}`);
  return path;
}

function report(registry, release, wanted, document, isNew) {
  const urls = { document: registry.url(release.path).href, proof: registry.url(release.proofPath).href };
  print(`${release.label} is ${isNew ? 'published' : 'there'}: ${document.digest}, leaf ${document.released.leafIndex}`);
  print(urls.document);
  addToSummary(
    publishedReport({
      title: `${code(release.label)} ${isNew ? 'is published' : 'was there already'}`,
      document,
      urls,
      note: isNew ? undefined : 'Nothing was uploaded that is new.',
    }),
  );
}

function finishDryRun(wanted, label, content) {
  setOutput('version', wanted.version);
  if (!content.built) {
    setOutput('digest', content.digest);
  }
  notice(`dry run: ${label} was not uploaded; the registry takes this job as its publisher`);
  addToSummary(`### ${code(label)} was not uploaded (dry run)\n\nThe registry takes this job as its publisher.\n`);
}

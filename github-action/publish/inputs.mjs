// The inputs of the publish action as one value; action.yml describes them.

import { Failure } from '../runner/failure.mjs';
import { flag, input } from '../runner/workflow-commands.mjs';

const PACKAGE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*:[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** @returns {{registry: string, package: string, version: string, file: string, witDir: string, readme: string,
 *   attest: boolean, dryRun: boolean, skipExisting: boolean}} */
export function publishInputs(env = process.env) {
  if (input('stage', env)) {
    throw new Failure('input stage is not there yet: no registry holds a release back for approval; remove it');
  }
  const wanted = {
    registry: required('registry', 'the public URL of the registry, like https://registry.example', env),
    package: required('package', 'the name of the package, like acme:greeter', env),
    version: input('version', env) || versionOfTag(env),
    file: input('file', env),
    witDir: input('wit-dir', env),
    readme: input('readme', env),
    attest: flag('attest', true, env),
    dryRun: flag('dry-run', false, env),
    skipExisting: flag('skip-existing', false, env),
  };
  if (!PACKAGE.test(wanted.package)) {
    throw new Failure(`input package is "${wanted.package}"; it is namespace:name, both in lower case with single hyphens`);
  }
  if (!VERSION.test(wanted.version)) {
    throw new Failure(`version "${wanted.version}" is not one to publish; it is MAJOR.MINOR.PATCH, perhaps -PRERELEASE, without build metadata`);
  }
  if (Boolean(wanted.file) === Boolean(wanted.witDir)) {
    throw new Failure(`input file is "${wanted.file}" and wit-dir is "${wanted.witDir}"; exactly one of them says what to publish`);
  }
  return wanted;
}

function required(name, meaning, env) {
  const value = input(name, env);
  if (!value) {
    throw new Failure(`input ${name} is not set; it is ${meaning}`);
  }
  return value;
}

function versionOfTag(env) {
  if (env.GITHUB_REF_TYPE !== 'tag') {
    throw new Failure(
      `input version is not set and this run is not for a tag (${env.GITHUB_REF || 'GITHUB_REF is not set'}); set it, or run the workflow for tags: on: push: tags: ["v*"]`,
    );
  }
  return env.GITHUB_REF_NAME.replace(/^v(?=\d)/, '');
}

// What is uploaded: a binary as it lies there, streamed; or the texts of a WIT package as an archive, for the registry
// to build.

import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../runner/failure.mjs';
import { digestOf, digestOfFile } from '../registry/digest.mjs';
import { tar } from '../registry/tar.mjs';

/** As much text as `lair` reads of one package (its WitFiles). */
const ARCHIVE_BYTES = 64 * 1024 * 1024;
const ARCHIVE_FILES = 10_000;
const README_BYTES = 1024 * 1024;

/**
 * @returns {Promise<{body: Buffer | {file: string, sizeBytes: number}, mediaType: string, digest: string, sizeBytes: number,
 *   built: boolean}>} `built` says that what is released is not these bytes, but what the registry makes of them
 */
export async function contentOf({ file, witDir }) {
  if (witDir) {
    const body = tar(witFiles(witDir));
    return { body, mediaType: 'application/x-tar', digest: digestOf(body), sizeBytes: body.length, built: true };
  }
  const { digest, sizeBytes } = await readable(file, 'file', () => {
    if (!statSync(file).isFile()) {
      throw new Failure(`input file is "${file}", which is no file; name the binary to publish (WIT texts: input wit-dir)`);
    }
    return digestOfFile(file);
  });
  if (sizeBytes === 0) {
    throw new Failure(`input file is "${file}", which is empty; did the build write it?`);
  }
  return { body: { file, sizeBytes }, mediaType: 'application/wasm', digest, sizeBytes, built: false };
}

/** The README's bytes; undefined when there is none. */
export async function readmeOf(file) {
  if (!file) {
    return undefined;
  }
  const bytes = await readable(file, 'readme', () => readFileSync(file));
  if (bytes.length > README_BYTES || bytes.length === 0) {
    throw new Failure(`input readme is "${file}" with ${bytes.length} bytes; it has 1 to ${README_BYTES}`);
  }
  return bytes;
}

/**
 * The `.wit` files of a folder, and of `deps` below it all texts and binaries. Other files are not sent; a symbolic link is
 * refused, as nobody sees in the sources what it brings along.
 * @returns {{name: string, bytes: Buffer}[]} by name
 */
export function witFiles(folder) {
  const found = [];
  let total = 0;
  const visit = (relative, inDeps) => {
    const entries = readdirSync(join(folder, relative));
    for (const entry of entries) {
      const name = relative ? `${relative}/${entry}` : entry;
      const path = join(folder, name);
      const kind = lstatSync(path);
      const wanted = entry.endsWith('.wit') || (inDeps && entry.endsWith('.wasm'));
      if (kind.isSymbolicLink() && (wanted || inDeps || entry === 'deps')) {
        throw new Failure(`${path} is a symbolic link; put the file itself there`);
      }
      if (kind.isDirectory() && (inDeps || entry === 'deps')) {
        visit(name, true);
      } else if (kind.isFile() && wanted) {
        total += kind.size;
        if (total > ARCHIVE_BYTES || found.length === ARCHIVE_FILES) {
          throw new Failure(`${folder} has more than ${ARCHIVE_BYTES} bytes or ${ARCHIVE_FILES} files of WIT; name the folder of one package`);
        }
        found.push({ name, bytes: readFileSync(path) });
      }
    }
  };
  try {
    visit('', false);
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(folder, 'wit-dir', error);
  }
  if (!found.some(({ name }) => !name.includes('/'))) {
    throw new Failure(`input wit-dir is "${folder}", which holds no .wit file; name the folder of a WIT package`);
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readable(file, name, read) {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Failure ? error : unreadable(file, name, error);
  }
}

function unreadable(path, name, error) {
  return new Failure(`input ${name} is "${path}", which cannot be read (${error.code ?? error.message}); paths are relative to the workspace`, {
    cause: error,
  });
}

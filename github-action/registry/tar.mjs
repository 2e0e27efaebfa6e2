// Writes an archive in POSIX ustar form (IEEE Std 1003.1, pax, "ustar Interchange Format"): one header of 512 bytes a
// file, its bytes filled up to 512, two empty blocks at the end. Regular files only. Owner, mode and time are the same
// for all, so that the same files give the same bytes: the token that publishes them is bound to their digest.

import { Failure } from '../runner/failure.mjs';

const BLOCK = 512;
const NAME = 100;
const PREFIX = 155;

/**
 * @param {{name: string, bytes: Buffer}[]} entries in the order of the archive; names relative, with `/`
 * @returns {Buffer}
 */
export function tar(entries) {
  const blocks = [];
  for (const { name, bytes } of entries) {
    blocks.push(header(name, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK));
  }
  blocks.push(Buffer.alloc(2 * BLOCK));
  return Buffer.concat(blocks);
}

function header(name, sizeBytes) {
  const { prefix, rest } = split(name);
  const block = Buffer.alloc(BLOCK);
  block.write(rest, 0, NAME, 'latin1');
  block.write(octal(0o644, 8), 100, 'latin1');
  block.write(octal(0, 8), 108, 'latin1'); // user
  block.write(octal(0, 8), 116, 'latin1'); // group
  block.write(octal(sizeBytes, 12), 124, 'latin1');
  block.write(octal(0, 12), 136, 'latin1'); // time
  block.write(' '.repeat(8), 148, 'latin1'); // the checksum counts itself as spaces
  block.write('0', 156, 'latin1'); // a regular file
  block.write('ustar\0', 257, 'latin1');
  block.write('00', 263, 'latin1');
  block.write(prefix, 345, PREFIX, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** Names up to 100 characters stand whole; longer ones are split at a slash, 155 before it and 100 behind it. */
function split(name) {
  if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(name) || name.startsWith('/') || name.split('/').some((part) => part === '..' || part === '')) {
    throw new Failure(`"${name}" cannot be put into an archive; file names are relative and of ASCII characters there`);
  }
  if (name.length <= NAME) {
    return { prefix: '', rest: name };
  }
  const slash = name.indexOf('/', name.length - NAME - 1);
  if (slash < 1 || slash > PREFIX || slash === name.length - 1) {
    throw new Failure(`"${name}" is too long for an archive; ${NAME} characters, or ${PREFIX} in folders before them`);
  }
  return { prefix: name.slice(0, slash), rest: name.slice(slash + 1) };
}

function octal(value, width) {
  const digits = value.toString(8).padStart(width - 1, '0');
  if (digits.length >= width) {
    throw new Failure(`a file of ${value} bytes is too large for an archive`);
  }
  return `${digits}\0`;
}

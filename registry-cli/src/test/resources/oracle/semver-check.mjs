// The rule of the peers' `component semver-check`, asked of the validator of wasm-tools: a component of the old world has to
// be one of the new world, with names compared on the version track 0.2.
//   node semver-check.mjs WASM-TOOLS.js FOLDER
// FOLDER has WIT packages VERSION-NAME.wasm. Prints `refused NAME OLD NEW WORLD: why` and at last `checked COUNT`.
import { readFileSync, readdirSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [tool, folder] = process.argv.slice(2);
const { tools, $init } = await import(pathToFileURL(tool).href);
await $init;

/** The expression in parentheses that begins at an index. */
function expression(text, start) {
  let depth = 0;
  let quoted = false;
  for (let i = start; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else quoted = c !== '"';
    } else if (c === '"') quoted = true;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return text.slice(start, i + 1);
  }
  throw new Error('parentheses do not match');
}

/** The component types of a package's worlds, by name, as text. */
function worlds(file) {
  const text = tools.print(new Uint8Array(readFileSync(`${folder}/${file}`))).replace(/@0\.2\.\d+/g, '@0.2.0');
  const found = {};
  for (let at = text.indexOf('\n  (type '); at >= 0; at = text.indexOf('\n  (type ', at + 1)) {
    const type = expression(text, at + 3);
    const head = /^\(type \(;\d+;\)\s*\(component\s*\(type \(;0;\)\s*(?=\(component)/.exec(type);
    const tail = /\(export \(;0;\) "[^"]*\/([^"@]+)@?[^"]*" \(component \(type 0\)\)\)\s*\)\s*\)$/.exec(type);
    if (head && tail) found[tail[1]] = expression(type, head[0].length);
  }
  return found;
}

function refusal(old, next) {
  const text = `(component
    (type $old ${old})
    (import "old" (component $old (type $old)))
    (component $user (type $new ${next}) (import "new" (component (type $new))))
    (instance (instantiate $user (with "new" (component $old)))))`;
  try {
    tools.componentWit(tools.parse(text));
    return null;
  } catch (error) {
    return String(error.payload ?? error.message ?? error).trim().replace(/\s*\n\s*/g, ' / ');
  }
}

const patch = (version) => Number(version.split('.')[2]);
const files = readdirSync(folder).map((file) => /^([0-9.]+)-(.+)\.wasm$/.exec(file));
let checked = 0;
for (const name of [...new Set(files.map((file) => file[2]))].sort()) {
  const versions = files.filter((file) => file[2] === name).map((file) => file[1]).sort((a, b) => patch(a) - patch(b));
  let old = {};
  versions.forEach((version, i) => {
    const next = worlds(`${version}-${name}.wasm`);
    for (const world of Object.keys(old).filter((each) => next[each])) {
      checked++;
      const why = refusal(old[world], next[world]);
      if (why) console.log(`refused ${name} ${versions[i - 1]} ${version} ${world}: ${why}`);
    }
    old = next;
  });
}
console.log(`checked ${checked}`);

// Times wasm-tools and the engine's own validator, in node: `node oracle.mjs PACKAGE-FOLDER`, where the folder is that of
// @bytecodealliance/jco-transpile. One question per line of input, {"file", "modules": [[offset, size], …]}; one answer per
// line of output: "ms" for `component-wit`, which validates all but function bodies, "bodies_ms" for the core modules.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const url = pathToFileURL(join(process.argv[2], 'vendor', 'wasm-tools.js'));
const kept = new Map();
let instances = 0;
let tools;

async function instantiate() {
  const glue = await import(`${url}?${instances++}`);
  await glue.$init;
  tools = glue.tools;
}

async function measure({ file, modules }) {
  if (!kept.has(file)) {
    kept.clear();
    kept.set(file, readFileSync(file));
  }
  const bytes = kept.get(file);
  const start = performance.now();
  try {
    tools.componentWit(bytes);
  } catch (error) {
    if (error.payload === undefined) {
      await instantiate();
    }
    return { failed: String(error.payload ?? error) };
  }
  const between = performance.now();
  for (const [offset, size] of modules) {
    WebAssembly.validate(bytes.subarray(offset, offset + size));
  }
  return { ms: between - start, bodies_ms: performance.now() - between };
}

await instantiate();
console.log(JSON.stringify({ node: process.version }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await measure(JSON.parse(line))));
}

// What wasm-tools says of components, one per line: base64 in, JSON out. `node oracle.mjs PACKAGE-FOLDER`, where the folder
// is that of @bytecodealliance/jco-transpile. Its `component-wit` validates with every feature on and prints the WIT.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

const folder = process.argv[2];
const url = pathToFileURL(join(folder, 'vendor', 'wasm-tools.js'));
let instances = 0;
let tools;

async function instantiate() {
  const glue = await import(`${url}?${instances++}`);
  await glue.$init;
  tools = glue.tools;
}

async function judge(binary) {
  try {
    return { wit: tools.componentWit(binary) };
  } catch (error) {
    // A refusal has the text as its payload. Everything else is a panic, behind which the instance is of no more use.
    if (error.payload !== undefined) {
      return { refusal: String(error.payload) };
    }
    await instantiate();
    return { panic: String(error) };
  }
}

await instantiate();

console.log(JSON.stringify({ version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await judge(Buffer.from(line, 'base64'))));
}

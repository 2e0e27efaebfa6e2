// The page of the job: what was published and where its proof is, or why it was refused. Names come from the registry
// and from workflows; they stand in code spans, which cannot be left from within.

import { shownClaims } from '../runner/identity.mjs';

const SHOWN_EXTERNS = 50;

/** @param {object} outcome of the publication @returns {string} Markdown */
export function publishedReport({ title, document, urls, note }) {
  const { content = {}, released = {} } = document;
  const rows = [
    ['digest', code(document.digest)],
    ['record', code(released.recordId)],
    ['log index', code(released.leafIndex)],
    ['kind', code(content.kind ?? 'unknown')],
    ['inclusion', `[proof that needs no network](${urls.proof})`],
    ['all that is known', `[version document](${urls.document})`],
  ];
  const parts = [`### ${title}`, note, table(rows), externs('imports', content.imports), externs('exports', content.exports)];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** What an identity was refused for, with the claims that were shown. */
export function refusalReport(label, refused) {
  const { detail, hint } = refused.problem;
  const { field, expected, actual } = refused.difference ?? {};
  const rows = [
    ['reason', code(detail ?? `status ${refused.status}`)],
    ...(field === undefined ? [] : [['field', code(field)], ['expected', code(expected)], ['actual', code(actual)]]),
    ...(hint ? [['what to do', code(hint)]] : []),
  ];
  const claims = Object.entries(shownClaims(refused.identity)).map(([name, value]) => [code(name), code(value)]);
  return `### ${code(label)} was not published: the registry does not take this workflow as its publisher

${table(rows)}

<details><summary>Claims of this job's identity token, for debugging only</summary>

${table(claims)}

</details>
`;
}

export function code(value) {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
  // Inside a code span only the fence itself and, in a table, the bar mean something.
  return `\`${text.replace(/[\r\n`]+/g, ' ').replaceAll('|', '\\|') || ' '}\``;
}

function externs(title, list) {
  if (!Array.isArray(list) || list.length === 0) {
    return '';
  }
  const lines = list.slice(0, SHOWN_EXTERNS).map(({ name }) => `- ${code(name)}`);
  if (list.length > SHOWN_EXTERNS) {
    lines.push(`- and ${list.length - SHOWN_EXTERNS} more`);
  }
  return `**${title}**\n\n${lines.join('\n')}`;
}

function table(rows) {
  return ['| | |', '|---|---|', ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
}

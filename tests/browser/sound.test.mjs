// The HTML of every page is valid, as the W3C's checker (vnu) sees it.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { none } from './browser.mjs';
import { fetched, pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';
import { LANGUAGES } from './texts.mjs';

const VNU = new URL('node_modules/vnu-jar/build/dist/vnu.jar', import.meta.url).pathname;

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

// It ends with 1 where it found something, and tells what on its standard error.
const judged = (folder) =>
  new Promise((told, failed) => {
    execFile('java', ['-jar', VNU, '--format', 'json', folder], { maxBuffer: 1e8 }, (error, _, text) => {
      try {
        told(JSON.parse(text).messages);
      } catch {
        failed(error ?? new Error(text));
      }
    });
  });

test('the HTML of every page and state in three languages', async (t) => {
  const folder = join(site.folder, 'html');
  await mkdir(folder);
  for (const page of await pagesOf(site)) {
    for (const language of LANGUAGES) {
      const response = await fetched(site, page, language);
      await writeFile(join(folder, `${page.name}.${language}.html`), await response.text());
    }
  }
  const said = await judged(folder);
  const errors = said.filter(({ type }) => type === 'error');
  const warnings = said.filter(({ subType }) => subType === 'warning');
  for (const warning of told(warnings)) t.diagnostic(`warning: ${warning}`);
  none(told(errors));
});

// Each thing once, with the pages it is on: most are on all.
const told = (messages) => {
  const places = new Map();
  for (const { message, extract = '', url } of messages) {
    const what = `${message}\n    ${extract.replace(/\s+/g, ' ').slice(0, 200)}`;
    places.set(what, [...(places.get(what) ?? []), basename(url, '.html')]);
  }
  return [...places].map(([what, pages]) => `${what}\n    on ${pages.length}: ${pages.slice(0, 5).join(', ')} …`);
};

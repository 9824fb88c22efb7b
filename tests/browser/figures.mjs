// Writes what each page weighs, for the eco-design declaration.

import { writeFile } from 'node:fs/promises';
import { openBrowser } from './browser.mjs';
import { DECLARED, HEADING, measured, row } from './measure.mjs';
import { pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';

const site = await openSite();
const browser = await openBrowser();
try {
  const rows = [];
  const pages = new Map((await pagesOf(site)).map((entry) => [entry.name, entry]));
  for (const [name, path] of DECLARED) {
    const figures = await measured(browser, site, pages.get(name));
    rows.push(row({ ...figures, name: path }));
  }
  await writeFile(process.argv[2], [HEADING, ...rows, ''].join('\n'));
} finally {
  await browser.close();
  await site.close();
}

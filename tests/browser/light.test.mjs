// Pages are light: the budgets of the eco-design declaration.

import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { none, openBrowser } from './browser.mjs';
import { DECLARED, HEADING, measured, row } from './measure.mjs';
import { pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';

// What a badge's page may cost whoever opens the link.
const BADGE = { kilobytes: 40, requests: 4, nodes: 200 };
const isBadge = /^badge-|^holder-badge$/;
// How far the declaration may be off: the identifiers of a run compress in their own way.
const TOLERANCE = 0.15;
const DECLARATION = new URL('../../src/web/pages/legal/figures.md', import.meta.url);
// Where EcoIndex's grade A begins.
const GRADE_A = 80;

let site, browser;
before(async () => {
  site = await openSite();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

// What the declaration says of a page: nodes, requests, kB.
const declared = async () => {
  const lines = (await readFile(DECLARATION, 'utf8')).split('\n').map((line) => line.split('|'));
  return new Map(lines.map(([, path, ...cells]) => [path?.trim(), cells.map(Number.parseFloat)]));
};

test('every page and state', async (t) => {
  const rows = [];
  const told = await declared();
  for (const entry of await pagesOf(site)) {
    await t.test(entry.name, async () => {
      const figures = await measured(browser, site, entry);
      rows.push(row(figures));
      const found = [...figures.wrongs];
      if (!(figures.index > GRADE_A)) found.push(`EcoIndex ${figures.index.toFixed(1)} is no A`);
      for (const [what, most] of Object.entries(isBadge.test(entry.name) ? BADGE : {})) {
        if (figures[what] > most) found.push(`${figures[what]} ${what}, at most ${most} are wanted`);
      }
      const path = DECLARED.get(entry.name);
      if (path) {
        ['nodes', 'requests', 'kilobytes'].forEach((what, n) => {
          const says = told.get(path)?.[n];
          if (!(Math.abs(says - figures[what]) <= figures[what] * TOLERANCE)) {
            found.push(`the declaration says ${says} ${what}, and it is ${figures[what]}`);
          }
        });
      }
      none(found);
    });
  }
  console.log([HEADING, ...rows].join('\n'));
});

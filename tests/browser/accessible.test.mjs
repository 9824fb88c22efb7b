// Everybody can read every page: axe with the rules of WCAG 2.2 AA and of RGAA 4.1, in both themes, on a
// large and on a small screen, folded and unfolded; and at 400 % zoom nothing is to be scrolled sideways.

import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { isTooWide, none, openBrowser, openWindow, visit } from './browser.mjs';
import { pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';
import { LANGUAGES } from './texts.mjs';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice', 'RGAAv4'];

let site, browser;
before(async () => {
  site = await openSite();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

const violations = async (page) => {
  const axe = new AxeBuilder({ page })
    // The one rule of WCAG 2.2 AA, which axe leaves out unless asked.
    .options({ rules: { 'target-size': { enabled: true } } })
    .withTags(TAGS)
    .setLegacyMode(true);
  const found = await axe.analyze();
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help}\n    ${node.html.slice(0, 200)}\n    ${node.any.map((it) => it.message).join('; ')}`),
  );
};

test('every page and state', async (t) => {
  const pages = await pagesOf(site);
  for (const [n, entry] of pages.entries()) {
    await t.test(entry.name, async () => {
      const found = [];
      for (const dark of [false, true]) {
        const language = LANGUAGES[(n + (dark ? 1 : 0)) % 3];
        const window = await openWindow(browser, site, { language, dark, width: dark ? 360 : 1280 });
        const { page, context } = window;
        await visit(window, entry);
        if (dark) await page.locator('summary').evaluateAll((all) => all.forEach((it) => it.click()));
        const where = `${language}, ${dark ? 'dark, 360 px' : 'light, 1280 px'}`;
        found.push(...(await violations(page)).map((it) => `${where}: ${it}`));
        if (dark) {
          if (await isTooWide(page)) found.push(`${where}: has to be scrolled sideways`);
          await page.setViewportSize({ width: 320, height: 640 });
          if (await isTooWide(page)) found.push(`${language}, 320 px: has to be scrolled sideways`);
        }
        found.push(...window.wrongs);
        await context.close();
      }
      none(found);
    });
  }
});

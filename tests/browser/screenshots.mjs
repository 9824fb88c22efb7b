// A picture of each page and state, in each language and theme, on a small and on a large screen.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser, openWindow, visit } from './browser.mjs';
import { pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';
import { LANGUAGES } from './texts.mjs';

const [folder, ...only] = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const site = await openSite();
const browser = await openBrowser();
let failed = 0;
try {
  for (const entry of await pagesOf(site)) {
    if (only.length && !only.includes(entry.name)) continue;
    for (const language of LANGUAGES) {
      const window = await openWindow(browser, site, { language });
      const { page, context } = window;
      try {
        await visit(window, entry);
        // Pictures further down wait to be scrolled to, which nobody does here.
        await page.locator('img').evaluateAll((all) => all.forEach((it) => (it.loading = 'eager')));
        await page.waitForLoadState('networkidle');
        for (const colorScheme of ['light', 'dark']) {
          for (const width of [360, 1280]) {
            await page.emulateMedia({ colorScheme });
            await page.setViewportSize({ width, height: 800 });
            const path = join(folder, `${entry.name}.${language}.${colorScheme}.${width}.png`);
            await page.screenshot({ path, fullPage: true });
          }
        }
      } catch (error) {
        failed += 1;
        console.error(`${entry.name} in ${language}: ${error.message}`);
      } finally {
        await context.close();
      }
    }
    console.log(entry.name);
  }
} finally {
  await browser.close();
  await site.close();
}
process.exitCode = failed ? 1 : 0;

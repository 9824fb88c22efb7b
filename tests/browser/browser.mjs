// Debian's Chromium, with nothing to reach but the server it is pointed at.

import { strict as assert } from 'node:assert';
import { chromium } from 'playwright-core';
import { say } from './texts.mjs';

// What a language is called where a browser is set up.
const LOCALES = { fr: 'fr-FR', br: 'br-FR', en: 'en-GB' };

export const openBrowser = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-proxy-server',
      // No name leads anywhere: what a page would fetch elsewhere fails, and is told of.
      '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });

// A window of somebody's: their language, their screen, whether they run scripts. What the pages do
// that they should not is gathered in `wrongs`.
export const openWindow = async (browser, site, options = {}) => {
  const { language = 'fr', width = 1280, height = 800, script = true, dark = false } = options;
  const context = await browser.newContext({
    baseURL: site.origin,
    locale: LOCALES[language],
    viewport: { width, height },
    javaScriptEnabled: script,
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  const wrongs = [];
  const { port } = new URL(site.origin);
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isOurs = url.hostname === '127.0.0.1' && url.port === port;
    if (!isOurs && !['data:', 'blob:'].includes(url.protocol)) wrongs.push(`asked for ${url}`);
  });
  context.on('dialog', (dialog) => {
    wrongs.push(`opened a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on('weberror', (error) => wrongs.push(`failed: ${error.error()}`));
  context.on('console', (message) => {
    // The browser itself notes each answer that is no success.
    const isStatus = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
    if (!isStatus) wrongs.push(`said “${message.text()}”`);
  });
  const page = await context.newPage();
  return { context, page, wrongs, language, script, width };
};

// A page of the list, as somebody comes to see it.
export const visit = async (window, entry) => {
  const { page, language } = window;
  let response = await page.goto(entry.path);
  if (entry.give) {
    for (const [name, value] of Object.entries(entry.give)) await page.fill(`#${name}`, String(value));
    response = await arrival(page, () => page.click('form.verify button:not([type=button])'));
  }
  if (entry.press) {
    for (const [field, value] of Object.entries(entry.type ?? {})) await page.fill(field, value);
    response = await arrival(page, () => page.click(entry.press));
  }
  assert.equal(response.status(), entry.status ?? 200, `${entry.name} answers ${response.status()}`);
  if (entry.says) {
    const text = await page.content();
    const wanted = say(language, entry.says).slice(0, 60);
    assert.ok(plain(text).includes(wanted), `${entry.name} in ${language} does not say “${wanted}”`);
  }
};

// The answer that pressing something leads to, once its page is there.
export const arrival = async (page, press) => {
  const [response] = await Promise.all([page.waitForNavigation(), press()]);
  return response;
};

// HTML with its characters as they are read.
const plain = (html) =>
  html
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code))
    .replace(/&quot;/g, '"')
    .replace(/&nbsp;/g, '\u00a0')
    .replace(/&amp;/g, '&');

// Whether something has to be scrolled to sideways.
export const isTooWide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

// Fails with what was found, where something was.
export const none = (found) => assert.ok(found.length === 0, found.join('\n'));

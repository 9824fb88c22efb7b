// What the three audiences do, from beginning to end: with and without scripts, on a small and on a large
// screen, in each language; and once with the keyboard alone.

import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { arrival, isTooWide, none, openBrowser, openWindow } from './browser.mjs';
import { openSite } from './site.mjs';
import { say } from './texts.mjs';

// Each audience meets each language, each screen, and both kinds of browser.
const WAYS = [
  { language: 'fr', width: 360, script: true },
  { language: 'br', width: 1280, script: false },
  { language: 'en', width: 1280, script: true },
  { language: 'fr', width: 360, script: false },
];
const named = ({ language, width, script }) => `${language}, ${width} px, ${script ? 'with' : 'without'} scripts`;

let site, browser;
before(async () => {
  site = await openSite();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

// Goes a journey in a window of its own, and sees that nothing went wrong on the way.
const journey = (name, ways, go) =>
  test(name, async (t) => {
    for (const way of ways) {
      await t.test(named(way), async () => {
        const window = await openWindow(browser, site, { ...way, height: way.width < 500 ? 740 : 800 });
        const { page, context, wrongs } = window;
        page.setDefaultTimeout(10_000);
        await go({ ...window, t: (key) => say(way.language, key) });
        if (await isTooWide(page)) wrongs.push('has to be scrolled sideways');
        await context.close();
        none(wrongs);
      });
    }
  });

const link = (page, name) => page.getByRole('link', { name, exact: true }).first();
const button = (page, name) => page.getByRole('button', { name, exact: true });
const verdict = (page) => page.locator('.verdict strong');

const follow = async (page, what, status = 200) => {
  const response = await arrival(page, () => what.click());
  assert.equal(response.status(), status, response.url());
};

const saved = async (page, what) => {
  const [download] = await Promise.all([page.waitForEvent('download'), what.click()]);
  return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
};

// Who, what, by whom, still valid: seen without scrolling.
const isSeenAtOnce = async (page, locator) => {
  const box = await locator.boundingBox();
  assert.ok(box && box.y + box.height <= page.viewportSize().height, `is not above the fold: ${await locator.textContent()}`);
};

const drop = async (page, name, bytes) => {
  const carried = await page.evaluateHandle(
    ([called, text]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], called));
      return transfer;
    },
    [name, bytes.toString('base64')],
  );
  await page.dispatchEvent('form.verify', 'dragover', { dataTransfer: carried });
  await arrival(page, () => page.dispatchEvent('form.verify', 'drop', { dataTransfer: carried }));
};

// Gives a file to /verify: dropped where there are scripts, chosen where there are none.
const give = async ({ page, script, t }, name, bytes) => {
  if (script) return drop(page, name, bytes);
  await page.setInputFiles('#file', { name, mimeType: 'application/octet-stream', buffer: bytes });
  return follow(page, button(page, t('verify')));
};

journey('an employer opens a link and verifies a file', WAYS, async (window) => {
  const { page, t, language, script } = window;
  await page.goto(`/credentials/${site.badge.valid}`);
  assert.equal(await page.getAttribute('html', 'lang'), language);
  assert.equal(await verdict(page).textContent(), t('verdict-valid'));
  for (const seen of [verdict(page), page.locator('h1'), page.getByText('Añaïg Le Coz'), page.locator('.lead .by').first()]) {
    await isSeenAtOnce(page, seen);
  }
  assert.equal(await page.locator('.checks li').first().isVisible(), false);
  await page.getByText(t('how-checked')).click();
  assert.equal(await page.locator('.checks li').first().isVisible(), true);
  // What takes a script is not offered where there is none.
  assert.equal(await page.locator('[data-copy]').isVisible(), script);
  const png = await saved(page, link(page, 'PNG'));
  assert.equal(png.bytes.subarray(1, 4).toString(), 'PNG');

  await follow(page, link(page, t('nav-verify')));
  const scans = script && (await page.evaluate(() => 'BarcodeDetector' in globalThis));
  if (!scans) assert.equal(await page.locator('#scan').isVisible(), false, 'a button that does nothing');
  await give(window, 'badge.png', png.bytes);
  assert.equal(await verdict(page).textContent(), t('verdict-valid'));
  await page.getByText('Añaïg Le Coz').waitFor();
  const receipt = await saved(page, link(page, t('receipt')));
  const said = JSON.parse(receipt.bytes);
  assert.equal(said.sha256, createHash('sha256').update(png.bytes).digest('hex'));
  assert.equal(said.report.verdict, 'valid');

  const forged = String(await site.file('valid')).replaceAll('Añaïg Le Coz', 'Jean Pirate');
  await give(window, 'badge.json', Buffer.from(forged));
  assert.equal(await verdict(page).textContent(), t('verdict-invalid'));

  await page.fill('#text', String(await site.file('valid', 'jwt')));
  await follow(page, button(page, t('verify')));
  assert.equal(await verdict(page).textContent(), t('verdict-valid'));

  // The address that was shared, as it stands in a CV.
  await page.fill('#url', `${site.public}/credentials/${site.badge.public}`);
  await follow(page, button(page, t('verify')));
  assert.equal(await verdict(page).textContent(), t('verdict-valid'));

  const other = language === 'br' ? 'fr' : 'br';
  await page.goto(`/credentials/${site.badge.valid}`);
  await follow(page, page.locator(`.tongues a[lang=${other}]`));
  assert.equal(await page.getAttribute('html', 'lang'), other);
  assert.equal(await verdict(page).textContent(), say(other, 'verdict-valid'));
  // The language that was chosen stays.
  await follow(page, page.locator('nav a[href*=verify]'));
  assert.equal(await page.getAttribute('html', 'lang'), other);
});

// The names of the files in a ZIP, from its central directory.
const filesIn = (zip) => {
  const names = [];
  for (let at = zip.indexOf('PK\x01\x02'); at >= 0; at = zip.indexOf('PK\x01\x02', at + 4)) {
    names.push(zip.toString('utf8', at + 46, at + 46 + zip.readUInt16LE(at + 28)));
  }
  return names.sort();
};

const asked = async (id) => {
  const requests = await site.command(['holders', 'requests', '--issuer', 'collectif']);
  return requests.filter((it) => it.credential === id).map(({ kind, text }) => `${kind}: ${text}`).sort();
};

// What somebody else gets at the badge's own address.
const others = async (id) => {
  const response = await fetch(`${site.origin}/credentials/${id}`, { headers: { accept: 'text/html', 'accept-language': 'en' } });
  return { status: response.status, html: await response.text() };
};

journey('a learner decides about their badge', WAYS, async ({ page, context, t, script }) => {
  const { id, desk } = await site.another();
  const status = page.getByRole('status');
  await page.goto(desk);
  await page.getByText('Maïwenn Ar Gabarit').waitFor();
  assert.equal(await page.isChecked('#link'), true);

  const choose = async (visibility, language = '') => {
    await page.check(`#${visibility}`);
    await page.selectOption('#language', language);
    await follow(page, page.locator('form:has(#language) button'));
    // From now on the page speaks to its holder in the language they chose.
    await status.getByText(language ? say(language, 'holder-done-decide') : t('holder-done-decide')).waitFor();
    assert.equal(await page.isChecked(`#${visibility}`), true);
  };
  await choose('private');
  assert.equal((await others(id)).status, 403);
  await choose('anonymous');
  const anonymous = await others(id);
  assert.equal(anonymous.status, 200);
  assert.ok(!anonymous.html.includes('Maïwenn'), 'somebody else reads the name');
  // The page of the badge speaks the language its holder chose, to whoever opens it.
  await choose('public', 'br');
  const open = await others(id);
  assert.ok(open.html.includes('Maïwenn') && open.html.includes('og:title') && open.html.includes('<html lang="br"'));
  await choose('private', 'br');

  // To its holder it is open all the same.
  await page.goto(`${desk}?lang=en`);
  await follow(page, link(page, say('en', 'holder-see-page')));
  assert.equal(await verdict(page).textContent(), say('en', 'verdict-valid'));
  const json = await saved(page, link(page, 'JSON'));
  assert.ok(String(json.bytes).includes('Maïwenn Ar Gabarit'));
  if (script) {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, say('en', 'copy')).click();
    await button(page, say('en', 'copied')).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), `${site.public}/credentials/${id}`);
  }

  await page.goto(`${desk}?lang=en`);
  await page.fill('#name', 'Maïwenn Ar Gabarid');
  await follow(page, button(page, say('en', 'holder-name-ask')));
  await status.getByText(say('en', 'holder-done-asked')).waitFor();
  await page.fill('#why', 'Trugarez');
  await follow(page, button(page, say('en', 'holder-erase-ask')));
  assert.equal(await page.locator('.note').count(), 2);
  assert.deepEqual(await asked(id), ['erasure: Trugarez', 'name: Maïwenn Ar Gabarid']);
  // Reloading asks for nothing again.
  await page.reload();
  assert.equal((await asked(id)).length, 2);

  await follow(page, button(page, say('en', 'holder-link-replace')));
  await status.getByText(say('en', 'holder-done-link')).waitFor();
  assert.ok(!page.url().includes(desk));
  const old = await fetch(site.origin + desk, { headers: { accept: 'text/html' } });
  assert.equal(old.status, 404);

  const zip = await saved(page, link(page, say('en', 'holder-download-all')));
  assert.deepEqual(filesIn(zip.bytes), ['badge.jwt', 'badge.json', 'badge.pdf', 'badge.png', 'badge.svg'].sort());
});

journey('a partner looks for a badge', WAYS, async ({ page, t, language }) => {
  await page.goto('/');
  await follow(page, link(page, t('home-see-badges')));
  const all = await page.locator('.cards li').count();
  await follow(page, link(page, t('next-page')));
  assert.notEqual(await page.locator('.cards h3').first().textContent(), '');

  await page.goto('/badges');
  await page.getByLabel(t('search-words')).fill('golfe');
  await follow(page, button(page, t('search')));
  assert.equal(await page.locator('.cards li').count(), 1);
  assert.ok(all > 1);
  await page.getByLabel(t('search-words')).fill('zzzz');
  await follow(page, button(page, t('search')));
  assert.equal(await page.locator('.cards li').count(), 0);
  await page.getByLabel(t('search-words')).fill('golfe');
  await page.getByLabel(t('search-level')).selectOption('R3');
  await page.getByLabel(t('search-issuer')).selectOption('exemple');
  await follow(page, button(page, t('search')));
  await follow(page, page.locator('.cards a'));

  assert.equal(await page.locator('h1').textContent(), 'Animation de la fresque du golfe');
  for (const heading of ['section-recognises', 'section-level', 'section-criteria', 'section-skills']) {
    await page.getByRole('heading', { name: t(heading) }).waitFor();
  }
  assert.equal(await page.locator('.scale [aria-current]').count(), 1);
  await follow(page, link(page, 'Association Exemple'));
  await page.getByText(t('issuer-keys')).click();
  await page.getByText('did:web:badges.example.org:issuers:exemple', { exact: true }).waitFor();
  assert.equal(await page.getAttribute('html', 'lang'), language);
});

// Tabs to something, and sees on the way that each place where the focus rests shows it.
const tabTo = async (page, isThere) => {
  for (let steps = 0; steps < 100; steps += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      const box = it.getBoundingClientRect();
      const style = getComputedStyle(it);
      return {
        what: `${it.tagName.toLowerCase()}#${it.id} ${it.textContent.trim().slice(0, 40)}`,
        href: it.getAttribute('href') ?? '',
        id: it.id,
        isOutlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        isOnScreen: box.width > 0 && box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight,
      };
    });
    assert.ok(at.isOutlined, `the focus is not seen on ${at.what}`);
    assert.ok(at.isOnScreen, `the focus is off the screen on ${at.what}`);
    if (isThere(at)) return;
  }
  assert.fail('Tab does not lead there');
};

journey('a partner who uses the keyboard alone', [WAYS[2]], async ({ page, t }) => {
  const enter = () => arrival(page, () => page.keyboard.press('Enter'));
  await page.goto('/badges');
  await tabTo(page, ({ href }) => href === '#content');
  await page.keyboard.press('Enter');
  // Past the menu at once: the next stop is within the content.
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.closest('main') !== null), true);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.keyboard.type('golfe');
  await enter();
  await tabTo(page, ({ href }) => href.startsWith('/achievements/'));
  await enter();
  await tabTo(page, ({ href }) => href.startsWith('/issuers/'));
  await enter();
  await tabTo(page, ({ what }) => what.startsWith('summary'));
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('details').getAttribute('open'), '');

  await page.goto('/verify');
  await page.focus('#text');
  await page.keyboard.insertText(String(await site.file('valid')));
  await tabTo(page, ({ what }) => what.includes(t('verify')));
  await enter();
  assert.equal(await verdict(page).textContent(), t('verdict-valid'));
});

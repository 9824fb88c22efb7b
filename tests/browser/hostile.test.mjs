// Badges are strangers' words. Whatever is in them, their pages stay one page of ours: nothing runs,
// nothing is fetched from elsewhere, and nothing reaches out of its place.

import { strict as assert } from 'node:assert';
import { after, before, test } from 'node:test';
import { arrival, isTooWide, none, openBrowser, openWindow } from './browser.mjs';
import { openSite } from './site.mjs';

const SCRIPT = '<script>window.reached=1;alert("reached")</script>';
const OUT = `"'></title></textarea></style></main></html>--><img src=x onerror="window.reached=1;alert('reached')">${SCRIPT}`;
const MARKDOWN = `# ${SCRIPT}\n\n[link](javascript:window.reached=1) <a href="javascript:alert(1)">a</a> <javascript:alert(1)>
![picture](https://elsewhere.example/p.png) [data](data:text/html,${SCRIPT}) [x](vbscript:x) [y](https://a.example/"onmouseover="alert(1))

<iframe src="https://elsewhere.example/"></iframe>\n\n| a | b |\n|---|---|\n| ${SCRIPT} | ${OUT} |`;

// What is tried in each field of a badge.
const WORDS = {
  'a script': SCRIPT,
  'the end of everything': OUT,
  'Markdown with HTML': MARKDOWN,
  'text that runs backwards': 'Invoice \u202Egpj.exe\u2066\u2067 Le Coz',
  'an unending word': 'x'.repeat(10_000),
  'many lines': 'mot \n'.repeat(2_000),
  'emoji': '👩🏽‍🚒'.repeat(200) + '🏴‍☠️ Añaïg ñ',
  'what nobody sees': 'a\u0000b\u0007c\u200Bd\uFEFFe\u0085f\u2028g\uFFFEh',
  'accents without end': 'z' + '\u0301'.repeat(3_000),
  'a template': '{{ 7 * 7 }} {% include "x" %} ${7*7} { $name }',
};

const ADDRESSES = [
  'javascript:window.reached=1', ' java\nscript:window.reached=1', 'data:text/html,<script>window.reached=1</script>',
  'https://elsewhere.example/"onmouseover="window.reached=1', 'vbscript:x', 'https://elsewhere.example/<script>',
  'https://user:password@elsewhere.example/\u202Emoc.elpmaxe',
];

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"
 onload="window.top.reached=1"><script>window.top.reached=1;alert("reached")</script><image href="https://elsewhere.example/p.png"
 width="9" height="9"/><foreignObject width="9" height="9"><iframe xmlns="http://www.w3.org/1999/xhtml" src="javascript:alert(1)"/></foreignObject>
<a xlink:href="javascript:alert(1)"><circle r="4"/></a></svg>`;
const encoded = (text) => Buffer.from(text).toString('base64');
const PICTURE = `data:image/svg+xml;base64,${encoded(SVG)}`;

// A badge in which every text is these words, and every address this address.
const badgeOf = (words, address) => ({
  '@context': [
    'https://www.w3.org/ns/credentials/v2',
    'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
  ],
  id: 'urn:uuid:5c1b8d5e-6c1c-4a9d-8f39-0d5a6a0a0a0a',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  name: words,
  issuer: { id: address, type: ['Profile'], name: words, url: address, image: { id: PICTURE, type: 'Image' } },
  validFrom: '2024-01-01T00:00:00Z',
  validUntil: '2094-01-01T00:00:00Z',
  evidence: [{ id: address, type: ['Evidence'], name: words, narrative: words, description: words }],
  credentialSubject: {
    type: ['AchievementSubject'],
    identifier: [{ type: 'IdentityObject', hashed: false, identityType: 'name', identityHash: words }],
    narrative: words,
    role: words,
    licenseNumber: words,
    term: words,
    result: [{ type: ['Result'], resultDescription: 'urn:uuid:r', value: words, status: words, achievedLevel: 'urn:uuid:l' }],
    achievement: {
      id: address,
      type: ['Achievement'],
      achievementType: words,
      inLanguage: '"><script>alert(1)</script>',
      name: words,
      description: words,
      fieldOfStudy: words,
      specialization: words,
      tag: [words],
      image: { id: PICTURE, type: 'Image', caption: words },
      criteria: { id: address, narrative: words },
      creator: { id: address, type: ['Profile'], name: `${words}!`, url: address },
      alignment: [{ type: ['Alignment'], targetName: words, targetUrl: address, targetFramework: words, targetCode: words }],
      resultDescription: [{
        id: 'urn:uuid:r', type: ['ResultDescription'], name: words, resultType: 'Result',
        rubricCriterionLevel: [{ id: 'urn:uuid:l', type: ['RubricCriterionLevel'], name: words }],
      }],
    },
  },
});

let site, browser;
before(async () => {
  site = await openSite();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

// What must hold of a page whatever it shows.
const harm = async ({ page, wrongs }) => {
  const found = await page.evaluate(() => {
    const found = [];
    const all = [...document.querySelectorAll('*')];
    if (window.reached) found.push('a script ran');
    for (const name of ['head', 'body', 'main', 'title']) {
      const count = document.querySelectorAll(name).length;
      if (count !== 1) found.push(`${count} ${name}`);
    }
    if (document.body.lastElementChild.matches(':not(footer, main)')) found.push('something stands after the end');
    for (const it of all) {
      if (it.matches('iframe, object, embed, base, style, svg')) found.push(`there is a ${it.localName}`);
      if (it.matches('script') && it.type !== 'application/ld+json' && !it.src.startsWith(`${location.origin}/assets/`)) {
        found.push(`a script of others: ${it.outerHTML.slice(0, 80)}`);
      }
      for (const { name, value } of it.attributes) {
        if (name.startsWith('on') || name === 'style') found.push(`${it.localName} has ${name}`);
        const isAddress = ['href', 'src', 'action', 'formaction'].includes(name);
        const protocol = isAddress && new URL(value, location).protocol;
        // The icon, the picture that a badge carries, and the receipt.
        const isWithin = protocol === 'data:' && it.matches('link[rel=icon], img, a[download]');
        if (isAddress && !isWithin && !['http:', 'https:', 'mailto:'].includes(protocol)) {
          found.push(`${it.localName} leads to ${value.slice(0, 60)}`);
        }
        if (name === 'href' && it.matches('main a') && new URL(value, location).origin !== location.origin) {
          if (protocol !== 'data:' && !/noopener/.test(it.rel)) found.push(`a link without rel to ${value.slice(0, 60)}`);
        }
      }
    }
    // What turns the direction of a line must end where the stranger's words end.
    const text = document.body.textContent;
    if (/[\u202a-\u202e\u2066-\u2069]/.test(text)) found.push('the direction of the text is turned');
    if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text)) found.push('there are control characters');
    if (document.title.length > 600) found.push(`the title has ${document.title.length} characters`);
    return found;
  });
  if (await isTooWide(page)) found.push('it has to be scrolled sideways');
  return [...found, ...wrongs];
};

test('a badge to verify', async (t) => {
  const cases = [
    ...Object.entries(WORDS).map(([name, words], n) => [name, badgeOf(words, ADDRESSES[n % ADDRESSES.length])]),
    ...ADDRESSES.map((address) => [`the address ${JSON.stringify(address)}`, badgeOf('Badge', address)]),
  ];
  for (const [n, [name, badge]] of cases.entries()) {
    await t.test(name, async () => {
      const window = await openWindow(browser, site, { language: ['fr', 'br', 'en'][n % 3], width: n % 2 ? 1280 : 360 });
      const { page, context } = window;
      await page.goto('/verify');
      await page.fill('#text', JSON.stringify(badge));
      const response = await arrival(page, () => page.click('form.verify button:not([type=button])'));
      assert.equal(response.status(), 200);
      await page.locator('summary').evaluateAll((all) => all.forEach((it) => it.click()));
      await page.waitForLoadState('networkidle');
      const found = await harm(window);
      await context.close();
      none(found);
    });
  }
});

// The API refuses much of this on purpose; what it takes is shown.
test('a badge of a partner’s', async (t) => {
  const seen = async (path) => {
    const window = await openWindow(browser, site, { language: 'en', width: 360 });
    const response = await window.page.goto(path);
    await window.page.waitForLoadState('networkidle');
    const found = response.status() === 200 ? await harm(window) : [`${path} answers ${response.status()}`];
    await window.context.close();
    return found.map((it) => `${path}: ${it}`);
  };
  let taken = 0;
  for (const [n, [name, words]] of Object.entries(WORDS).entries()) {
    await t.test(name, async () => {
      const achievement = {
        name: words, description: words, achievementType: 'Badge', fieldOfStudy: words, tag: [words],
        criteria: { narrative: words },
        alignment: [{ type: ['Alignment'], targetName: words, targetUrl: 'https://a.example/"onclick="x', targetFramework: words }],
      };
      let body = { slug: `hostile-${n}`, level: 'R2', achievement, image: encoded(SVG) };
      let { status, answer } = await site.api('POST', '/achievements?issuer=exemple', body);
      // Without what it minds most, more of the rest is tried.
      if (status !== 201) {
        const name = words.replace(/[\p{Cc}\p{Cf}\u2028\uFFFE]/gu, ' ').slice(0, 100);
        const { description, achievementType, criteria } = achievement;
        body = { slug: `hostile-${n}`, level: 'R2', achievement: { name, fieldOfStudy: name, description, achievementType, criteria } };
        ({ status, answer } = await site.api('POST', '/achievements?issuer=exemple', body));
      }
      assert.ok(status === 201 || status === 422, `it answers ${status}: ${JSON.stringify(answer)}`);
      if (status === 422) return;
      taken += 1;
      const found = await seen(new URL(answer.id).pathname);
      const recipient = { name: words.slice(0, 200), email: `h${n}@example.org` };
      const issued = await site.api('POST', '/credentials?issuer=exemple', {
        achievement: `hostile-${n}`, recipient, narrative: words.slice(0, 1_000), role: words.slice(0, 100),
      });
      if (issued.answer.id) {
        const desk = await site.link(issued.answer.id);
        await site.send(desk, { do: 'decide', visibility: 'public', language: '' });
        await site.send(desk, { do: 'erasure', text: words.slice(0, 500) });
        for (const path of [`/credentials/${issued.answer.id}`, `/credentials/${issued.answer.id}/embed`, desk, `${desk}/badge`]) {
          found.push(...(await seen(path)));
        }
      }
      none(found);
    });
  }
  t.diagnostic(`${taken} of ${Object.keys(WORDS).length} were taken`);
  assert.ok(taken >= 3, `only ${taken} of these badges were taken, so that hardly anything was seen`);
  none([...(await seen('/badges?issuer=exemple')), ...(await seen('/issuers/exemple'))]);
});

test('what is written into an address', async () => {
  const found = [];
  for (const words of [OUT, SCRIPT, '\u202Eevil', 'x'.repeat(2_000)]) {
    const said = encodeURIComponent(words);
    for (const path of [`/badges?q=${said}`, `/badges?level=${said}&issuer=${said}&page=2`, `/verify?lang=${said}`, `/${said}`,
      `/credentials/${said}`, `${site.desk.spare}?done=${said}`, `/badges?page=99999999999999999999`]) {
      const window = await openWindow(browser, site, { language: 'en', width: 360 });
      const response = await window.page.goto(path);
      if (response.status() >= 500) found.push(`${path.slice(0, 60)}: answers ${response.status()}`);
      found.push(...(await harm(window)).map((it) => `${path.slice(0, 60)}: ${it}`));
      await window.context.close();
    }
  }
  none(found);
});

test('a picture opened by itself', async () => {
  const publish = (slug, svg) =>
    site.api('POST', '/achievements?issuer=exemple', {
      slug, level: 'R2', image: encoded(svg),
      achievement: { name: 'Picture', description: 'A picture.', achievementType: 'Badge', criteria: { narrative: 'Be there.' } },
    });
  const shown = async ({ answer }) => {
    const window = await openWindow(browser, site);
    const response = await window.page.goto(`${new URL(answer.id).pathname}/versions/1/image`);
    assert.equal(response.status(), 200);
    const policy = response.headers()['content-security-policy'];
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /script-src/);
    assert.equal(await window.page.evaluate(() => window.reached), undefined);
    await window.context.close();
    none(window.wrongs);
  };
  const begin = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"';
  const harmless = await publish('harmless', `${begin}><circle cx="4" cy="4" r="4"/></svg>`);
  assert.equal(harmless.status, 201);
  await shown(harmless);
  const tried = [SVG, `${begin} onload="window.reached=1"/>`, `${begin}><script>window.reached=1</script></svg>`,
    `${begin}><image href="https://elsewhere.example/p.png" width="9" height="9"/></svg>`,
    `${begin}><style>@import "https://elsewhere.example/a.css";</style></svg>`];
  for (const [n, svg] of tried.entries()) {
    const published = await publish(`harmful-${n}`, svg);
    if (published.status === 201) await shown(published);
    else assert.equal(published.status, 422);
  }
});

// What goes along with the pages: what browsers may do with them, how they come, and what others show.

import { strict as assert } from 'node:assert';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { none } from './browser.mjs';
import { pagesOf } from './pages.mjs';
import { openSite } from './site.mjs';

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

// An answer as it comes over the wire: nothing is unpacked or followed.
const get = (path, headers = {}) =>
  new Promise((answered, failed) => {
    http
      .get(site.origin + path, { headers: { accept: 'text/html,*/*;q=0.8', ...headers } }, (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => answered({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      })
      .on('error', failed);
  });

const plain = async () => (await pagesOf(site)).filter(({ give, press }) => !give && !press);

test('browsers are told to be careful with every page', async () => {
  const found = [];
  for (const { name, path } of await plain()) {
    const { headers } = await get(path);
    const wrong = (what) => found.push(`${name}: ${what}`);
    const policy = headers['content-security-policy'] ?? '';
    if (!/default-src 'none'/.test(policy)) wrong(`Content-Security-Policy is ${policy}`);
    if (/unsafe|\*(?!;)|https?:|strict-dynamic/.test(policy.replace('frame-ancestors *', ''))) wrong(`it allows too much: ${policy}`);
    const frames = /frame-ancestors ([^;]*)/.exec(policy)?.[1];
    const isEmbed = name === 'embed';
    if (frames !== (isEmbed ? '*' : "'none'")) wrong(`frame-ancestors are ${frames}`);
    if (headers['x-frame-options'] !== (isEmbed ? undefined : 'DENY')) wrong(`X-Frame-Options is ${headers['x-frame-options']}`);
    if (headers['x-content-type-options'] !== 'nosniff') wrong('sniffing is allowed');
    if (headers['referrer-policy'] !== 'no-referrer') wrong(`Referrer-Policy is ${headers['referrer-policy']}`);
    if (headers['set-cookie']) wrong('there is a cookie');
    if (headers['content-type'] !== 'text/html; charset=utf-8') wrong(`it is ${headers['content-type']}`);
    if (!/accept-language/.test(headers.vary ?? '')) wrong(`Vary is ${headers.vary}`);
  }
  none(found);
});

test('pages come small', async () => {
  for (const path of [`/credentials/${site.badge.valid}`, '/badges', '/verify', '/legal/privacy']) {
    const whole = (await get(path)).body;
    for (const [encoding, unpack] of [['br', zlib.brotliDecompressSync], ['gzip', zlib.gunzipSync]]) {
      const { headers, body } = await get(path, { 'accept-encoding': encoding });
      assert.equal(headers['content-encoding'], encoding, path);
      assert.ok(body.length < whole.length);
      assert.ok(unpack(body).includes('</html>'));
    }
  }
});

test('pages are sent once', async () => {
  for (const path of ['/', '/badges', site.achievement.lead, '/issuers/collectif', '/legal/notice', '/verify']) {
    for (const encoding of ['identity', 'br']) {
      const headers = { 'accept-encoding': encoding };
      const { etag } = (await get(path, headers)).headers;
      assert.ok(etag, `${path} has no ETag`);
      const again = await get(path, { ...headers, 'if-none-match': etag });
      assert.equal(again.status, 304, `${path} in ${encoding}`);
      assert.equal(again.body.length, 0);
      const other = await get(path, { ...headers, 'accept-language': 'br', 'if-none-match': etag });
      assert.equal(other.status, 200, `${path} is another page in another language`);
    }
  }
});

test('what pages are made with is kept for good', async () => {
  const page = String((await get('/verify')).body) + String((await get(`/credentials/${site.badge.valid}`)).body);
  const paths = new Set(page.match(/\/assets\/[^"]+/g));
  assert.equal(paths.size, 3);
  for (const path of paths) {
    const { status, headers } = await get(path, { 'accept-encoding': 'br' });
    assert.equal(status, 200);
    assert.match(headers['cache-control'], /max-age=31536000, immutable/);
    // What is smaller than a packet gains nothing.
    const isSmall = Number(headers['content-length']) <= 512;
    assert.equal(headers['content-encoding'], isSmall ? undefined : 'br', path);
    assert.equal(headers['x-content-type-options'], 'nosniff');
  }
  const unknown = await get('/assets/AAAAAAAAAAAA-style.css');
  assert.equal(unknown.status, 404);
});

const isKeptFromSearch = ({ headers, body }) =>
  /noindex/.test(headers['x-robots-tag'] ?? '') || /<meta name="robots" content="noindex">/.test(body);

test('only what is public is found and previewed', async () => {
  const badge = (state) => `/credentials/${site.badge[state]}`;
  const unlisted = [badge('valid'), badge('private'), badge('erased'), site.desk.spare, `${site.desk.private}/badge`, '/nothing/here'];
  for (const path of unlisted) {
    const answer = await get(path);
    assert.ok(isKeptFromSearch(answer), `${path} may be found`);
    assert.doesNotMatch(String(answer.body), /og:|oembed|canonical/, path);
  }
  for (const path of [badge('public'), badge('anonymous'), site.achievement.lead]) {
    const answer = await get(path);
    const html = String(answer.body);
    assert.ok(!isKeptFromSearch(answer), `${path} can't be found`);
    for (const name of ['og:title', 'og:description', 'og:url', 'og:image', 'og:locale']) {
      assert.ok(html.includes(`property="${name}" content="`), `${path} has no ${name}`);
    }
    assert.ok(html.includes(`<link rel="canonical" href="${site.public}${path}">`), path);
  }
  assert.doesNotMatch(String((await get(badge('anonymous'))).body), /Maïwenn/);
  for (const path of [site.desk.spare, `${site.desk.private}/badge`, site.desk.spare + '/badge.json']) {
    assert.equal((await get(path)).headers['cache-control'], 'no-store', path);
  }
  // Names of people stand in no title of a page that is theirs alone.
  for (const path of [site.desk.spare, badge('private'), badge('erased')]) {
    assert.doesNotMatch(/<title>.*<\/title>/.exec(String((await get(path)).body))[0], /Maïwenn/);
  }
});

test('the picture of a preview', async () => {
  for (const state of ['public', 'anonymous']) {
    const html = String((await get(`/credentials/${site.badge[state]}`)).body);
    const address = /og:image" content="([^"]*)"/.exec(html)[1];
    const { status, headers, body } = await get(new URL(address).pathname);
    assert.equal(status, 200, `${address} answers ${status}`);
    assert.equal(headers['content-type'], 'image/png');
    assert.deepEqual([body.readUInt32BE(16), body.readUInt32BE(20)], [1200, 630]);
    assert.ok(body.length < 300_000, `it has ${body.length} bytes`);
  }
  for (const state of ['valid', 'private', 'erased']) {
    const { status } = await get(`/credentials/${site.badge[state]}/card.png`);
    assert.ok([403, 404, 410].includes(status), `the card of a badge that is ${state} answers ${status}`);
  }
});

test('oEmbed and the frame', async () => {
  const html = String((await get(`/credentials/${site.badge.public}`)).body);
  const address = /type="application\/json\+oembed" href="([^"]*)"/.exec(html)[1].replaceAll('&amp;', '&').replaceAll('&#38;', '&');
  const { pathname, search } = new URL(address);
  const { status, body } = await get(pathname + search, { accept: 'application/json' });
  assert.equal(status, 200);
  const told = JSON.parse(body);
  assert.deepEqual([told.version, told.type], ['1.0', 'rich']);
  const framed = /src="([^"]*)"/.exec(told.html)[1];
  const frame = await get(new URL(framed).pathname);
  assert.equal(frame.status, 200);
  assert.match(String(frame.body), /Maïwenn/);
  for (const state of ['valid', 'private', 'erased']) {
    const url = encodeURIComponent(`${site.public}/credentials/${site.badge[state]}`);
    const { status } = await get(`/oembed?url=${url}`, { accept: 'application/json' });
    assert.ok([403, 404, 410].includes(status), `oEmbed of a badge that is ${state} answers ${status}`);
    assert.notEqual((await get(`/credentials/${site.badge[state]}/embed`)).status, 200);
  }
});

test('the reminder for a calendar', async () => {
  const { status, headers, body } = await get(`/credentials/${site.badge.valid}/expiry.ics`, { 'accept-language': 'br' });
  assert.equal(status, 200);
  assert.equal(headers['content-type'], 'text/calendar; charset=utf-8');
  const lines = String(body).split('\r\n');
  assert.equal(lines[0], 'BEGIN:VCALENDAR');
  assert.ok(lines.every((line) => Buffer.byteLength(line) <= 75));
  const none = await get(`/credentials/${site.badge.endless}/expiry.ics`);
  assert.equal(none.status, 404);
});

test('what a private badge hands out', async () => {
  for (const form of ['json', 'jwt', 'png', 'svg', 'pdf']) {
    const { status } = await get(`/credentials/${site.badge.private}.${form}`);
    assert.equal(status, 403, `.${form}`);
    // The signed file names whoever wants no name shown.
    const anonymous = await get(`/credentials/${site.badge.anonymous}.${form}`);
    assert.equal(anonymous.status, 403, `.${form} of an anonymous badge`);
    const own = await get(`${site.desk.private}/badge.${form}`);
    assert.equal(own.status, 200, `.${form} for its holder`);
  }
});

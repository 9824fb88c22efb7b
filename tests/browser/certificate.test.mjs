// The certificate on paper, read as people's readers read it.

import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { openSite } from './site.mjs';

const run = promisify(execFile);
const MOST = 60_000;

let site;
before(async () => {
  site = await openSite();
});
after(() => site?.close());

const certificate = async (path, language = 'fr') => {
  const response = await fetch(site.origin + path, { headers: { 'accept-language': language } });
  assert.equal(response.status, 200, `${path} answers ${response.status}`);
  assert.equal(response.headers.get('content-type'), 'application/pdf');
  const file = join(site.folder, `${language}.pdf`);
  await writeFile(file, Buffer.from(await response.arrayBuffer()));
  return file;
};

const read = async (file) => (await run('pdftotext', [file, '-'])).stdout.replace(/\s+/g, ' ');

for (const state of ['label', 'cec', 'endorsed', 'endless', 'valid']) {
  for (const language of ['fr', 'br', 'en']) {
    test(`the certificate of a badge: ${state}, ${language}`, async () => {
      const credential = await site.json(state);
      const address = `${site.public}/credentials/${site.badge[state]}`;
      const file = await certificate(`/credentials/${site.badge[state]}.pdf`, language);
      const bytes = await readFile(file);
      assert.ok(bytes.length < MOST, `it has ${bytes.length} bytes`);

      const text = await read(file);
      const { achievement, identifier, name } = credential.credentialSubject;
      const recipient = name ?? [identifier].flat().find((it) => it.identityType === 'name').identityHash;
      assert.ok(text.includes(recipient), `its text lacks ${recipient}: ${text}`);
      for (const word of achievement.name.split(/[\s—·]+/)) assert.ok(text.includes(word), `its text lacks ${word}: ${text}`);
      // A long address may be broken over lines, but has to be whole where it is copied.
      assert.ok(text.replaceAll(' ', '').includes(site.badge[state]), `its text lacks the link: ${text}`);

      const { stdout: told } = await run('pdfinfo', [file]);
      assert.match(told, /^Tagged: +yes$/m);
      assert.match(told, /^Pages: +1$/m);
      assert.match(told, /^Title: +\S/m);
      assert.match(told, /^JavaScript: +no$/m);
      const { stdout: fonts } = await run('pdffonts', [file]);
      for (const font of fonts.split('\n').slice(2).filter(Boolean)) {
        assert.match(font, / yes +(yes|no) +yes +\d+ +\d+$/, `a font is not embedded, or its letters can't be copied: ${font}`);
      }

      await run('pdftoppm', ['-png', '-r', '150', '-singlefile', file, file.slice(0, -4)]);
      const { stdout: code } = await run('zbarimg', ['--quiet', '--raw', `${file.slice(0, -4)}.png`]);
      assert.equal(code.trim(), address);
    });
  }
}

test('a name in Breton, from its holder’s own page', async () => {
  const { desk } = await site.another('Nolwenn Ar C’hwenneg-Kervarreñ');
  const text = await read(await certificate(`${desk}/badge.pdf`, 'br'));
  assert.ok(text.includes('Nolwenn Ar C’hwenneg-Kervarreñ'), text);
});

test('the longest name and title still stand on one page', async () => {
  const name = 'Marie-Anne Katellig Nolwennañ '.repeat(6).trim();
  const { desk } = await site.another(name);
  const file = await certificate(`${desk}/badge.pdf`);
  assert.match((await run('pdfinfo', [file])).stdout, /^Pages: +1$/m);
  assert.ok((await read(file)).includes('Nolwennañ'));
});

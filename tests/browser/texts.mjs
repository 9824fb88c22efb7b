// What the pages say, read from their own messages: a journey looks for what people read, in their language.

import { readFileSync } from 'node:fs';

const FOLDER = new URL('../../src/web/pages/texts/', import.meta.url);

const read = (language) => {
  const text = readFileSync(new URL(`${language}.ftl`, FOLDER), 'utf8');
  return new Map([...text.matchAll(/^([a-z0-9-]+) = (.+)$/gm)].map(([, key, value]) => [key, value]));
};

const messages = { fr: read('fr'), br: read('br'), en: read('en') };

// Only messages that say the same of everything: those with a variable are for the unit tests.
export const say = (language, key) => {
  const text = messages[language].get(key);
  if (text === undefined || text.includes('{')) throw new Error(`${language}.ftl has no plain message ${key}`);
  return text;
};

export const LANGUAGES = ['fr', 'br', 'en'];

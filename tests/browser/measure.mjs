// What a page weighs, by the browser's own counters.

import { computeEcoIndex, getEcoIndexGrade } from 'ecoindex';
import { openWindow, visit } from './browser.mjs';

export const measured = async (browser, site, entry, language = 'fr') => {
  // A window of its own: nothing was kept from other pages.
  const window = await openWindow(browser, site, { language });
  const devtools = await window.context.newCDPSession(window.page);
  await devtools.send('Network.enable');
  // Nor from the form that leads to the page.
  await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
  let requests = new Map();
  devtools.on('Network.requestWillBeSent', ({ requestId, request, type }) => {
    // What a form answers is a page anew; what stands in the page itself is no request.
    if (type === 'Document') requests = new Map();
    if (!request.url.startsWith('data:')) requests.set(requestId, 0);
  });
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (requests.has(requestId)) requests.set(requestId, encodedDataLength);
  });
  await visit(window, entry);
  await window.page.locator('img').evaluateAll((all) => all.forEach((it) => (it.loading = 'eager')));
  await window.page.waitForLoadState('networkidle');
  const nodes = await window.page.evaluate(() => document.querySelectorAll('*').length);
  await window.context.close();
  const bytes = [...requests.values()].reduce((sum, length) => sum + length, 0);
  const index = computeEcoIndex(nodes, requests.size, bytes / 1000);
  return {
    name: entry.name,
    nodes,
    requests: requests.size,
    kilobytes: bytes / 1000,
    index,
    grade: getEcoIndexGrade(index),
    wrongs: window.wrongs,
  };
};

// The pages of the eco-design declaration, as it names them.
export const DECLARED = new Map([
  ['home', '/'],
  ['badge-valid', '/credentials/…'],
  ['badge-cec', '/credentials/… (CEC)'],
  ['achievement', '/achievements/…'],
  ['issuer', '/issuers/…'],
  ['directory', '/badges'],
  ['verify', '/verify'],
  ['legal-privacy', '/legal/privacy'],
]);

export const row = ({ name, nodes, requests, kilobytes, index, grade }) =>
  `| ${name} | ${nodes} | ${requests} | ${kilobytes.toFixed(1)} | ${index.toFixed(0)} ${grade} |`;

export const HEADING = '| Page | DOM | HTTP | kB | EcoIndex |\n|---|---|---|---|---|';

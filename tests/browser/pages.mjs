// Every page in every state: the list that all suites go through.
//
//   name    what it is called in reports and in names of screenshots
//   path    where it is
//   status  what it answers (default 200)
//   give    what is put into the form of /verify; `type` and `press` are for the forms of a holder's page
//   says    a message that must stand on it, so that a page is never mistaken for another

import { foreignBadge } from './site.mjs';

export const pagesOf = async (site) => {
  const badge = (state) => `/credentials/${site.badge[state]}`;
  const sound = await site.file('valid');
  const tampered = Buffer.from(String(sound).replaceAll('Añaïg Le Coz', 'Jean Pirate'));
  // Nobody answers for its issuer.
  const orphan = String(sound).replaceAll('badges.example.org', 'ailleurs.localhost');
  const verify = (name, give, says, status = 200) => ({ name: `verify-${name}`, path: '/verify', give, says, status });
  const desk = (name, path, says, status = 200) => ({ name: `holder-${name}`, path, says, status });
  const badges = [
    ['valid', 'verdict-valid'], ['endless', 'verdict-valid'], ['endorsed', 'verdict-valid'], ['label', 'verdict-valid'],
    ['cec', 'section-results'], ['anonymous', 'unnamed'], ['public', 'embed-code'], ['revoked', 'verdict-invalid'],
    ['suspended', 'verdict-invalid'], ['expired', 'verdict-invalid'], ['early', 'verdict-invalid'],
  ];
  return [
    { name: 'home', path: '/', says: 'home-title' },
    { name: 'directory', path: '/badges', says: 'directory-title' },
    { name: 'directory-second', path: '/badges?page=1', says: 'directory-title' },
    { name: 'directory-search', path: '/badges?q=climat&level=R2', says: 'search' },
    { name: 'directory-nothing', path: '/badges?q=zzzz', says: 'search' },
    { name: 'achievement', path: site.achievement.lead, says: 'section-criteria' },
    { name: 'achievement-label', path: site.achievement.label, says: 'section-criteria' },
    { name: 'achievement-archived', path: site.achievement.archived, says: 'not-issued-any-more' },
    { name: 'issuer', path: '/issuers/collectif', says: 'issuer-keys' },
    { name: 'issuer-partner', path: '/issuers/exemple', says: 'issuer-badges' },
    { name: 'issuer-new', path: '/issuers/nouvelle', says: 'issuer-no-badges' },
    ...badges.map(([state, says]) => ({ name: `badge-${state}`, path: badge(state), says })),
    { name: 'badge-erased', path: badge('erased'), status: 410, says: 'error-gone' },
    { name: 'badge-private', path: badge('private'), status: 403, says: 'error-private' },
    { name: 'embed', path: `${badge('public')}/embed`, says: 'verdict-valid' },
    { name: 'verify', path: '/verify', says: 'verify-intro' },
    verify('valid', { text: sound }, 'verdict-valid'),
    verify('remarks', { text: await foreignBadge() }, 'verdict-remarks'),
    verify('undetermined', { text: orphan }, 'verdict-undetermined'),
    verify('tampered', { text: tampered }, 'verdict-invalid'),
    verify('revoked', { text: await site.file('revoked') }, 'verdict-invalid'),
    verify('unreadable', { text: 'Ceci n’est pas un badge.' }, 'verify-result'),
    verify('unreachable', { url: 'https://ailleurs.localhost/badge.json' }, 'verify-unreachable', 422),
    verify('nothing', {}, 'verify-nothing', 422),
    desk('desk', site.desk.spare, 'holder-intro'),
    desk('saved', `${site.desk.public}?done=decide`, 'holder-done-decide'),
    desk('asked', `${site.desk.asked}?done=name`, 'holder-done-asked'),
    desk('replaced', `${site.desk.spare}?done=link`, 'holder-done-link'),
    {
      ...desk('refused', site.desk.spare, 'holder-refused', 422),
      send: { do: 'name', text: '   ' }, type: { '#name': '   ' }, press: 'form:has(#name) button',
    },
    desk('badge', `${site.desk.private}/badge`, 'section-keep'),
    desk('unknown', '/holders/nothing', 'error-not-found', 404),
    { name: 'legal-notice', path: '/legal/notice', says: 'legal-notice' },
    { name: 'legal-privacy', path: '/legal/privacy', says: 'legal-privacy' },
    { name: 'legal-accessibility', path: '/legal/accessibility', says: 'legal-accessibility' },
    { name: 'legal-ecodesign', path: '/legal/ecodesign', says: 'legal-ecodesign' },
    { name: 'not-found', path: '/nothing/here', status: 404, says: 'error-not-found' },
  ];
};

// A page as a program asks for it.
export const fetched = async (site, page, language) => {
  const headers = { accept: 'text/html', 'accept-language': language };
  const address = site.origin + page.path;
  if (page.send) {
    return fetch(address, { method: 'POST', headers, body: new URLSearchParams(page.send) });
  }
  if (!page.give) return fetch(address, { headers });
  const body = new FormData();
  for (const [name, value] of Object.entries(page.give)) body.set(name, String(value));
  // An empty form is sent with an empty file, as browsers do.
  body.set('file', new Blob([]), '');
  return fetch(address, { method: 'POST', headers, body });
};

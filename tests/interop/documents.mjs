// What the Node side looks up, all of it on this machine: the pinned contexts of this repository, and
// keys that their own identifier holds (did:key, did:jwk). Nothing else loads, so nothing goes online.

import {createPublicKey} from 'node:crypto';
import {readFileSync} from 'node:fs';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {decode as base58} from 'base58-universal';
import {driver} from '@digitalbazaar/did-method-key';

export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
export const OPEN_BADGES = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';
export const EXTENSIONS = 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json';

const CONTEXTS = new Map([
  [CREDENTIALS_V2, 'credentials-v2'],
  ['https://www.w3.org/2018/credentials/v1', 'credentials-v1'],
  [OPEN_BADGES, 'ob-v3p0-context-3.0.3'],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json', 'ob-v3p0-context-3.0.2'],
  ['https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json', 'ob-v3p0-context-3.0.1'],
  [EXTENSIONS, 'ob-v3p0-extensions'],
  ['https://w3id.org/security/data-integrity/v2', 'data-integrity-v2'],
  ['https://w3id.org/security/data-integrity/v1', 'data-integrity-v1'],
  ['https://w3id.org/security/multikey/v1', 'multikey-v1'],
  ['https://www.w3.org/ns/did/v1', 'did-v1']
].map(([url, name]) => {
  const file = new URL(`../../schemas/contexts/${name}.jsonld`, import.meta.url);
  return [url, JSON.parse(readFileSync(file, 'utf8'))];
}));

const didKey = driver();
didKey.use({multibaseMultikeyHeader: 'z6Mk', fromMultibase: Ed25519Multikey.from});

/** The document loader of jsonld.js: what it does not hold, it refuses by name. */
export async function documentLoader(url) {
  const document = CONTEXTS.get(url) ??
    (url.startsWith('did:key:z6Mk') ? await didKey.get({url}) : undefined);
  if(!document) {
    throw new Error(`${url} is not among the pinned documents`);
  }
  return {contextUrl: null, documentUrl: url, document};
}

const SPKI = {
  'ed01': '302a300506032b6570032100',
  '8024': '3039301306072a8648ce3d020106082a8648ce3d030107032200'
};

/** The public key that a did:key or did:jwk (or a URL of one of its methods) holds. */
export function keyOf(did) {
  const [, method, id] = did.split('#')[0].split(':');
  if(method === 'jwk') {
    return createPublicKey({format: 'jwk', key: JSON.parse(Buffer.from(id, 'base64url'))});
  }
  if(method !== 'key') {
    throw new Error(`the key of ${did} is not on this machine`);
  }
  const bytes = Buffer.from(base58(id.slice(1)));
  const prefix = SPKI[bytes.subarray(0, 2).toString('hex')];
  if(!prefix) {
    throw new Error(`${did} is no Ed25519 or P-256 key`);
  }
  const der = Buffer.concat([Buffer.from(prefix, 'hex'), bytes.subarray(2)]);
  return createPublicKey({format: 'der', type: 'spki', key: der});
}

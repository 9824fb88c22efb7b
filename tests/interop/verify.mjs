// node verify.mjs DIR: judges every .json, .jwt, .png and .svg under DIR with @digitalbazaar/vc and jose.
// What lies in a folder `bad` must be refused, all the rest must verify; anything else is an error.

import {createPublicKey} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {inflateSync} from 'node:zlib';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import {DOMParser} from '@xmldom/xmldom';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {documentLoader, keyOf} from './documents.mjs';

const READ = {
  '.json': bytes => bytes.toString('utf8'),
  '.jwt': bytes => bytes.toString('utf8'),
  '.png': credentialInPng,
  '.svg': credentialInSvg
};

async function verify(file) {
  const text = READ[path.extname(file)](readFileSync(file)).trim();
  if(text.startsWith('{')) {
    await verifyDocument(JSON.parse(text));
  } else {
    await verifyJwt(text);
  }
}

async function verifyDocument(credential) {
  const suite = new DataIntegrityProof({cryptosuite});
  // The status list would have to be fetched from its issuer: it is not part of this comparison.
  const checkStatus = async () => ({verified: true});
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
  if(!result.verified) {
    const errors = result.error?.errors ?? [result.error];
    throw new Error(errors.map(error => error.cause?.message ?? error.message).join('; '));
  }
  const {issuer, credentialSubject} = credential;
  for(const endorsed of [credential, issuer, credentialSubject, credentialSubject.achievement]) {
    for(const endorsement of [endorsed?.endorsement ?? []].flat()) {
      await verifyDocument(endorsement);
    }
  }
}

// Open Badges 3.0 §8.2.4: the signature, and claims that say the same as the credential.
async function verifyJwt(token) {
  const {alg, kid, jwk} = jose.decodeProtectedHeader(token);
  const credential = jose.decodeJwt(token);
  const issuer = credential.issuer?.id ?? credential.issuer;
  if(!kid && !jwk) {
    throw new Error('the header names no key');
  }
  const key = kid ? keyOf(kid) : createPublicKey({format: 'jwk', key: jwk});
  if(!keyOf(issuer).equals(key)) {
    throw new Error(`signed by ${kid ?? 'an inline key'}, which is not the key of its issuer ${issuer}`);
  }
  const algorithms = [{ed25519: 'EdDSA', ec: 'ES256', rsa: 'RS256'}[key.asymmetricKeyType]];
  const options = {algorithms, issuer, subject: credential.credentialSubject.id};
  await jose.jwtVerify(token, key, options);
  if(credential.jti !== credential.id) {
    throw new Error('jti is not the id of the credential');
  }
  if(credential.nbf * 1000 !== Date.parse(credential.validFrom)) {
    throw new Error('nbf is not validFrom');
  }
  if(alg !== algorithms[0]) {
    throw new Error(`${alg} is not the algorithm of the key`);
  }
}

function credentialInPng(bytes) {
  for(let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    const keyword = 'openbadgecredential\0';
    if(bytes.toString('latin1', at + 4, at + 8) === 'iTXt' && data.indexOf(keyword) === 0) {
      const compressed = data[keyword.length] === 1;
      const language = data.indexOf(0, keyword.length + 2);
      const text = data.subarray(data.indexOf(0, language + 1) + 1);
      return (compressed ? inflateSync(text) : text).toString('utf8');
    }
  }
  throw new Error('no openbadgecredential chunk');
}

function credentialInSvg(bytes) {
  const document = new DOMParser().parseFromString(bytes.toString('utf8'), 'image/svg+xml');
  const name = ['https://purl.imsglobal.org/ob/v3p0', 'credential'];
  const element = document.getElementsByTagNameNS(...name)[0];
  if(!element) {
    throw new Error('no openbadges:credential element');
  }
  return element.getAttribute('verify') || element.textContent;
}

const [directory] = process.argv.slice(2);
const files = readdirSync(directory, {recursive: true}).filter(name => READ[path.extname(name)]);
const counts = {};
let wrong = 0;
for(const name of files.sort()) {
  const bad = name.split(path.sep).includes('bad') || path.basename(directory) === 'bad';
  const refused = await verify(path.join(directory, name)).then(() => null, error => error);
  if(process.env.VERBOSE) {
    console.error(`${refused ? 'refused' : 'valid  '} ${name}: ${refused?.message ?? ''}`);
  }
  if(bad !== Boolean(refused)) {
    wrong += 1;
    console.error(`WRONG  ${name}: ${bad ? 'taken, though tampered with' : refused.message}`);
    continue;
  }
  const kind = bad ? 'tampered with and refused' : path.extname(name).slice(1).toUpperCase();
  counts[kind] = (counts[kind] ?? 0) + 1;
}
const summary = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`).join(', ');
console.log(`Node (@digitalbazaar/vc, jose): ${summary || 'nothing'} as they should be, ${wrong} wrong`);
process.exit(wrong || !files.length ? 1 : 0);

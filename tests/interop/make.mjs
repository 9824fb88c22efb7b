// node make.mjs OUT: issues badges with @digitalbazaar/vc and jose into OUT, and what a forger would
// make of them into OUT/bad. The keys live for this run only.

import {createHmac, generateKeyPairSync} from 'node:crypto';
import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import * as jose from 'jose';
import * as vc from '@digitalbazaar/vc';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {encode as base58} from 'base58-universal';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as badges from './badges.mjs';
import {documentLoader} from './documents.mjs';

const [out] = process.argv.slice(2);
mkdirSync(path.join(out, 'bad'), {recursive: true});
const write = (name, text) => writeFileSync(path.join(out, name), `${text}\n`);
const writeJson = (name, document) => write(`${name}.json`, JSON.stringify(document, null, 2));

async function newIssuer() {
  const key = await Ed25519Multikey.generate();
  const id = `did:key:${key.publicKeyMultibase}`;
  key.id = `${id}#${key.publicKeyMultibase}`;
  key.controller = id;
  return {id, signer: key.signer()};
}

async function sign(credential, signer) {
  const suite = new DataIntegrityProof({signer, cryptosuite});
  return vc.issue({credential, suite, documentLoader});
}

const [issuer, endorser, stranger] = [await newIssuer(), await newIssuer(), await newIssuer()];
const signed = {};
for(const kind of ['plain', 'recipient', 'results', 'rich']) {
  signed[kind] = await sign(badges[kind](issuer.id), issuer.signer);
}
const endorsed = badges.plain(issuer.id);
const {achievement} = endorsed.credentialSubject;
achievement.endorsement =
  [await sign(badges.endorsement(endorser.id, achievement.id), endorser.signer)];
signed.endorsed = await sign(endorsed, issuer.signer);
for(const [kind, document] of Object.entries(signed)) {
  writeJson(`node-${kind}`, document);
}

const forgeries = {
  'subject-changed': badge => badge.credentialSubject.id = 'urn:uuid:00000000-0000-4000-8000-000000000000',
  'credits-raised': badge => badge.credentialSubject.creditsEarned = 45,
  'recipient-changed': badge => badge.credentialSubject.identifier[1].identityHash = 'Someone Else',
  'issuer-renamed': badge => badge.issuer.name = 'Université de Vannes',
  'claim-added': badge => badge.credentialSubject.narrative = 'With honours.',
  'undefined-claim-added': badge => badge.credentialSubject.honours = 'summa cum laude',
  'claim-removed': badge => delete badge.credentialSubject.creditsEarned,
  'date-changed': badge => badge.validFrom = '2024-11-15T10:00:00Z',
  'expiry-added': badge => badge.validUntil = '2090-01-01T00:00:00Z',
  'proof-date-changed': badge => badge.proof.created = '2025-01-01T00:00:00Z',
  'proof-purpose-changed': badge => badge.proof.proofPurpose = 'authentication',
  'proof-removed': badge => delete badge.proof,
  'proof-value-cut': badge => badge.proof.proofValue = badge.proof.proofValue.slice(0, -2)
};
for(const [kind, forge] of Object.entries(forgeries)) {
  const badge = structuredClone(signed.recipient);
  forge(badge);
  writeJson(`bad/node-${kind}`, badge);
}
const swapped = structuredClone(signed.endorsed);
swapped.credentialSubject.achievement.endorsement[0].credentialSubject.endorsementComment = 'Meh.';
writeJson('bad/node-endorsement-changed', swapped);
// Signed by a stranger in the issuer's name, with the issuer's key named and with the stranger's own.
const impostor = {...stranger.signer, id: issuer.signer.id, sign: stranger.signer.sign};
writeJson('bad/node-other-key', await sign(badges.recipient(issuer.id), impostor));
writeJson('bad/node-not-the-issuer', await sign(badges.recipient(issuer.id), stranger.signer));
const expired = {...badges.plain(issuer.id), validUntil: '2025-11-16T10:00:00Z'};
writeJson('bad/node-expired', await sign(expired, issuer.signer));
const early = {...badges.plain(issuer.id), validFrom: '2095-01-01T00:00:00Z'};
writeJson('bad/node-not-yet-valid', await sign(early, issuer.signer));

// VC-JWT: the credential itself as payload, with the claims that repeat it (Open Badges 3.0 §8.2.4).
function payload(credential) {
  const {id, issuer, credentialSubject, validFrom, validUntil} = credential;
  const seconds = date => Date.parse(date) / 1000;
  const claims = {iss: issuer.id, sub: credentialSubject.id, jti: id, nbf: seconds(validFrom)};
  return {...credential, ...claims, ...(validUntil && {exp: seconds(validUntil)})};
}

function signJwt(claims, header, key) {
  return new jose.SignJWT(claims).setProtectedHeader({typ: 'JWT', ...header}).sign(key);
}

const KEYS = {
  EdDSA: () => generateKeyPairSync('ed25519'),
  ES256: () => generateKeyPairSync('ec', {namedCurve: 'P-256'}),
  RS256: () => generateKeyPairSync('rsa', {modulusLength: 2048})
};

function multikey({kty, x, y}) {
  const point = kty === 'OKP' ? [0xed, 0x01] : [0x80, 0x24, 2 + (Buffer.from(y, 'base64url').at(-1) & 1)];
  return `z${base58(Uint8Array.from([...point, ...Buffer.from(x, 'base64url')]))}`;
}

for(const alg of Object.keys(KEYS)) {
  const {privateKey, publicKey} = KEYS[alg]();
  const jwk = await jose.exportJWK(publicKey);
  const name = `node-${alg.toLowerCase()}`;
  const asJwk = `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`;
  const asKey = alg === 'RS256' ? undefined : `did:key:${multikey(jwk)}`;
  const [id, kid] = asKey ? [asKey, `${asKey}#${asKey.slice(8)}`] : [asJwk, `${asJwk}#0`];
  const claims = payload(badges.rich(id));
  const token = await signJwt(claims, {alg, kid}, privateKey);
  write(`${name}.jwt`, token);
  write(`${name}-did-jwk.jwt`,
    await signJwt(payload(badges.recipient(asJwk)), {alg, kid: `${asJwk}#0`}, privateKey));
  write(`${name}-inline-key.jwt`,
    await signJwt(payload(badges.recipient(asJwk)), {alg, jwk}, privateKey));

  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url');
  const [header, , signature] = token.split('.');
  const raised = structuredClone(claims);
  raised.credentialSubject.creditsEarned = 45;
  write(`bad/${name}-payload-changed.jwt`, `${header}.${encode(raised)}.${signature}`);
  write(`bad/${name}-alg-none.jwt`, `${encode({alg: 'none', typ: 'JWT', kid})}.${encode(claims)}.`);
  const hmac = `${encode({alg: 'HS256', typ: 'JWT', kid})}.${encode(claims)}`;
  const secret = publicKey.export({format: 'pem', type: 'spki'});
  const mac = createHmac('sha256', secret).update(hmac).digest('base64url');
  write(`bad/${name}-hmac-with-public-key.jwt`, `${hmac}.${mac}`);
  // Signed by a stranger in the issuer's name, with the issuer's key named and with the stranger's own.
  const other = KEYS[alg]();
  const theirs = await jose.exportJWK(other.publicKey);
  const theirKid = `did:jwk:${Buffer.from(JSON.stringify(theirs)).toString('base64url')}#0`;
  write(`bad/${name}-other-key.jwt`, await signJwt(claims, {alg, kid}, other.privateKey));
  write(`bad/${name}-not-the-issuer.jwt`,
    await signJwt(claims, {alg, kid: theirKid}, other.privateKey));
  write(`bad/${name}-not-the-issuer-inline.jwt`,
    await signJwt(claims, {alg, jwk: theirs}, other.privateKey));
  write(`bad/${name}-iss-differs.jwt`, await signJwt({...claims, iss: issuer.id}, {alg, kid}, privateKey));
  write(`bad/${name}-sub-differs.jwt`, await signJwt({...claims, sub: 'urn:x:y'}, {alg, kid}, privateKey));
  write(`bad/${name}-jti-differs.jwt`, await signJwt({...claims, jti: 'urn:x:y'}, {alg, kid}, privateKey));
  write(`bad/${name}-nbf-differs.jwt`, await signJwt({...claims, nbf: 1}, {alg, kid}, privateKey));
  const over = payload({...badges.plain(id), validUntil: '2025-11-16T10:00:00Z'});
  write(`bad/${name}-expired.jwt`, await signJwt(over, {alg, kid}, privateKey));
}

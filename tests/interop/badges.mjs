// The badges that make.mjs issues: each shows what other implementations are known to stumble on.

import {createHash} from 'node:crypto';
import {CREDENTIALS_V2, EXTENSIONS, OPEN_BADGES} from './documents.mjs';

let count = 0;
const urn = () => `urn:uuid:0b5e55ed-c0de-4bad-8e5a-${String(count += 1).padStart(12, '0')}`;

/** An ordinary badge of that issuer. */
export function plain(issuer) {
  return {
    '@context': [CREDENTIALS_V2, OPEN_BADGES],
    id: urn(),
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'Participation à une fresque du climat',
    issuer: {id: issuer, type: ['Profile'], name: 'Association d’ailleurs'},
    validFrom: '2025-11-15T10:00:00Z',
    credentialSubject: {
      id: urn(),
      type: ['AchievementSubject'],
      achievement: {
        id: urn(),
        type: ['Achievement'],
        achievementType: 'Badge',
        name: 'Fresque du climat',
        description: 'A pris part à un atelier de trois heures.',
        criteria: {narrative: 'Avoir **participé** à l’atelier en entier.'}
      }
    }
  };
}

/** Hashed recipient, fractional credits, Breton letters. */
export function recipient(issuer) {
  const badge = plain(issuer);
  const salt = 'a3f1c0de5eed5a17b0a7c0ffee123456';
  const hash = createHash('sha256').update(`nolwenn.le.guenneg@example.org${salt}`).digest('hex');
  badge.name = 'Kemer perzh — Nolwenn Ar C’hwenneg 🌊';
  badge.credentialSubject.identifier = [
    {
      type: 'IdentityObject', hashed: true, identityHash: `sha256$${hash}`,
      identityType: 'emailAddress', salt
    },
    {type: 'IdentityObject', hashed: false, identityHash: 'Nolwenn Ar C’hwenneg', identityType: 'name'}
  ];
  badge.credentialSubject.creditsEarned = 4.5;
  Object.assign(badge.credentialSubject.achievement, {
    name: 'Deskiñ brezhoneg e c’hwec’h devezh',
    creditsAvailable: 6.25,
    inLanguage: 'br',
    tag: ['brezhoneg', 'Gwened', 'ñ', '"\\\t']
  });
  return badge;
}

/** Results with a rubric: ordered lists and many nodes of the same kind. */
export function results(issuer) {
  const badge = plain(issuer);
  const [low, high, session, level] = [urn(), urn(), urn(), urn()];
  badge.credentialSubject.achievement.resultDescription = [
    {
      id: session, type: ['ResultDescription'], name: 'Sessions suivies', resultType: 'RawScore',
      valueMin: '0', valueMax: '6', requiredValue: '4', allowedValue: ['0', '1', '2', '3', '4', '5', '6']
    },
    {
      id: level, type: ['ResultDescription'], name: 'Niveau', resultType: 'RubricCriterionLevel',
      requiredLevel: low,
      rubricCriterionLevel: [
        {id: low, type: ['RubricCriterionLevel'], name: 'A participé', level: '1', points: '1'},
        {id: high, type: ['RubricCriterionLevel'], name: 'A animé', level: '2', points: '2'}
      ]
    }
  ];
  badge.credentialSubject.result = [
    {type: ['Result'], resultDescription: session, value: '5'},
    {type: ['Result'], resultDescription: level, achievedLevel: high},
    {type: ['Result'], resultDescription: session, value: '5'}
  ];
  return badge;
}

/** A third party's word about an achievement, to be signed by that party. */
export function endorsement(endorser, endorsed) {
  return {
    '@context': [CREDENTIALS_V2, OPEN_BADGES],
    id: urn(),
    type: ['VerifiableCredential', 'EndorsementCredential'],
    name: 'Recommandation',
    issuer: {id: endorser, type: ['Profile'], name: 'Ti ar Vro'},
    validFrom: '2025-11-14T08:30:00Z',
    credentialSubject: {
      id: endorsed, type: ['EndorsementSubject'], endorsementComment: 'Sérieux et joyeux.'
    }
  };
}

/** Most of what a badge may say at once. */
export function rich(issuer) {
  const badge = recipient(issuer);
  const {result, achievement: {resultDescription}} = results(issuer).credentialSubject;
  badge.credentialSubject.result = result;
  badge.credentialSubject.achievement.resultDescription = resultDescription;
  badge['@context'].push(EXTENSIONS);
  badge.validUntil = '2095-01-01T00:00:00+01:00';
  badge.awardedDate = '2025-11-15T11:00:00+01:00';
  badge.credentialSchema = [{
    id: 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json',
    type: '1EdTechJsonSchemaValidator2019'
  }];
  badge.evidence = [1, 2].map(number => ({
    id: `https://ailleurs.example/preuves/${number}`, type: ['Evidence'], name: `Preuve n° ${number}`,
    narrative: 'Feuille d’émargement.'
  }));
  Object.assign(badge.issuer, {
    url: 'https://ailleurs.example/',
    email: 'bonjour@ailleurs.example',
    image: {id: 'https://ailleurs.example/logo.svg', type: 'Image', caption: 'Logo'},
    address: {
      type: ['Address'], addressLocality: 'Gwened', addressCountryCode: 'FR',
      geo: {type: 'GeoCoordinates', latitude: 47.6559, longitude: -2.7603}
    }
  });
  badge.credentialSubject.achievement.alignment = [{
    type: ['Alignment'], targetName: 'sensibiliser', targetFramework: 'ESCO',
    targetType: 'CFItem', targetUrl: 'http://data.europa.eu/esco/skill/0'
  }];
  return badge;
}

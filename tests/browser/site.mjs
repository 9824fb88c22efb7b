// An installation in a temporary folder, with badges in every state there is, served on a free port.

import { spawn, execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BINARY = process.env.BADGEONS;
const PUBLIC = 'https://badges.example.org';
const COLLECTIVE = 'collectif';

// Signing keys are as old as the installation, and older than what they sign.
const BEGINNING = '2018-06-01';
const LONG_AGO = '2019-01-15';
const ONE_DAY = '2037-05-01';

const CEC = `organisation;siege;prenom;nom;courriel;S1;S2;S3;S4;S5;S6;feuille_de_route
Organisation Exemple;planet champion;Awen;Le Modèle;awen@example.org;oui;oui;oui;oui;oui;oui;2023-12-10
`;

export const openSite = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'badgeons-browser-'));
  const site = new Site(folder);
  try {
    await site.fill();
  } catch (error) {
    await site.close();
    throw error;
  }
  return site;
};

class Site {
  public = PUBLIC;
  // Identifiers of badges, by the state they are in.
  badge = {};
  // The paths of their holders' own pages.
  desk = {};

  constructor(folder) {
    this.folder = folder;
    this.environment = {
      PATH: process.env.PATH,
      HOME: folder,
      TZ: 'UTC',
      BADGEONS_DATA_DIR: join(folder, 'data'),
      BADGEONS_KEYS_DIR: join(folder, 'keys'),
      BADGEONS_PUBLIC_URL: PUBLIC,
    };
  }

  // A command, today or on another day.
  async command(args, day) {
    const [program, ...rest] = day ? ['faketime', `${day} 10:00:00`, BINARY, ...args] : [BINARY, ...args];
    const { stdout } = await run(program, [...rest, '--json'], { env: this.environment, maxBuffer: 1e8 });
    return JSON.parse(stdout);
  }

  async issue(args, day) {
    const { awards } = await this.command(['issue', '--issuer', COLLECTIVE, ...args], day);
    // A sheet of attendance makes several; the whole path says the most.
    const whole = awards.find(({ achievement }) => achievement.startsWith('cec-participant'));
    return (whole ?? awards[0]).id;
  }

  async fill() {
    await this.command(
      ['init', '--issuer', 'Badgeons le pays de Vannes', '--slug', COLLECTIVE, '--country', 'FR', '--region',
        'Bretagne', '--issuer-url', 'https://territoire.example.org', '--issuer-email', 'bonjour@example.org',
        '--issuer-siret', '44306184100047'],
      BEGINNING,
    );
    await this.issueAll();
    this.token = (await this.command(['tokens', 'create', '--name', 'Essais', '--scope', 'operator'])).token;
    await this.serve();
    await this.withdraw();
    await this.decide();
    await this.invitePartner();
  }

  async issueAll() {
    const person = (name, n) => ['--name', name, '--email', `personne${n}@example.org`];
    const event = ['--activity', 'Fresquathon', '--place', 'Vannes', '--date', '2023-10-14'];
    const lead = ['--achievement', 'animateur-fresque'];
    const took = ['--achievement', 'participant-fresque-climat'];
    const told = ['--narrative', 'A animé **deux tables** de huit personnes.', '--evidence', 'https://preuves.example.org/1',
      '--role', 'Animateur·rice', '--workshops-led', '4'];
    const roster = join(this.folder, 'cec.csv');
    await writeFile(roster, CEC);
    this.badge.valid = await this.issue([...lead, ...person('Añaïg Le Coz', 1), ...told, ...event]);
    this.badge.endless = await this.issue([...took, ...person('Enora Ar Moal', 2), ...event]);
    this.badge.expired = await this.issue([...lead, ...person('Yann Kerspécimen', 3)], LONG_AGO);
    this.badge.early = await this.issue([...lead, ...person('Gwenn Du Prototype', 4)], ONE_DAY);
    this.badge.endorsed = await this.issue([
      '--achievement', 'confirme-fresque', ...person('Loïc D’Exemple', 5), '--workshops-led', '12',
      '--endorser', 'Katell Échantillon',
    ]);
    this.badge.label = await this.issue([
      '--achievement', 'terdeskin', '--organisation', 'Exemple SARL', '--url', 'https://exemple.example.org',
      '--licence', 'TDK-2026-0007',
    ]);
    this.badge.cec = await this.issue(['--achievement', 'cec', '--spreadsheet', roster]);
    const others = ['revoked', 'suspended', 'erased', 'private', 'anonymous', 'public', 'asked', 'spare'];
    for (const [n, state] of others.entries()) {
      this.badge[state] = await this.issue([...lead, ...person(`Maïwenn Gabarit ${n + 1}`, 10 + n), ...told, ...event]);
    }
  }

  async serve() {
    this.server = spawn(BINARY, ['serve', '--listen', '127.0.0.1:0', '--rate-limit', '0'], {
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // A test that breaks off leaves no server behind.
    process.once('exit', () => this.server.kill());
    this.log = '';
    this.origin = await new Promise((ready, failed) => {
      const heard = (chunk) => {
        this.log += chunk;
        const said = /http:\/\/127\.0\.0\.1:\d+/.exec(this.log);
        if (said) ready(said[0]);
      };
      this.server.stdout.on('data', heard);
      this.server.stderr.on('data', heard);
      this.server.on('exit', (code) => failed(new Error(`badgeons serve ended with ${code}: ${this.log}`)));
    });
  }

  // The partners' API.
  async api(method, path, body) {
    const response = await fetch(`${this.origin}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, answer: text && JSON.parse(text) };
  }

  async must(method, path, body) {
    const { status, answer } = await this.api(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path} answered ${status}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async withdraw() {
    await this.command(['revoke', this.badge.revoked, '--reason', 'Essai']);
    await this.command(['suspend', this.badge.suspended, '--reason', 'Essai']);
    // Its holder's link is asked for first: afterwards there is nothing to decide about.
    this.desk.erased = await this.link(this.badge.erased);
    await this.must('DELETE', `/credentials/${this.badge.erased}/personal-data`);
  }

  // The path of a holder's own page.
  async link(id) {
    const { url } = await this.must('GET', `/credentials/${id}/holder-link`);
    return new URL(url, PUBLIC).pathname;
  }

  async decide() {
    for (const state of ['valid', 'private', 'anonymous', 'public', 'asked', 'spare', 'revoked']) {
      this.desk[state] = await this.link(this.badge[state]);
    }
    for (const visibility of ['private', 'anonymous', 'public']) {
      await this.send(this.desk[visibility], { do: 'decide', visibility, language: '' });
    }
    await this.send(this.desk.asked, { do: 'name', text: 'Maïwenn Ar Gabarit' });
    await this.send(this.desk.asked, { do: 'erasure', text: 'Je change de vie.' });
  }

  // Sends a form of a holder's page.
  async send(path, fields) {
    const response = await fetch(this.origin + path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
    if (response.status !== 303) throw new Error(`${path} answered ${response.status}, not 303`);
    return response.headers.get('location');
  }

  // A badge for a holder who does something about it.
  async another(name = 'Maïwenn Ar Gabarit') {
    const email = `${Math.random().toString(36).slice(2)}@example.org`;
    const { id } = await this.must('POST', `/credentials?issuer=${COLLECTIVE}`, {
      achievement: 'animateur-fresque',
      recipient: { name, email },
    });
    return { id, desk: await this.link(id) };
  }

  async invitePartner() {
    await this.must('POST', '/issuers', { name: 'Association Exemple', slug: 'exemple', country: 'FR' });
    await this.must('POST', '/issuers', { name: 'Structure Nouvelle', slug: 'nouvelle', country: 'FR' });
    this.achievement = {};
    const published = await this.must('POST', '/achievements?issuer=exemple', {
      template: 'animateur-fresque',
      slug: 'fresque-du-golfe',
      achievement: { name: 'Animation de la fresque du golfe' },
    });
    this.achievement.partner = new URL(published.id).pathname;
    const credential = await this.json('valid');
    this.achievement.lead = new URL(credential.credentialSubject.achievement.id).pathname;
    const label = await this.json('label');
    this.achievement.label = new URL(label.credentialSubject.achievement.id).pathname;
    const retired = await this.must('POST', '/achievements?issuer=exemple', {
      slug: 'ancien', level: 'R2',
      achievement: {
        name: 'Atelier d’autrefois', description: 'A suivi l’atelier.', achievementType: 'Badge',
        criteria: { narrative: 'Être là.' },
      },
    });
    this.achievement.archived = new URL(retired.id).pathname;
    await this.must('POST', '/achievements/ancien/archive?issuer=exemple');
    // Each issuer begins with the founding badges; this one wants none of them.
    const founding = await this.must('GET', '/achievements?issuer=nouvelle');
    for (const { slug } of founding.achievements ?? founding) {
      await this.must('POST', `/achievements/${slug}/archive?issuer=nouvelle`);
    }
  }

  // A badge as a file.
  async file(state, form = 'json') {
    const response = await fetch(`${this.origin}/credentials/${this.badge[state]}.${form}`);
    return Buffer.from(await response.arrayBuffer());
  }

  async json(state) {
    return JSON.parse(await this.file(state));
  }

  async close() {
    if (this.server && this.server.exitCode === null) {
      this.server.removeAllListeners('exit');
      const ended = new Promise((done) => this.server.on('exit', done));
      this.server.kill('SIGTERM');
      await ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

// A badge that others issued: our vectors are sound, but nobody here knows who signed them.
export const foreignBadge = () =>
  readFile(new URL('../vectors/interop/node-rich.json', import.meta.url));

// How long single badges take while a batch of 100,000 rows is issued on the same cores: asked for one by one,
// 20 a second, from before the batch comes in until it is done. Figures, no judgement.
//
//   node beside.mjs http://127.0.0.1:18080 [ROWS]        TOKEN=bdg_… in the environment

const [, , address, rows = '100000'] = process.argv;
const run = Date.now();
const authorization = `Bearer ${process.env.TOKEN}`;
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function single(number) {
  const begun = performance.now();
  const answer = await fetch(`${address}/api/v1/credentials`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      achievement: 'animateur-fresque',
      recipient: { name: 'Enora', email: `beside${number}-${run}@example.org` },
    }),
  });
  if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
  return performance.now() - begun;
}

const roster = ['Prénom;Nom;Courriel'];
for (let row = 0; row < Number(rows); row += 1) roster.push(`Enora;Le Coz ${row};personne${row}@example.org`);

const received = await fetch(`${address}/api/v1/batches?achievement=participant-fresque-climat`, {
  method: 'POST',
  headers: { authorization, 'content-type': 'text/csv' },
  body: roster.join('\n'),
});
if (received.status !== 202) throw new Error(`${received.status} ${await received.text()}`);
const { id } = await received.json();

const begun = performance.now();
const asked = [];
let state = 'running';
while (state === 'running') {
  asked.push(single(asked.length));
  await pause(50);
  if (asked.length % 10 === 0) {
    const batch = await fetch(`${address}/api/v1/batches/${id}`, { headers: { authorization } });
    ({ state } = await batch.json());
  }
}
const seconds = (performance.now() - begun) / 1000;
const times = (await Promise.all(asked)).sort((one, other) => one - other);
const at = (share) => `${times[Math.floor((times.length - 1) * share)].toFixed(1)} ms`;
console.log(
  `${times.length} single badges beside ${rows} rows (${(Number(rows) / seconds).toFixed(0)}/s): ` +
    `median ${at(0.5)}  p99 ${at(0.99)}  longest ${at(1)}`,
);

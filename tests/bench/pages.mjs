// How soon a page begins to arrive, at a steady rate: 200 requests a second for 20 seconds, as browsers
// send them (compressed). `tests/bench/pages.mjs http://127.0.0.1:8080/credentials/ID`

import { Agent, get } from 'node:http';

const RATE = 200;
const SECONDS = 20;

const [, , address] = process.argv;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const headers = { accept: 'text/html', 'accept-encoding': 'br', 'accept-language': 'fr' };
const times = [];
let bytes = 0;

const ask = () =>
  new Promise((done, failed) => {
    const begun = performance.now();
    const request = get(address, { agent, headers }, (response) => {
      times.push(performance.now() - begun);
      if (response.statusCode !== 200) failed(new Error(`${response.statusCode}`));
      response.on('data', (part) => (bytes += part.length));
      response.on('end', done);
    });
    request.on('error', failed);
  });

const begun = performance.now();
const asked = [];
while (asked.length < RATE * SECONDS) {
  // As many as should have been sent by now: a late timer delays nobody for good.
  const due = Math.floor(((performance.now() - begun) / 1000) * RATE);
  while (asked.length < Math.min(due, RATE * SECONDS)) asked.push(ask());
  await new Promise((next) => setTimeout(next, 1));
}
await Promise.all(asked);
times.sort((a, b) => a - b);
const within = (share) => times[Math.floor(times.length * share) - 1].toFixed(1);
const took = (performance.now() - begun) / 1000;
console.log(
  `${(times.length / took).toFixed(0)} a second, ${(bytes / times.length / 1000).toFixed(1)} kB each; ` +
    `first byte: median ${within(0.5)} ms, 99 % within ${within(0.99)} ms, all within ${within(1)} ms`,
);
agent.destroy();

// Scrapes a URL repeatedly in its own process, so that reading megabytes doesn't slow down what is measured. Each
// message `{ times }` starts a run; the reply is a list of milliseconds.
import { get } from 'node:http';

const url = process.argv[2];

function scrape() {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    get(url, { agent: false }, (response) => {
      let bytes = 0;
      response.on('data', (part) => (bytes += part.length));
      response.on('end', () =>
        response.statusCode === 200
          ? resolve({ milliseconds: performance.now() - began, bytes })
          : reject(new Error(`status ${response.statusCode}`)),
      );
    }).on('error', reject);
  });
}

process.on('message', async () => process.send(await scrape()));
process.on('disconnect', () => process.exit());

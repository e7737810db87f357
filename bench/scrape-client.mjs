// Scrapes a URL so many times, one after the other, in a process of its own, so that reading megabytes doesn't hold up what is measured. Told `{ times }` for each run; answers with milliseconds.
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

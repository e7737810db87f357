import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves the page that others are measured against: a line of text, and a box as high as asked for. */
export async function startEmptyPage(height = 0): Promise<{ readonly url: string; close(): Promise<void> }> {
  const body = `<!doctype html><title>Empty</title><body style="margin:0;background:#222"><p class="empty-line">Empty</p><div style="width:400px;height:700px;overflow:auto"><p style="height:${height}px"></p></div>`;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { ignoreOtherUpgrades } from '../../../src/main/http/ignore-upgrades';

/** @returns what a server that upgrades to WebSockets answers to these requests, sent one after the other on one connection */
async function answered(...requests: readonly string[]): Promise<string[]> {
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += String(part);
    response.end(`${request.method} ${request.url} ${body};`);
  });
  server.on('upgrade', (request, socket) => void socket.end(`upgrade of ${request.url};`));
  ignoreOtherUpgrades(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  const answers: string[] = [];
  for (const request of requests) {
    socket.write(request);
    let text = '';
    while (!text.includes(';')) text += String((await once(socket, 'data'))[0]);
    answers.push(/[^\n;]*;/.exec(text)![0]);
  }
  return answers;
}

it('answers a request that offers another protocol, its body and those after it', async () => {
  const offer =
    'Host: here\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n';
  expect(
    await answered(
      `GET /a HTTP/1.1\r\n${offer}\r\n`,
      `POST /b HTTP/1.1\r\n${offer}Content-Length: 4\r\n\r\nbody`,
      'GET /c HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: TLS/1.0, websocket\r\n\r\n',
      'POST /d HTTP/1.1\r\nHost: here\r\nConnection: upgrade\r\nUpgrade: websocket\r\nContent-Length: 4\r\n\r\nbody',
    ),
  ).toEqual(['GET /a ;', 'POST /b body;', 'GET /c ;', 'POST /d body;']);
});

it('leaves WebSockets to whoever listens for them', async () => {
  expect(
    await answered('GET /socket HTTP/1.1\r\nHost: here\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n'),
  ).toEqual(['upgrade of /socket;']);
});

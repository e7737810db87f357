import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { type AddressInfo, type Socket, connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { answerInTurn } from '../../../src/main/http/answer-in-turn';

/** @returns a connection to a server that answers in turn */
async function connected(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  seen: () => void = () => undefined,
): Promise<Socket> {
  const server = createServer(handler);
  answerInTurn(server);
  server.on('request', seen);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined);
  onTestFinished(() => {
    socket.destroy();
    server.closeAllConnections();
    server.close();
  });
  return socket;
}

const ask = (path: string | number): string => `GET /${path} HTTP/1.1\r\nHost: here\r\n\r\n`;

it('handles the requests of a connection one after another, and lets others in between', async () => {
  const open: string[] = [];
  let most = 0;
  let turns = 0;
  const turnsOf: number[] = [];
  const turn = (): void => void (turns++, (counting = setImmediate(turn)));
  let counting = setImmediate(turn);
  onTestFinished(() => clearImmediate(counting));
  const socket = await connected((request, response) => {
    open.push(request.url!);
    turnsOf.push(turns);
    most = Math.max(most, open.length);
    setImmediate(() => {
      open.pop();
      response.end(`${request.url} `);
    });
  });
  socket.write(Array.from({ length: 50 }, (_, index) => ask(index)).join(''));
  let text = '';
  while (!text.includes('/49 ')) text += String((await once(socket, 'data'))[0]);
  expect(text.match(/\/\d+ /g)).toEqual(Array.from({ length: 50 }, (_, index) => `/${index} `));
  expect(most).toBe(1);
  expect(new Set(turnsOf).size).toBe(50);
});

it('closes a connection that sends very many requests at once, and looks at hardly any of them', async () => {
  let seen = 0;
  const socket = await connected(
    (_request, response) => setImmediate(() => response.end('ok')),
    () => seen++,
  );
  socket.resume();
  socket.write(ask('').repeat(2_000));
  // Not with `once`: what was not read when the connection was closed may reset it first.
  await new Promise((resolve) => socket.once('close', resolve));
  expect(seen).toBeLessThan(100);
});

it('goes on with a connection that was quiet meanwhile', async () => {
  const socket = await connected(({ url }, response) => response.end(`${url} `));
  for (const path of ['a', 'b', 'c']) {
    socket.write(ask(path));
    let text = '';
    while (!text.includes(`/${path} `)) text += String((await once(socket, 'data'))[0]);
  }
});

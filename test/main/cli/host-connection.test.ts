import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, type Server, createServer as createNetServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket as WsSocket, WebSocketServer } from 'ws';
import { connectToRunning } from '../../../src/main/cli/host-connection';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';
import { runCli, startCli } from '../../helpers/cli';
import { freePort } from '../../helpers/free-port';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Lets a server listen for the length of a test. @returns host:port */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const connect = (url: string, token: string | null = 'x'): Promise<unknown> => connectToRunning({ url, token });

describe('a host that cannot be reached is explained in a sentence', () => {
  it('nobody is there', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    await expect(connect(url)).rejects.toThrow(
      `No host runs at ${url}: start one there with “framegauge serve --host 0.0.0.0”, or check the address and port.`,
    );
  });

  it('the name is unknown', async () => {
    await expect(connect('http://no.such.host.invalid:7878')).rejects.toThrow(
      'The name in http://no.such.host.invalid:7878 is not known: check its spelling, or write the machine’s address.',
    );
  });

  it('it is another web server', async () => {
    const address = await listen(createServer((_request, response) => response.writeHead(404).end()));
    await expect(connect(`http://${address}`)).rejects.toThrow(
      `What answers at http://${address} is no Framegauge (HTTP 404): check the address and port`,
    );
  });

  it('it speaks another protocol', async () => {
    const address = await listen(createNetServer((socket) => void socket.resume().end('SSH-2.0-OpenSSH_9.2\r\n')));
    await expect(connect(`http://${address}`)).rejects.toThrow(
      `What answers at http://${address} does not speak plain http: it is no Framegauge, or it is behind TLS; then write https://.`,
    );
  });

  it('it hangs up', async () => {
    const address = await listen(createNetServer((socket) => void socket.destroy()));
    await expect(connect(`http://${address}`)).rejects.toThrow('does not speak plain http');
  });

  it('it speaks TLS where http:// was written, and a certificate that nobody vouches for', async () => {
    const { cert, key } = makeCertificate(makeAuthority('Test authority'), 'box', ['127.0.0.1']);
    const address = await listen(
      createSecureServer({ cert, key }, (_request, response) => response.writeHead(404).end()),
    );
    await expect(connect(`http://${address}`)).rejects.toThrow(
      'does not speak plain http: it is no Framegauge, or it is behind TLS; then write https://.',
    );
    await expect(connect(`https://${address}`)).rejects.toThrow(
      /The certificate of https:.* is not trusted \(\w+\): name the authority that signed it in NODE_EXTRA_CA_CERTS\./,
    );
  });

  it('it speaks http where https:// was written', async () => {
    const address = await listen(createServer((_request, response) => response.writeHead(404).end()));
    await expect(connect(`https://${address}`)).rejects.toThrow(
      `What answers at https://${address} does not speak TLS: write http:// instead.`,
    );
  });
});

describe('--host', () => {
  it('speaks to a host by its address, its UI’s address or the environment, and says what is wrong with the token', async () => {
    const data = temporaryFolder();
    const host = startCli(['serve', '--port', '0', '--data', data], { FRAMEGAUGE_TOKEN: 'a-token-for-this-test' });
    const [, uiUrl] = await host.printed(/serves its UI at (\S+)\n/);
    const url = uiUrl!.replace(/\/#.*/, '');
    const prefs = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ReturnType<typeof runCli> =>
      runCli(['prefs', 'get', 'render.workers', ...args], env);

    expect(await prefs(['--host', url, '--token', 'a-token-for-this-test'])).toMatchObject({ code: 0, stdout: '0\n' });
    expect(await prefs(['--host', uiUrl!])).toMatchObject({ code: 0, stdout: '0\n' });
    expect(await prefs([], { FRAMEGAUGE_HOST: url, FRAMEGAUGE_TOKEN: 'a-token-for-this-test' })).toMatchObject({
      code: 0,
      stdout: '0\n',
    });

    expect(await prefs(['--host', url, '--token', 'wrong'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: `The host at ${url} does not take this token: “framegauge serve” prints the right one there.\n`,
    });
    expect(await prefs(['--host', url])).toMatchObject({
      code: 1,
      stderr: `The host at ${url} wants a token: give it with --token or FRAMEGAUGE_TOKEN; “framegauge serve” prints it there.\n`,
    });
    expect(await prefs(['--host', url, '--data', data])).toMatchObject({
      code: 2,
      stderr: '--data names a host of this machine and --host one at an address: leave one of them out.\n',
    });
    expect(await prefs(['--host', 'ftp://x'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^--host cannot be “ftp:\/\/x”: [^\n]+\n$/) as unknown,
    });
  });
});

describe('a host that answers', () => {
  /** A WebSocket server that does with each call what it is told. */
  async function answering(answer: (client: WsSocket, call: number) => void, options = {}): Promise<string> {
    const server = new WebSocketServer({ port: 0, handleProtocols: () => 'framegauge', ...options });
    onTestFinished(() => {
      for (const client of server.clients) client.terminate();
      server.close();
    });
    server.on('connection', (client) =>
      client.on('message', (data) => answer(client, (JSON.parse(String(data)) as { call: number }).call)),
    );
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it.each([
    null,
    { ok: false, error: { kind: 'of-tomorrow', message: 'no' } },
    { ok: false, error: { kind: 'failed' } },
  ])('in a form that is not known (%j) is not waited for', async (reply) => {
    const url = await answering((client, call) => client.send(JSON.stringify({ call, reply })));
    const host = await connectToRunning({ url, token: 'x' });
    await expect(host.call('engines.list', {})).rejects.toThrow('another version of Framegauge');
    await host.close();
  });

  it('or is silent, is left when the user interrupts, and waited for where it lives', async () => {
    const interrupt = new AbortController();
    const dead = await connectToRunning(
      { url: await answering(() => undefined, { autoPong: false }), token: 'x' },
      interrupt.signal,
    );
    const living = await connectToRunning(
      {
        url: await answering((client, call) =>
          setTimeout(() => client.send(JSON.stringify({ call, reply: { ok: true, value: [] } })), 4_000),
        ),
        token: 'x',
      },
      interrupt.signal,
    );
    const unanswered = expect(dead.call('engines.list', {})).rejects.toThrow('has ended');
    const answered = living.call('engines.list', {});
    interrupt.abort();
    await unanswered;
    expect(await answered).toEqual([]);
    await living.close();
  });
});

import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { Agent as HttpAgent, get as httpGet } from 'node:http';
import { Agent, get, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { connect as tlsConnect, type TLSSocket } from 'node:tls';
import { hashSync } from 'bcryptjs';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Addon } from '../../../../src/shared/addons';
import { makeAuthority, makeCertificate, type Authority, type Certificate } from '../../../helpers/certificates';
import { eventually } from '../../../helpers/eventually';
import { needs } from '../../../helpers/needs';
import { startPrometheus } from '../../../helpers/prometheus';
import { temporaryFolder } from '../../../helpers/temporary-folder';
import { createFixture, freePort, type Fixture } from '../../../main/addons/fixture';

let authority: Authority;
let stranger: Authority;
let server: Certificate;
let other: Certificate;
let client: Certificate;
let impostor: Certificate;
beforeAll(() => {
  authority = makeAuthority('Studio');
  stranger = makeAuthority('Stranger');
  server = makeCertificate(authority, 'metrics', ['localhost', '127.0.0.1']);
  other = makeCertificate(authority, 'metrics again', ['localhost', '127.0.0.1']);
  client = makeCertificate(authority, 'prometheus');
  impostor = makeCertificate(stranger, 'prometheus');
});

const USERS = `basic_auth_users:\n  alice: ${hashSync('wonder', 10)}\n`;
const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

let folder: string;
let path: string;
let f: Fixture;
let port: number;
beforeEach(async () => {
  folder = temporaryFolder();
  path = join(folder, 'web.yml');
  await writeFile(join(folder, 'server.crt'), server.cert);
  await writeFile(join(folder, 'server.key'), server.key);
  await writeFile(join(folder, 'ca.crt'), authority.cert);
  port = await freePort();
  vi.stubEnv('FRAMEGAUGE_PROMETHEUS_FALLBACK', `127.0.0.1:${await freePort()}`);
  onTestFinished(() => void vi.unstubAllEnvs());
  f = await createFixture();
  onTestFinished(() => f.close());
  await f.manager.setPreference('prometheus', 'address', `127.0.0.1:${port}`);
});

async function enable(text: string | null): Promise<Addon> {
  if (text !== null) {
    await writeFile(path, text);
    await f.manager.setPreference('prometheus', 'webConfig', path);
  }
  const addon = await f.manager.enable('prometheus');
  expect(addon.reason).toBeNull();
  return addon;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

/** Asks for the metrics. @throws the error's code, for what gets no answer */
function ask(options: RequestOptions & { secure?: boolean } = {}): Promise<Answer> {
  const { secure = false, ...rest } = options;
  return new Promise((resolve, reject) => {
    const send = secure ? get : httpGet;
    send(
      { host: '127.0.0.1', port, path: '/metrics', agent: false, ...(secure ? { ca: authority.cert } : {}), ...rest },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response
          .once('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }))
          .once('error', reject);
      },
    ).once('error', (error: NodeJS.ErrnoException) => reject(new Error(error.code ?? error.message)));
  });
}

const detail = (addon: Addon, label: string): string | undefined =>
  addon.status?.details.find((entry) => entry.label === label)?.value;

describe('users', () => {
  test('get in with their password only, at every path', async () => {
    await enable(USERS);
    const missing = await ask();
    expect(missing.status).toBe(401);
    expect(missing.headers['www-authenticate']).toMatch(/^Basic /);
    expect(missing.text).not.toContain('Blender_Render');
    for (const auth of ['alice:wrong', 'alice:', 'nobody:wonder', 'alice', ':'])
      expect((await ask({ auth })).status).toBe(401);
    for (const authorization of [
      'Bearer wonder',
      'Basic',
      'Basic ###',
      `Basic ${Buffer.from('alice').toString('base64')}`,
    ])
      expect((await ask({ headers: { authorization } })).status).toBe(401);
    for (const where of ['/', '/-/healthy', '/nothing']) expect((await ask({ path: where })).status).toBe(401);
    const right = await ask({ auth: 'alice:wonder' });
    expect(right.status).toBe(200);
    expect(right.text).toContain('Blender_Render 0');
    expect((await ask({ auth: 'alice:wonder', path: '/-/healthy' })).status).toBe(200);
  });

  test('who were checked before cost no bcrypt', async () => {
    await enable(USERS);
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    await ask({ auth: 'alice:wonder', agent });
    const began = performance.now();
    for (let i = 0; i < 100; i++) expect((await ask({ auth: 'alice:wonder', agent })).status).toBe(200);
    // A hundred of bcrypt with cost 10 take five seconds and more.
    expect(performance.now() - began).toBeLessThan(60_000);
  });

  test('who are taken out of the file are out, on a connection that is open too', async () => {
    await enable(USERS);
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    expect((await ask({ auth: 'alice:wonder', agent })).status).toBe(200);
    await writeFile(path, USERS.replace('alice', 'carol'));
    await eventually('alice being refused', async () =>
      (await ask({ auth: 'alice:wonder', agent })).status === 401 ? true : null,
    );
    expect((await ask({ auth: 'carol:wonder', agent })).status).toBe(200);
    expect(detail(f.manager.get('prometheus'), 'Web config')).toContain('1 user');
  });
});

test('headers are on every answer', async () => {
  await enable(
    'http_server_config:\n  headers:\n    X-Frame-Options: deny\n    Strict-Transport-Security: max-age=60\n',
  );
  for (const where of ['/metrics', '/nothing', '/-/ready']) {
    expect((await ask({ path: where })).headers).toMatchObject({
      'x-frame-options': 'deny',
      'strict-transport-security': 'max-age=60',
      'x-content-type-options': 'nosniff',
    });
  }
});

describe('TLS', () => {
  test('is spoken with the certificate of the file, and nothing else is', async () => {
    const addon = await enable(TLS);
    expect(addon.status?.details.find(({ label }) => label === 'Effective')?.href).toBe(
      `https://127.0.0.1:${port}/metrics`,
    );
    expect((await ask({ secure: true })).text).toContain('Blender_Render 0');
    await expect(ask({ secure: true, ca: stranger.cert })).rejects.toThrow('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await expect(ask()).rejects.toThrow(/ECONNRESET|HPE_/);
    await expect(ask({ secure: true, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })).rejects.toThrow();
    expect((await ask({ secure: true, maxVersion: 'TLSv1.2' })).status).toBe(200);
  });

  test('only suites with forward secrecy and authenticated encryption are offered where the file names none', async () => {
    await enable(TLS);
    const offers = async (ciphers: string): Promise<boolean> => {
      const socket = tlsConnect({
        host: '127.0.0.1',
        port,
        ca: authority.cert,
        maxVersion: 'TLSv1.2',
        ciphers: `${ciphers}:@SECLEVEL=0`,
      });
      onTestFinished(() => void socket.destroy());
      return once(socket, 'secureConnect').then(
        () => true,
        () => false,
      );
    };
    for (const modern of [
      'ECDHE-ECDSA-AES128-GCM-SHA256',
      'ECDHE-ECDSA-AES256-GCM-SHA384',
      'ECDHE-ECDSA-CHACHA20-POLY1305',
    ])
      expect(await offers(modern), modern).toBe(true);
    for (const old of [
      'ECDHE-ECDSA-AES128-SHA',
      'ECDHE-ECDSA-AES256-SHA',
      'ECDHE-ECDSA-AES128-SHA256',
      'ECDHE-ECDSA-AES256-SHA384',
    ])
      expect(await offers(old), old).toBe(false);
  });

  test('the file’s versions and suites are kept to', async () => {
    await enable(
      `${TLS}  max_version: TLS12\n  cipher_suites: [TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]\n  curve_preferences: [CurveP384]\n`,
    );
    const socket = tlsConnect({ host: '127.0.0.1', port, ca: authority.cert });
    onTestFinished(() => void socket.destroy());
    await once(socket, 'secureConnect');
    expect(socket.getProtocol()).toBe('TLSv1.2');
    expect(socket.getCipher().name).toBe('ECDHE-ECDSA-AES256-GCM-SHA384');
    expect(socket.getEphemeralKeyInfo()).toMatchObject({ name: 'secp384r1' });
    await expect(ask({ secure: true, minVersion: 'TLSv1.3' })).rejects.toThrow();
  });

  test('a hundred scrapes go over one connection', async () => {
    await enable(TLS);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const ports = new Set<number | undefined>();
    agent.on('free', (socket: TLSSocket) => ports.add(socket.localPort));
    for (let i = 0; i < 100; i++) expect((await ask({ secure: true, agent })).status).toBe(200);
    expect(ports.size).toBe(1);
  });

  test('connections that never finish a handshake do not keep a scrape out', async () => {
    await enable(TLS);
    const sockets = Array.from({ length: 300 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
    await Promise.all(sockets.map((socket) => once(socket, 'connect')));
    expect((await ask({ secure: true })).status).toBe(200);
    await f.manager.disable('prometheus');
  });

  test('goes on and off on the same port, and old connections do not live on', async () => {
    await enable('{}');
    const agent = new HttpAgent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    expect((await ask({ agent })).status).toBe(200);
    const idle = connect(port, '127.0.0.1');
    onTestFinished(() => void idle.destroy());
    await once(idle, 'connect');
    await writeFile(path, TLS);
    await once(idle.resume(), 'close');
    expect((await ask({ secure: true })).status).toBe(200);
    await expect(ask({ agent })).rejects.toThrow(/ECONNRESET|HPE_/);
    await writeFile(path, '{}');
    await eventually('plain HTTP being spoken again', async () => ((await ask()).status === 200 ? true : null));
  });

  test('a renewed certificate is shown to new connections', async () => {
    await enable(TLS);
    const shown = async (): Promise<string> => {
      const socket = tlsConnect({ host: '127.0.0.1', port, ca: authority.cert });
      await once(socket, 'secureConnect');
      const name = String(socket.getPeerCertificate().subject.CN);
      socket.destroy();
      return name;
    };
    expect(await shown()).toBe('metrics');
    await writeFile(join(folder, 'new.key'), other.key);
    await writeFile(join(folder, 'new.crt'), other.cert);
    await rename(join(folder, 'new.key'), join(folder, 'server.key'));
    await rename(join(folder, 'new.crt'), join(folder, 'server.crt'));
    await eventually('the new certificate', async () => ((await shown()) === 'metrics again' ? true : null));
  });
});

describe('client certificates', () => {
  const none = {};
  const cases: readonly [type: string, none: boolean, impostor: boolean, client: boolean][] = [
    ['RequestClientCert', true, true, true],
    ['RequireAnyClientCert', false, true, true],
    ['VerifyClientCertIfGiven', true, false, true],
    ['RequireAndVerifyClientCert', false, false, true],
  ];
  test.each(cases)('%s: none %s, a stranger’s %s, ours %s', async (type, ...allowed) => {
    await enable(`${TLS}  client_auth_type: ${type}\n  client_ca_file: ca.crt\n`);
    for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
      for (const [i, given] of [
        none,
        { cert: impostor.cert, key: impostor.key },
        { cert: client.cert, key: client.key },
      ].entries()) {
        const answer = await ask({ secure: true, maxVersion, ...given }).then(
          ({ status }) => status,
          () => 'refused',
        );
        expect([type, maxVersion, i, answer]).toEqual([type, maxVersion, i, allowed[i] ? 200 : 'refused']);
      }
    }
  });

  test('a session of a client who had none cannot be taken up again', async () => {
    await enable(`${TLS}  client_auth_type: RequestClientCert\n  client_ca_file: ca.crt\n`);
    const socket = tlsConnect({ host: '127.0.0.1', port, ca: authority.cert });
    const [session] = (await once(socket, 'session')) as [Buffer];
    socket.destroy();
    await writeFile(path, `${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n`);
    const late = (): Promise<string> =>
      ask({ secure: true, session } as RequestOptions).then(
        () => 'answered',
        () => 'refused',
      );
    await eventually('the stricter rule', async () =>
      (await ask({ secure: true }).then(
        () => 'answered',
        () => 'refused',
      )) === 'refused'
        ? true
        : null,
    );
    expect(await late()).toBe('refused');
    expect((await ask({ secure: true, cert: client.cert, key: client.key })).status).toBe(200);
  });
});

describe('a file that cannot be used', () => {
  test('at the start: nothing is served, the panel says why, and it serves when the file is mended', async () => {
    const addon = await enable('basic_auth_users: {alice: secret}');
    expect(addon.state).toBe('running');
    expect(addon.status).toMatchObject({
      level: 'error',
      text: expect.stringContaining('No metrics are served. The web config file'),
    });
    expect(detail(addon, 'Web config')).toContain('basic_auth_users.alice is not a bcrypt hash');
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
    await f.manager.setPreference('prometheus', 'address', `127.0.0.1:${(port = await freePort())}`);
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
    await writeFile(path, USERS);
    await f.until('prometheus', ({ status }) => status?.level === 'ok');
    expect((await ask()).status).toBe(401);
    expect((await ask({ auth: 'alice:wonder' })).status).toBe(200);
  });

  test('later: the old one stays in force and the panel says so', async () => {
    await enable(USERS);
    await writeFile(path, 'nonsense');
    const addon = await f.until('prometheus', ({ status }) => status?.level === 'warning');
    expect(detail(addon, 'Web config')).toBe(
      `The web config file ${path} cannot be used: it is not a mapping of names to values. What was in force before still is (no TLS, 1 user).`,
    );
    expect(f.log('prometheus').join('\n')).toContain('cannot be used: it is not a mapping');
    expect((await ask()).status).toBe(401);
    expect((await ask({ auth: 'alice:wonder' })).status).toBe(200);
  });

  test('named while everybody could scrape: nobody can any more, until it is taken back', async () => {
    await enable(null);
    expect((await ask()).status).toBe(200);
    await f.manager.setPreference('prometheus', 'webConfig', path);
    await expect(ask()).rejects.toThrow('ECONNREFUSED');
    await f.manager.setPreference('prometheus', 'webConfig', '');
    expect((await ask()).status).toBe(200);
  });
});

test('a hundred changes leave no socket, file or timer behind', async () => {
  await enable(USERS);
  const [plain, secure] = [path, join(folder, 'tls.yml')];
  await writeFile(secure, TLS);
  const pid = await addonPid();
  const handles = (): number => readdirSync(`/proc/${pid}/fd`).length;
  const swap = async (): Promise<void> => {
    await f.manager.setPreference('prometheus', 'webConfig', secure);
    expect((await ask({ secure: true })).status).toBe(200);
    await f.manager.setPreference('prometheus', 'webConfig', plain);
    expect((await ask()).status).toBe(401);
  };
  await swap();
  const before = handles();
  for (let i = 0; i < 50; i++) await swap();
  await eventually('the handles being those from before', async () => (handles() <= before ? true : null), 5_000);
});

needs.prometheus('a real Prometheus', () => {
  test('scrapes with TLS, a client certificate and a password', async () => {
    await enable(`${TLS}  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: ca.crt\n${USERS}`);
    await writeFile(join(folder, 'client.crt'), client.cert);
    await writeFile(join(folder, 'client.key'), client.key);
    const tls = `{ ca_file: ${folder}/ca.crt, cert_file: ${folder}/client.crt, key_file: ${folder}/client.key }`;
    const prometheus = await startPrometheus(
      folder,
      `127.0.0.1:${port}`,
      `scheme: https, tls_config: ${tls}, basic_auth: { username: alice, password: wonder }`,
    );
    expect(await eventually('a scrape', () => prometheus.query('up == 1'))).toBe(1);
    expect(await prometheus.query('Blender_Render')).toBe(0);
  });
});

/** Of the one add-on process that this test process has. */
async function addonPid(): Promise<number> {
  const { readFile } = await import('node:fs/promises');
  for (const pid of (await readFile(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8')).trim().split(' ')) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'utf8')).includes('bootstrap.js')) return Number(pid);
  }
  throw new Error('There is no add-on process.');
}

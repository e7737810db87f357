import { mkdir, rename, rm, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import {
  createWebConfigWatch,
  type WebConfigState,
  type WebConfigWatch,
} from '../../../../src/addon/prometheus/web-config/web-config-watch';
import { makeAuthority, makeCertificate, type Certificate } from '../../../helpers/certificates';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const HASH = hashSync('wonder', 4);
const USERS = `basic_auth_users:\n  alice: ${HASH}\n`;
const TLS = 'tls_server_config:\n  cert_file: server.crt\n  key_file: server.key\n';

let first: Certificate;
let second: Certificate;
beforeAll(() => {
  const authority = makeAuthority('Test authority');
  first = makeCertificate(authority, 'first', ['localhost']);
  second = makeCertificate(authority, 'second', ['localhost']);
});

let folder: string;
let path: string;
let watch: WebConfigWatch;
let states: WebConfigState[];
let logs: string[];
let watchers: Set<() => void>;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder, 'web.yml');
  states = [];
  logs = [];
  watchers = new Set();
  watch = createWebConfigWatch({
    onChange(state) {
      states.push(state);
      for (const watcher of watchers) watcher();
    },
    log: (level, text) => logs.push(`${level}: ${text}`),
    every: 20,
  });
  onTestFinished(() => watch.close());
});

/** Settles when the next state has come. */
function change(): Promise<WebConfigState> {
  return new Promise((resolve) => {
    const watcher = (): void => {
      watchers.delete(watcher);
      resolve(states.at(-1)!);
    };
    watchers.add(watcher);
  });
}

function usersOf({ protection }: WebConfigState): string[] {
  if (typeof protection === 'string') throw new Error(protection);
  return [...protection.users.keys()];
}

test('without a file it is open', async () => {
  await watch.use('');
  expect(watch.state()).toEqual({ path: '', protection: 'open', error: null });
});

describe('a file that can be used', () => {
  test('is in force, and a change of it too', async () => {
    await writeFile(path, USERS);
    await watch.use(path);
    expect(usersOf(watch.state())).toEqual(['alice']);
    const changed = change();
    await writeFile(path, USERS.replace('alice', 'carol'));
    expect(usersOf(await changed)).toEqual(['carol']);
    expect(watch.state().error).toBeNull();
  });

  test('is seen to change by a new file in its place, of the same size and time', async () => {
    await writeFile(path, USERS);
    await utimes(path, 1_000, 1_000);
    await watch.use(path);
    const changed = change();
    await writeFile(`${path}.new`, USERS.replace('alice', 'carol'));
    await utimes(`${path}.new`, 1_000, 1_000);
    await rename(`${path}.new`, path);
    expect(usersOf(await changed)).toEqual(['carol']);
  });

  test('is followed behind a symbolic link, as Kubernetes mounts it', async () => {
    for (const [name, user] of [
      ['a', 'alice'],
      ['b', 'carol'],
    ] as const) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, 'web.yml'), USERS.replace('alice', user));
    }
    const link = join(folder, 'data');
    await symlink('a', link);
    await watch.use(join(link, 'web.yml'));
    const changed = change();
    await symlink('b', `${link}.new`);
    await rename(`${link}.new`, link);
    expect(usersOf(await changed)).toEqual(['carol']);
  });

  test('has its certificates read again when they change', async () => {
    await writeFile(path, TLS);
    await writeFile(join(folder, 'server.crt'), first.cert);
    await writeFile(join(folder, 'server.key'), first.key);
    await watch.use(path);
    const { protection } = watch.state();
    if (typeof protection === 'string') throw new Error(protection);
    expect(protection.tls?.options.cert).toBe(first.cert);
    const changed = new Promise<WebConfigState>((resolve) =>
      watchers.add(() => states.at(-1)!.error === null && resolve(states.at(-1)!)),
    );
    await writeFile(join(folder, 'server.key'), second.key);
    await writeFile(join(folder, 'server.crt'), second.cert);
    const later = (await changed).protection;
    if (typeof later === 'string') throw new Error(later);
    expect(later.tls?.options.cert).toBe(second.cert);
    expect(later.tls?.identity).not.toBe(protection.tls?.identity);
  });
});

describe('a file that cannot be used', () => {
  test('leaves the old one in force, says so once, and takes force when it is mended', async () => {
    await writeFile(path, USERS);
    await watch.use(path);
    let changed = change();
    await writeFile(path, 'basic_auth_users: {alice: secret}');
    const broken = await changed;
    expect(usersOf(broken)).toEqual(['alice']);
    expect(broken.error).toBe(
      `The web config file ${path} cannot be used: basic_auth_users.alice is not a bcrypt hash.`,
    );
    expect(logs).toEqual([`warn: ${broken.error}`]);
    changed = change();
    await writeFile(path, USERS.replace('alice', 'carol'));
    const mended = await changed;
    expect(usersOf(mended)).toEqual(['carol']);
    expect(mended.error).toBeNull();
  });

  test('counts as one when it is removed or emptied', async () => {
    await writeFile(path, USERS);
    await watch.use(path);
    let changed = change();
    await unlink(path);
    expect(await changed).toMatchObject({ error: expect.stringContaining('does not exist') });
    expect(usersOf(watch.state())).toEqual(['alice']);
    changed = change();
    await writeFile(path, '');
    expect(await changed).toMatchObject({ error: expect.stringContaining('it is empty') });
    expect(usersOf(watch.state())).toEqual(['alice']);
  });

  test('lets nobody in at the start, until it is mended', async () => {
    await watch.use(path);
    expect(watch.state()).toEqual({
      path,
      protection: 'closed',
      error: `The web config file ${path} cannot be used: it does not exist.`,
    });
    expect(logs[0]).toMatch(/^error: /);
    const changed = change();
    await writeFile(path, USERS);
    expect(usersOf(await changed)).toEqual(['alice']);
  });

  test('closes what was open, and leaves another file in force', async () => {
    await watch.use('');
    await watch.use(join(folder, 'missing.yml'));
    expect(watch.state().protection).toBe('closed');
    await writeFile(path, USERS);
    await watch.use(path);
    await watch.use(join(folder, 'missing.yml'));
    expect(usersOf(watch.state())).toEqual(['alice']);
    expect(watch.state().error).toContain('missing.yml');
    await watch.use('');
    expect(watch.state().protection).toBe('open');
  });

  test.each([
    ['a certificate that does not exist', async () => {}, 'server.crt does not exist'],
    [
      'a certificate that is none',
      async () => {
        await writeFile(join(folder, 'server.crt'), 'no certificate');
        await writeFile(join(folder, 'server.key'), first.key);
      },
      'do not make a TLS server',
    ],
    [
      'a key of another certificate',
      async () => {
        await writeFile(join(folder, 'server.crt'), first.cert);
        await writeFile(join(folder, 'server.key'), second.key);
      },
      'do not make a TLS server',
    ],
  ])('%s is told, and mended by the right one alone', async (_name, make, reason) => {
    await writeFile(path, TLS);
    await make();
    await watch.use(path);
    expect(watch.state()).toMatchObject({ protection: 'closed', error: expect.stringContaining(reason) });
    const mended = new Promise<void>((resolve) => watchers.add(() => watch.state().error === null && resolve()));
    await writeFile(join(folder, 'server.crt'), first.cert);
    await writeFile(join(folder, 'server.key'), first.key);
    await mended;
    expect(watch.state().protection).toMatchObject({ tls: { clientAuth: 'NoClientCert' } });
  });

  test('a path that is not a whole one is refused, and so is a folder', async () => {
    await watch.use('web.yml');
    expect(watch.state().error).toContain('not a whole one');
    await watch.use(folder);
    expect(watch.state().error).toContain('it is a folder');
  });
});

test('closed, it looks no more', async () => {
  await writeFile(path, USERS);
  await watch.use(path);
  await watch.close();
  await rm(path);
  const seen = states.length;
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(states).toHaveLength(seen);
});

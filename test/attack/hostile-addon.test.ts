import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createNamedFolders } from '../../src/main/addons/named-folders';
import { JobStore } from '../../src/main/jobs/store/job-store';
import type { AddonManifest, PreferenceValues } from '../../src/shared/addons';
import { createFixture, type Fixture } from '../main/addons/fixture';
import { temporaryFolder } from '../helpers/temporary-folder';
import { needs } from '../helpers/needs';
import { paperJob } from '../helpers/paper-queue';

/**
 * An add-on that tries to leave what it was permitted. Each attempt is a function body that returns what it got; what is
 * logged is its name and the result or the error's code.
 */
function attempts(bodies: Record<string, string>): string {
  return `
    import fs from 'node:fs';
    import net from 'node:net';
    import os from 'node:os';
    import { execSync, spawnSync } from 'node:child_process';
    import { Worker } from 'node:worker_threads';
    export async function register(ctx) {
      const own = ctx.storage.folder;
      ${Object.entries(bodies)
        .map(
          ([name, body]) => `
      try { console.log(${JSON.stringify(name)} + ': got ' + String(await (async () => { ${body} })())); }
      catch (error) { console.log(${JSON.stringify(name)} + ': ' + (error.code ?? error.message)); }`,
        )
        .join('')}
      console.log('end of attempts');
    }`;
}

async function run(
  sandbox: boolean,
  bodies: (folder: string) => Record<string, string>,
  manifest: Partial<AddonManifest> = {},
  values: PreferenceValues = {},
): Promise<{ fixture: Fixture; data: string; results: string[] }> {
  const data = temporaryFolder();
  mkdirSync(join(data, 'addon-storage', 'other'), { recursive: true });
  for (const name of ['control-token', 'preferences.json', join('addon-storage', 'other', 'secret')])
    writeFileSync(join(data, name), 'secret');
  const fixture = await createFixture(
    { hostile: { main: attempts(bodies(data)), manifest } },
    { sandbox, dataFolder: data, stored: { hostile: { enabled: false, values } } },
  );
  onTestFinished(() => fixture.close());
  await fixture.manager.enable('hostile');
  await fixture.logged('hostile', 'end of attempts');
  return { fixture, data, results: fixture.log('hostile').filter((line) => /^(?!It )\w[^:]*: /.test(line)) };
}

/** Reading and writing that no permission was asked for. */
const FILES = (data: string): Record<string, string> => ({
  'the control token': `return fs.readFileSync('${data}/control-token', 'utf8')`,
  'the control token, asynchronously': `return fs.promises.readFile('${data}/control-token', 'utf8')`,
  'the preferences': `return fs.readFileSync('${data}/preferences.json', 'utf8')`,
  'the list of the data folder': `return fs.readdirSync('${data}')`,
  'a secret of another add-on': `return fs.readFileSync('${data}/addon-storage/other/secret', 'utf8')`,
  'a secret of another add-on, from its own storage': `return fs.readFileSync(own + '/../other/secret', 'utf8')`,
  'the list of users': `return fs.readFileSync('/etc/passwd', 'utf8')`,
  'its environment': `return fs.readFileSync('/proc/self/environ', 'utf8')`,
  'the host’s environment': `return fs.readFileSync('/proc/' + process.ppid + '/environ', 'utf8')`,
  'to write beside its storage': `return fs.writeFileSync(own + '-2', 'x')`,
  'to write into the data folder': `return fs.writeFileSync('${data}/control-token', 'x')`,
  'to write into its own folder': `return fs.writeFileSync(new URL('main.mjs', import.meta.url), 'x')`,
  'to write into a home folder': `return fs.writeFileSync('/root/framegauge-was-here', 'x')`,
  'to link out of its storage': `return fs.symlinkSync('${data}/control-token', own + '/link')`,
  'to move a file out of its storage': `fs.writeFileSync(own + '/x', 'x'); return fs.renameSync(own + '/x', '${data}/control-token')`,
});

/** The other means of getting out. */
const PROCESSES: Record<string, string> = {
  'to start a program': `return execSync('id')`,
  'to start a program, by spawn': `const { error } = spawnSync('id'); if (error) throw error; return 'it'`,
  'to start a thread': `return new Worker('1', { eval: true })`,
  'to load native code': `return process.dlopen({ exports: {} }, '/nothing.node')`,
};

const VARIABLES = `return Object.keys(process.env).sort().join()`;

it('one that submits jobs does not get to read the folders that it names in them', async () => {
  const home = temporaryFolder();
  for (const name of ['.ssh', 'out']) {
    mkdirSync(join(home, name));
    writeFileSync(join(home, name, 'key'), 'secret');
  }
  const store = new JobStore(temporaryFolder());
  onTestFinished(() => store.close());
  const main = attempts({
    'its own job’s': `return fs.readFileSync('${home}/.ssh/key', 'utf8')`,
    'the preferred': `return fs.readFileSync('${home}/out/key', 'utf8')`,
  });
  const permissions: AddonManifest['permissions'] = {
    files: { reason: 'To read.', read: ['output', 'scenes'], write: [] },
    jobs: { reason: 'To submit.', access: 'control' },
  };
  const fixture = await createFixture(
    { hostile: { main, manifest: { permissions } } },
    {
      folders: createNamedFolders({
        store,
        preferences: { outputDirectory: () => join(home, 'out'), host: () => ({ 'render.sceneFolders': '' }) },
        scene: { get: () => null },
      }),
    },
  );
  onTestFinished(() => fixture.close());
  const job = paperJob(home, { scene: join(home, '.ssh', 'a.glb'), output: join(home, '.ssh', '####.png') });
  store.add(job);
  await fixture.manager.enable('hostile');
  await fixture.manager.foldersChanged();
  await fixture.manager.grantOutput('hostile', [join(home, '.ssh')]);
  await fixture.logged('hostile', 'end of attempts');
  const results = fixture.log('hostile').filter((line) => /^(?:its own|the preferred)/.test(line));
  expect(results).toEqual(['its own job’s: ERR_ACCESS_DENIED', 'the preferred: got secret']);
});

for (const [how, sandbox, suite] of [
  ['held by Node alone', false, describe],
  ['in the sandbox', true, needs.bubblewrap],
] as const) {
  suite(`a hostile add-on, ${how}`, () => {
    it('gets no file beyond its own', async () => {
      const { fixture, data, results } = await run(sandbox, FILES);
      expect(results.filter((line) => !/: (ERR_ACCESS_DENIED|ENOENT|EROFS)$/.test(line))).toEqual([]);
      expect(results).toHaveLength(Object.keys(FILES('')).length);
      expect(existsSync('/root/framegauge-was-here')).toBe(false);
      const told = fixture.log('hostile').join('\n');
      expect(told).toContain(
        `It tried to read “${join(data, 'control-token')}”, which belongs to Framegauge or another add-on: it was denied, and no permission allows it.`,
      );
      expect(told).toContain(
        'It tried to read “/etc/passwd” and was denied. The permission “files” allows that for folders that it names in “read”.',
      );
      expect(fixture.manager.get('hostile').warnings).toHaveLength(10);
    });

    it('starts no program, thread or native code', async () => {
      const { fixture, results } = await run(sandbox, () => PROCESSES);
      expect(results.filter((line) => !/: (ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED)$/.test(line))).toEqual([]);
      expect(fixture.manager.get('hostile').warnings).toEqual([
        'It tried to start the program “id” and was denied. The permission “processes” allows that.',
        'It tried to start a thread and was denied. The permission “processes” allows that.',
      ]);
    });

    it('sends no signal', async () => {
      const { fixture, results } = await run(sandbox, () => ({
        'to the host': `return process.kill(${process.pid}, 0)`,
        'to its parent': `return process.kill(process.ppid, 'SIGKILL')`,
        'past the function': `return process._kill(process.ppid, 9)`,
        'as another': `Object.defineProperty(process, 'pid', { value: process.ppid }); return process.kill(process.ppid, 9)`,
        'that opens its inspector': `return process._debugProcess(process.ppid)`,
        'but a priority': `return os.setPriority(process.ppid, 19)`,
      }));
      expect(results.map((line) => line.split(': ')[1])).toEqual(Array(6).fill('ERR_ACCESS_DENIED'));
      expect(fixture.manager.get('hostile').warnings).toContain(
        sandbox
          ? `It tried to send a signal to the process ${process.pid} and was denied. The permission “processes” allows that.`
          : `It tried to send a signal to the process ${process.pid}, and this call was refused. The permission “processes” allows that; without a sandbox nothing prevents it for certain.`,
      );
    });

    it('has its own environment and storage, and says how it is held', async () => {
      const { fixture, data, results } = await run(sandbox, () => ({
        variables: VARIABLES,
        storage: `fs.writeFileSync(own + '/kept', 'x'); fs.mkdirSync(own + '/a/b', { recursive: true }); return fs.readdirSync(own).sort()`,
        temporary: `fs.writeFileSync((await import('node:os')).tmpdir() + '/x', 'x'); return 'written'`,
        code: `return fs.readFileSync(new URL('main.mjs', import.meta.url), 'utf8').length > 100`,
      }));
      const allowed = /^(?:ELECTRON_RUN_AS_NODE|HOME|LANG|LANGUAGE|LC_\w+|PATH|PWD|TMPDIR|TZ|NODE_CHANNEL_\w+)$/;
      const [variables, ...others] = results;
      expect(
        variables!
          .replace('variables: got ', '')
          .split(',')
          .filter((name) => !allowed.test(name)),
      ).toEqual([]);
      expect(others).toEqual(['storage: got a,kept,tmp', 'temporary: got written', 'code: got true']);
      expect(existsSync(join(data, 'addon-storage', 'hostile', 'kept'))).toBe(true);
      expect(fixture.manager.get('hostile').isolation).toEqual(
        sandbox ? { level: 'sandboxed', network: 'closed' } : { level: 'restricted', network: 'unprevented' },
      );
    });

    it('is given a folder that is away when it is there, and never the one around it', async () => {
      const home = temporaryFolder();
      const share = join(home, 'share');
      writeFileSync(join(home, 'beside'), 'secret');
      const path = { key: 'inbox', type: 'path', label: 'Inbox', description: '', default: '' } as const;
      const { fixture, results } = await run(
        sandbox,
        () => ({
          'beside it': `return fs.readFileSync('${home}/beside', 'utf8')`,
          'around it': `return fs.readdirSync('${home}')`,
          'in it': `return fs.readFileSync('${share}/file', 'utf8')`,
        }),
        { permissions: { files: { reason: 'For a test.', read: ['inbox'], write: [] } }, preferences: [{ ...path }] },
        { inbox: share },
      );
      const denied = expect.stringMatching(/: (ERR_ACCESS_DENIED|ENOENT)$/) as string;
      expect(results).toEqual([denied, denied, 'in it: ENOENT']);
      expect(fixture.manager.get('hostile').warnings).toContain(
        `“Inbox” names the folder ${share}, which is not there: it gets access to that folder alone, once it is there.`,
      );
      mkdirSync(share);
      writeFileSync(join(share, 'file'), 'x');
      await fixture.manager.foldersChanged();
      await fixture.logged('hostile', 'in it: got x');
      expect(fixture.log('hostile').filter((line) => /^(beside|around) it: got/.test(line))).toEqual([]);
      expect(fixture.manager.get('hostile').warnings.join()).not.toContain('which is not there');
    });
  });
}

needs.bubblewrap('the sandbox', () => {
  it('keeps little in memory as files', async () => {
    const fill = (folder: string): string => `
      const { status } = spawnSync('sh', ['-c', 'head -c 104857600 /dev/zero > ${folder}/large']);
      return status === 0 ? 'all of it' : 'less';`;
    const { results } = await run(
      true,
      (data) => ({
        'in tmp': fill('/tmp'),
        'in shm': fill('/dev/shm'),
        'in dev': fill('/dev'),
        'in root': fill('/'),
        'in data': fill(data),
      }),
      { permissions: { processes: 'For a test.', files: { reason: 'For a test.', read: [], write: [] } } },
    );
    expect(results.map((line) => line.split(': ')[1])).toEqual(Array(5).fill('got less'));
  });

  const CONNECT = (port: number): string => `return new Promise((resolve, reject) =>
    net.connect(${port}, '127.0.0.1').once('connect', () => resolve('through')).once('error', reject))`;

  async function listening(): Promise<number> {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    onTestFinished(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    return (server.address() as AddressInfo).port;
  }

  it('has no network without the permission, and one with it', async () => {
    const port = await listening();
    const without = await run(true, () => ({ connect: CONNECT(port) }));
    expect(without.results).toEqual(['connect: ECONNREFUSED']);
    expect(without.fixture.manager.get('hostile').warnings).toEqual([
      `It tried to connect to “127.0.0.1:${port}”, but has no network. The permission “network” gives it one.`,
    ]);
    const permitted = await run(true, () => ({ connect: CONNECT(port) }), { permissions: { network: 'For a test.' } });
    expect(permitted.results).toEqual(['connect: got through']);
    expect(permitted.fixture.manager.get('hostile').isolation).toEqual({ level: 'sandboxed', network: 'permitted' });
  });

  it('hides other processes, and no signal gets out', async () => {
    const { fixture, results } = await run(
      true,
      () => ({
        'the host': `return process.kill(${process.pid}, 0)`,
        // The first process of the sandbox ignores signals from within.
        'its parent': `process.kill(process.ppid, 'SIGKILL'); return 'sent'`,
      }),
      { permissions: { processes: 'For a test.' } },
    );
    expect(results).toEqual(['the host: ESRCH', 'its parent: got sent']);
    expect(fixture.manager.get('hostile').state).toBe('running');
  });

  it('holds what Node does not: a program that it starts', async () => {
    const { results } = await run(
      true,
      (data) => ({
        token: `return execSync('cat ${data}/control-token 2>&1 || true')`,
        users: `return execSync('cat /etc/passwd 2>&1 || true')`,
        others: `return execSync('ls /proc').toString().split('\\n').filter((name) => /^[0-9]+$/.test(name)).length < 10`,
      }),
      { permissions: { processes: 'For a test.' } },
    );
    expect(results).toEqual([
      expect.stringMatching(/^token: got cat: .*No such file/),
      expect.stringMatching(/^users: got cat: .*No such file/),
      'others: got true',
    ]);
  });
});

describe('an add-on that is allowed to start programs, held by Node alone', () => {
  it('is called unrestricted, since Node restricts none of them', async () => {
    const { fixture } = await run(false, () => ({}), { permissions: { processes: 'For a test.' } });
    expect(fixture.manager.get('hostile').isolation?.level).toBe('unrestricted');
  });
});

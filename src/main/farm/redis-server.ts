import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../shared/user-error';
import { makePrivateFolder } from '../data/private-files';
import { writeFileAtomically } from '../data/write-file-atomically';
import { childEnvironment } from '../processes/child-environment';
import { endWithHost } from '../processes/end-with-host';
import { isAlive } from '../processes/is-alive';
import { runBriefly } from '../processes/run-briefly';
import type { Certificate } from './certificate';

const PROGRAMS = ['redis-server', 'valkey-server'];
/** How long it may take to start or end, in milliseconds: it reads all it had written. */
const START_TIMEOUT = 60_000;
const STOP_TIMEOUT = 10_000;
/** Pause before it is started again after it has died, in milliseconds. */
const RESTART_DELAY = 1_000;
/** Interval between looks whether the server of a killed host has ended, in milliseconds. */
const SURVIVOR_CHECK = 50;
const MANAGER = 'manager';
/** How long a script may run before all other commands are refused, in milliseconds: those of BullMQ take a few. */
const MAX_SCRIPT_TIME = 3_000;
/** Maximum number of connections: a machine has three or four. */
const MAX_CLIENTS = 4_096;
/** Timeout of a connection without commands, in seconds. */
const IDLE_TIMEOUT = 60;
/** What is kept of what it prints, in characters. */
const MAX_PRINTED = 64 * 1024;

export interface OwnRedisOptions {
  /** Folder for its data; created if missing. */
  readonly folder: string;
  /** Port 0 lets the system choose. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly certificate: Certificate;
  /** It has died, and is started again. @param reason as a sentence */
  onDeath(reason: string): void;
}

/** A running server. */
export interface OwnRedis {
  readonly port: number;
  readonly username: string;
  readonly password: string;
  /** Its process; null between its death and the next start. */
  readonly pid: number | null;
  /** It is busy with a script that may never end: kills it, so that it is started again from what it had written. */
  restart(): void;
  close(): Promise<void>;
}

/** The first server program in PATH; null for none. */
async function findRedisServer(): Promise<string | null> {
  const suffix = process.platform === 'win32' ? '.exe' : '';
  for (const program of PROGRAMS) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter).filter(Boolean)) {
      const path = join(folder, program + suffix);
      if (await isExecutable(path)) return path;
    }
  }
  return null;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Starts a Redis or Valkey server of our own, which ends with this process's host and is started again if it dies. Only
 * TLS connections with a user and a password are accepted.
 *
 * @throws UserError when none is installed, or it does not start
 */
export async function startOwnRedis({ folder, listen, certificate, onDeath }: OwnRedisOptions): Promise<OwnRedis> {
  const program = await findRedisServer();
  if (program === null)
    throw new UserError(
      'The farm needs redis-server or valkey-server, and neither is in the PATH: install one, or name a server in the preference farm.redis.',
    );
  makePrivateFolder(folder);
  const password = randomBytes(32).toString('base64url');
  const hash = createHash('sha256').update(password).digest('hex');
  const users = join(folder, 'users.acl');
  // Nobody can be the user that is off, but Redis itself while it reads back what it had written.
  const everything = '~* &* +@all';
  const lines = [`user default off resetpass ${everything}`, `user ${MANAGER} on #${hash} ${everything}`, ''];
  await writeFileAtomically(users, lines.join('\n'));
  const config = join(folder, 'redis.conf');
  await endSurvivor(folder, config);
  const port = listen.port === 0 ? await freePort(listen.host) : listen.port;
  await writeFileAtomically(config, configOf(folder, users, { host: listen.host, port }, certificate));

  let child: ChildProcess | null = await start(program, config);
  let closed = false;
  let killed = false;
  let restart: NodeJS.Timeout | undefined;
  watch(child);

  function watch(running: ChildProcess): void {
    running.once('exit', (code, signal) => {
      child = null;
      if (closed) return;
      onDeath(
        killed
          ? `A machine kept the farm’s ${PROGRAMS[0]} busy for more than ${MAX_SCRIPT_TIME / 1000} s with a script: the server was killed and is started again. If that goes on, forget the machine that you no longer trust.`
          : `The farm’s ${PROGRAMS[0]} has died (${signal ?? `exit code ${code}`}) and is started again.`,
      );
      killed = false;
      again();
    });
  }

  function again(): void {
    restart = setTimeout(() => {
      start(program!, config).then(
        (started) => {
          child = started;
          if (closed) child.kill();
          else watch(child);
        },
        () => closed || again(),
      );
    }, RESTART_DELAY);
  }

  return {
    port,
    username: MANAGER,
    password,
    get pid() {
      return child?.pid ?? null;
    },
    restart() {
      killed = child !== null;
      // It hears of nothing else: SCRIPT KILL is refused to a script that has written something.
      child?.kill('SIGKILL');
    },
    async close() {
      closed = true;
      clearTimeout(restart);
      if (child) await stop(child);
    },
  };
}

function configOf(
  folder: string,
  users: string,
  { host, port }: OwnRedisOptions['listen'],
  { certFile, keyFile }: Certificate,
): string {
  const settings: readonly (readonly [string, string])[] = [
    ['bind', host],
    ['port', '0'],
    ['tls-port', String(port)],
    ['tls-cert-file', certFile],
    ['tls-key-file', keyFile],
    ['tls-auth-clients', 'no'],
    ['dir', folder],
    ['aclfile', users],
    ['appendonly', 'yes'],
    ['appendfsync', 'everysec'],
    ['save', ''],
    ['maxmemory-policy', 'noeviction'],
    // The old name, which every version knows.
    ['lua-time-limit', String(MAX_SCRIPT_TIME)],
    ['maxclients', String(MAX_CLIENTS)],
    // Not those that wait for tickets, or for word of leases.
    ['timeout', String(IDLE_TIMEOUT)],
    ['tcp-keepalive', '10'],
    ['daemonize', 'no'],
    ['logfile', ''],
    ['pidfile', pidFileIn(folder)],
    // Its command line tells to which data folder it belongs.
    ['set-proc-title', 'no'],
  ];
  // Values in double quotes know the escapes of C.
  return settings.map(([name, value]) => `${name} ${JSON.stringify(value)}\n`).join('');
}

/** Redis takes port 0 for none. */
async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function pidFileIn(folder: string): string {
  return join(folder, 'redis.pid');
}

/** Ends the server of a host that was killed. */
async function endSurvivor(folder: string, config: string): Promise<void> {
  const pid = Number(await readFile(pidFileIn(folder), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid < 2 || !isAlive(pid) || !(await commandLine(pid)).includes(config)) return;
  // One that was stopped hears of nothing else in the end.
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!isAlive(pid)) return;
    process.kill(pid, signal);
    for (const end = performance.now() + STOP_TIMEOUT; isAlive(pid) && performance.now() < end;)
      await delay(SURVIVOR_CHECK);
  }
}

/** Empty where it can't be read. */
async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return (await runBriefly('ps', ['-p', String(pid), '-o', 'args='], 5)).stdout;
}

/** @throws UserError with its last words when it does not get ready */
function start(program: string, config: string): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [config], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl+C in a terminal concerns the host, which ends it after it has used it for the last time.
      detached: process.platform !== 'win32',
      windowsHide: true,
      env: childEnvironment(),
    });
    endWithHost(child);
    let printed = '';
    const timer = setTimeout(() => child.kill('SIGKILL'), START_TIMEOUT);
    const failed = (why: string): void => {
      clearTimeout(timer);
      reject(new UserError(`The farm’s server ${program} does not start (${why}).`));
    };
    const hear = (text: string): void => {
      printed = (printed + text).slice(-MAX_PRINTED);
      if (!/Ready to accept connections/.test(printed)) return;
      clearTimeout(timer);
      child.off('exit', exited);
      resolve(child);
    };
    const exited = (): void => failed(lastWords(printed));
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', hear);
    child.once('error', ({ message }) => failed(message));
    child.once('exit', exited);
  });
}

/** The last line that tells of an error, without its process and time. */
function lastWords(printed: string): string {
  const lines = printed.split('\n').map((line) => line.replace(/^\d+:\w .*? [.*#-] /, '').trim());
  return (
    lines.findLast((line) => /error|fail|fatal|could not|can't|bind/i.test(line)) ??
    lines.findLast(Boolean) ??
    'it says nothing'
  );
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const forced = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT);
  await ended;
  clearTimeout(forced);
}

import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename } from 'node:path';
import type { EngineInfo } from '../../../shared/engines';
import { messageOf } from '../../../shared/user-error';
import { runBriefly } from '../../processes/run-briefly';
import { onPath, type InstallLocations, programAt, installPaths } from './install-locations';
import type { BlenderVersion, RememberedVersions } from './remembered-versions';

/** Oldest supported Blender: the first with Python 3.9. */
export const OLDEST_BLENDER = '2.93';
/** Seconds a program may take to print its version: it may have to be loaded from a slow disk. */
const TIMEOUT = 30;

export interface BlenderFinderOptions {
  /**
   * The registered paths: programs, macOS apps or their folders, separated by `;`; the first that works is the default.
   */
  readonly registered: () => string;
  /** Overrides where to search; defaults to this machine. */
  readonly locations?: Partial<InstallLocations>;
  /** Seconds a program may take to print its version. */
  readonly timeout?: number;
  /** Versions known from earlier; none by default. */
  readonly remembered?: RememberedVersions;
}

/** Finds the Blenders on this machine. */
export interface BlenderFinder {
  /**
   * All Blenders found, in order of preference: FRAMEGAUGE_BLENDER, the preference, the PATH, the usual install
   * locations. A named path that is not a Blender is listed with its problem. If FRAMEGAUGE_BLENDER is `none`, only the
   * preference is used.
   *
   * @param refresh search again instead of using the cache
   */
  list(refresh?: boolean): Promise<EngineInfo[]>;
  /** Searches again on the next `list`, because the preference has changed. Unchanged programs are not run again. */
  forget(): void;
}

interface Candidate {
  readonly path: string;
  readonly source: EngineInfo['source'];
}

/** Result of running `--version`. */
type Answer = BlenderVersion | { readonly problem: string };

export function createBlenderFinder({
  registered,
  locations: given,
  timeout = TIMEOUT,
  remembered,
}: BlenderFinderOptions): BlenderFinder {
  const locations: InstallLocations = {
    env: process.env,
    platform: process.platform,
    home: homedir(),
    root: '/',
    ...given,
  };
  /** By path, size and modification time. */
  const answers = new Map<string, Promise<Answer>>();
  let found: Promise<EngineInfo[]> | null = null;
  let refreshed = false;

  async function ask(path: string): Promise<Answer> {
    const info = await stat(path).catch(() => null);
    if (!info) return { problem: 'is not there' };
    if (!info.isFile() || !(await mayRun(path))) return { problem: 'is not a program' };
    const key = `${path}\n${info.size}\n${info.mtimeMs}`;
    const known = answers.get(key);
    if (known) return known;
    const asked = recall(path, key);
    answers.set(key, asked);
    return asked;
  }

  async function recall(path: string, key: string): Promise<Answer> {
    // A search that a person asked for starts every program.
    const known = refreshed ? null : await remembered?.get(key);
    if (known) return known;
    const answer = await askVersion(path, timeout);
    if ('version' in answer) await remembered?.keep(path, key, answer);
    return answer;
  }

  async function find(): Promise<EngineInfo[]> {
    const programs: { candidate: Candidate; path: string }[] = [];
    const seen = new Set<string>();
    for (const candidate of await candidates(registered(), locations)) {
      const path = await programAt(candidate.path, locations);
      const real = await realpath(path).catch(() => path);
      // Links, such as Snap's, may lead to a program that checks the name it was called by.
      const program = /^blender/i.test(basename(real)) ? real : path;
      if (seen.has(program)) continue;
      const named = candidate.source === 'preference' || candidate.source === 'environment';
      if (!named && !(await mayRun(program))) continue;
      seen.add(program);
      programs.push({ candidate, path: program });
    }
    const asked = await Promise.all(
      programs.map(async ({ candidate, path }) => describe(candidate, path, await ask(path))),
    );
    return withIds(asked);
  }

  return {
    list(refresh = false) {
      if (refresh) {
        answers.clear();
        refreshed = true;
        found = null;
      }
      if (found) return found;
      const finding = find();
      found = finding;
      // If none works, one may be installed at any moment.
      void finding.then((list) => {
        if (found === finding && !list.some(({ problem }) => problem === null)) found = null;
      });
      return finding;
    },
    forget() {
      found = null;
    },
  };
}

async function candidates(registered: string, locations: InstallLocations): Promise<Candidate[]> {
  const named = (locations.env['FRAMEGAUGE_BLENDER'] ?? '').trim();
  const chosen = pathsOf(registered).map((path) => ({
    path: path.replace(/^~(?=[\\/])/, locations.home),
    source: 'preference' as const,
  }));
  if (named === 'none') return chosen;
  return [
    ...pathsOf(named).map((path) => ({ path, source: 'environment' as const })),
    ...chosen,
    ...onPath(locations).map((path) => ({ path, source: 'path' as const })),
    ...(await installPaths(locations)).map((path) => ({ path, source: 'usual-place' as const })),
  ];
}

/** Paths separated by `;`; quotes copied from a shell are removed. */
function pathsOf(text: string): string[] {
  return text
    .split(';')
    .map((path) => path.trim().replace(/^(["'])(.*)\1$/, '$2'))
    .filter((path) => path !== '');
}

async function mayRun(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function askVersion(path: string, timeout: number): Promise<Answer> {
  const run = await runBriefly(path, ['--version'], timeout);
  if (run.failure) return { problem: `cannot be started (${messageOf(run.failure)})` };
  if (run.timedOut) return { problem: `did not tell its version within ${timeout} s` };
  const match = /^Blender (\d+\.\d+(?:\.\d+)?)\b(?: (?!\()(\S[^\n(]*))?/m.exec(run.stdout);
  if (match) return { version: match[1]!, name: `Blender ${match[1]}${match[2] ? ` ${match[2].trim()}` : ''}` };
  const line = firstLine(run.stdout) ?? firstLine(run.stderr);
  if (run.code !== 0)
    return {
      problem: `ended with ${run.code === null ? 'a signal' : `exit code ${run.code}`} when it was asked for its version${line ? ` (${line})` : ''}`,
    };
  return { problem: `is not a Blender: asked for its version, it answered ${line ? `“${line}”` : 'nothing'}` };
}

function firstLine(text: string): string | undefined {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => line !== '')
    ?.slice(0, 120);
}

function describe({ source }: Candidate, path: string, answer: Answer): Omit<EngineInfo, 'id' | 'default'> {
  const found = { engine: 'blender' as const, path, source };
  if ('problem' in answer)
    return { ...found, name: 'Blender', version: null, problem: sentence(source, path, answer.problem) };
  const { version, name } = answer;
  const problem = isOlder(version, OLDEST_BLENDER)
    ? `${name} is too old: Framegauge needs ${OLDEST_BLENDER} or later.`
    : null;
  return { ...found, name, version, problem };
}

function sentence(source: EngineInfo['source'], path: string, problem: string): string {
  if (source === 'preference')
    return `The preference blender.path names “${path}”, which ${problem}: let it be the path of a Blender program, or leave it empty.`;
  if (source === 'environment')
    return `FRAMEGAUGE_BLENDER names “${path}”, which ${problem}: let it be the path of a Blender program.`;
  return `“${path}” ${problem}.`;
}

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

/** Ids that contain the version; duplicates are numbered. The first one that works is the default. */
function withIds(found: readonly Omit<EngineInfo, 'id' | 'default'>[]): EngineInfo[] {
  const counts = new Map<string, number>();
  const usual = found.find(({ problem }) => problem === null);
  return found.map((one) => {
    const base = `blender-${one.version ?? 'unknown'}`;
    const count = (counts.get(base) ?? 0) + 1;
    counts.set(base, count);
    return { id: count === 1 ? base : `${base}-${count}`, ...one, default: one === usual };
  });
}

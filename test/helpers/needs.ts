import { afterAll, beforeAll, describe } from 'vitest';

/** Requirements of some tests that not every machine meets. */
export type NeedName =
  | 'blender'
  | 'electron'
  | 'chromium'
  | 'installedChromium'
  | 'windowedChromium'
  | 'prometheus'
  | 'promtool'
  | 'pushgateway'
  | 'nodeExporter'
  | 'redis'
  | 'pythonPrometheusClient'
  | 'nbconvert'
  | 'bubblewrap'
  | 'ffmpeg'
  | 'smallDisk'
  | 'networkNamespaces'
  | 'terminal';

/** Its path; or why it is missing and the one command that would install it. */
export type NeedState =
  | { readonly path: string; readonly env?: Readonly<Record<string, string>> }
  | { readonly reason: string; readonly command: string };

declare module 'vitest' {
  interface TaskMeta {
    /** Why this is skipped. */
    missing?: { readonly reason: string; readonly command: string };
  }
}

/** A Blender that Blender suites are run with. */
export interface TestBlender {
  readonly path: string;
  /** Such as 3.4.1. */
  readonly version: string;
}

/** A result of test/helpers/global-setup.ts. */
function stateOf(name: NeedName): NeedState {
  const text = process.env['FRAMEGAUGE_TEST_NEEDS'];
  if (!text)
    throw new Error('test/helpers/global-setup.ts did not run; start the tests with npm test or npx vitest run');
  return (JSON.parse(text) as Record<NeedName, NeedState>)[name];
}

/** The Blender of the running `eachBlender` suite; null for the default one. */
let running: TestBlender | null = null;

/**
 * Path of a program that the surrounding suite needs; inside {@link eachBlender} the Blender of the running suite.
 *
 * @throws when it is missing, which never happens inside `needs.NAME(…)`
 */
export function pathOf(name: NeedName): string {
  return name === 'blender' && running ? running.path : foundState(name).path;
}

/** Version of the Blender at `pathOf('blender')`, such as 3.4.1. @throws like {@link pathOf} */
export function blenderVersion(): string {
  const path = pathOf('blender');
  return testBlenders().find((blender) => blender.path === path)!.version;
}

/**
 * The environment for a program: this process's, plus the library paths of a program that is not installed system-wide.
 * @throws like {@link pathOf}
 */
export function environmentOf(name: NeedName): Record<string, string> {
  return { ...(process.env as Record<string, string>), ...foundState(name).env };
}

function foundState(name: NeedName): Extract<NeedState, { path: string }> {
  const state = stateOf(name);
  if (!('path' in state)) throw new Error(`${name}: ${state.reason}`);
  return state;
}

/**
 * A `describe` that is skipped, by name and with the reason, where a requirement is missing. With
 * FRAMEGAUGE_REQUIRE=all npm test counts such skips as failures.
 */
type Describe = (name: string, tests: () => void) => void;

function needing(need: NeedName): Describe {
  return (name, tests) => {
    const state = stateOf(need);
    if ('path' in state) describe(name, tests);
    else describe(name, { skip: true, meta: { missing: { reason: state.reason, command: state.command } } }, tests);
  };
}

/** `needs.prometheus('a running render', () => { it(…) })`; nest them for several requirements. */
export const needs: Readonly<Record<NeedName, Describe>> = {
  blender: needing('blender'),
  electron: needing('electron'),
  /** Any that the program itself would use, including the npm one. */
  chromium: needing('chromium'),
  installedChromium: needing('installedChromium'),
  /** The browser that can have windows too; other suites run in the one that cannot, where there is one. */
  windowedChromium: needing('windowedChromium'),
  prometheus: needing('prometheus'),
  promtool: needing('promtool'),
  pushgateway: needing('pushgateway'),
  nodeExporter: needing('nodeExporter'),
  /** redis-server or valkey-server, as the farm's manager looks for it. */
  redis: needing('redis'),
  pythonPrometheusClient: needing('pythonPrometheusClient'),
  /** Debian's Python, with nbconvert, a kernel and matplotlib. */
  nbconvert: needing('nbconvert'),
  /** A bubblewrap that works on this machine: some have it and forbid what it needs. */
  bubblewrap: needing('bubblewrap'),
  /** With ffprobe, which Debian's package has too. */
  ffmpeg: needing('ffmpeg'),
  /** A small file system can be mounted: test/helpers/small-disk.ts. */
  smallDisk: needing('smallDisk'),
  /** Networks of a test's own can be made: test/helpers/test-network.ts. */
  networkNamespaces: needing('networkNamespaces'),
  /** util-linux's script, which runs a command on a pseudo-terminal. */
  terminal: needing('terminal'),
};

/** The default Blender and those in FRAMEGAUGE_BLENDERS. */
function testBlenders(): TestBlender[] {
  return JSON.parse(process.env['FRAMEGAUGE_TEST_BLENDERS'] ?? '[]') as TestBlender[];
}

/**
 * A suite that runs with the default Blender, and again with each one in FRAMEGAUGE_BLENDERS; skipped like
 * `needs.blender` where there is none.
 */
export function eachBlender(name: string, tests: () => void): void {
  const blenders = testBlenders();
  if (blenders.length === 0) needs.blender(name, tests);
  for (const blender of blenders) {
    describe(`${name}: Blender ${blender.version}`, () => {
      beforeAll(() => {
        running = blender;
      });
      afterAll(() => {
        running = null;
      });
      tests();
    });
  }
}

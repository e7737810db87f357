import { describe } from 'vitest';

/** What some tests need and not every machine has. */
export type NeedName =
  | 'blender'
  | 'electron'
  | 'chromium'
  | 'installedChromium'
  | 'prometheus'
  | 'promtool'
  | 'pushgateway'
  | 'nodeExporter'
  | 'pythonPrometheusClient'
  | 'smallDisk';

/** Where it is; or why it isn't there and the one command that would bring it. */
export type NeedState =
  | { readonly path: string; readonly env?: Readonly<Record<string, string>> }
  | { readonly reason: string; readonly command: string };

declare module 'vitest' {
  interface TaskMeta {
    /** Why this is skipped. */
    missing?: { readonly reason: string; readonly command: string };
  }
}

/** What test/helpers/global-setup.ts found out. */
function stateOf(name: NeedName): NeedState {
  const text = process.env['FRAMEGAUGE_TEST_NEEDS'];
  if (!text)
    throw new Error('test/helpers/global-setup.ts did not run; start the tests with npm test or npx vitest run');
  return (JSON.parse(text) as Record<NeedName, NeedState>)[name];
}

/**
 * Path of a program that the surrounding suite needs.
 *
 * @throws when it is missing; inside of `needs.NAME(…)` it never is
 */
export function pathOf(name: NeedName): string {
  return foundState(name).path;
}

/** The environment that a program wants: this process's, and what a program that is not installed needs to find its own libraries. @throws as {@link pathOf} */
export function environmentOf(name: NeedName): Record<string, string> {
  return { ...(process.env as Record<string, string>), ...foundState(name).env };
}

function foundState(name: NeedName): Extract<NeedState, { path: string }> {
  const state = stateOf(name);
  if (!('path' in state)) throw new Error(`${name}: ${state.reason}`);
  return state;
}

/** A `describe` that is skipped, by name and with the reason, where something is missing. With FRAMEGAUGE_REQUIRE=all npm test counts such skips as failures. */
type Describe = (name: string, tests: () => void) => void;

function needing(need: NeedName): Describe {
  return (name, tests) => {
    const state = stateOf(need);
    if ('path' in state) describe(name, tests);
    else describe(name, { skip: true, meta: { missing: { reason: state.reason, command: state.command } } }, tests);
  };
}

/** `needs.prometheus('a running render', () => { it(…) })`; nest them for more than one need. */
export const needs: Readonly<Record<NeedName, Describe>> = {
  blender: needing('blender'),
  electron: needing('electron'),
  /** Any that the program itself would use, the npm one among them. */
  chromium: needing('chromium'),
  installedChromium: needing('installedChromium'),
  prometheus: needing('prometheus'),
  promtool: needing('promtool'),
  pushgateway: needing('pushgateway'),
  nodeExporter: needing('nodeExporter'),
  pythonPrometheusClient: needing('pythonPrometheusClient'),
  /** That a small file system can be mounted: test/helpers/small-disk.ts. */
  smallDisk: needing('smallDisk'),
};

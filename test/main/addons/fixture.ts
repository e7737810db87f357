import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AppSnapshot, MetricFamily } from '../../../src/shared/addon-protocol';
import type { Addon, AddonManifest, AddonPreference } from '../../../src/shared/addons';
import type { LifecycleEvent, LifecycleEventName } from '../../../src/shared/lifecycle';
import type { StoredAddon } from '../../../src/main/preferences/stored-addon';
import { createAddonOffers } from '../../../src/main/addons/offers/addon-offers';
import { EMPTY_SNAPSHOT } from '../../helpers/empty-snapshot';
import { withRawChannel } from '../../helpers/raw-channel';
import {
  createAddonManager,
  type AddonManager,
  type AddonManagerOptions,
} from '../../../src/main/addons/addon-manager';
import type { AddonStore } from '../../../src/main/addons/addon-settings';

/** The built add-on side. Real add-on processes start with it, so it has to be there. */
export const BUILT = resolve(import.meta.dirname, '../../../out/addon');
if (!existsSync(join(BUILT, 'bootstrap.js')))
  throw new Error(`${BUILT}/bootstrap.js is missing: run \`npm run build\` first.`);

/** A manager on a folder of its own, with real processes; everything is ended by `close`. */
export interface Fixture {
  readonly manager: AddonManager;
  readonly folder: string;
  readonly stored: Map<string, StoredAddon>;
  /** Every list that was told, in order. */
  readonly told: Addon[][];
  snapshot: AppSnapshot;
  families: MetricFamily[];
  /** Sends an event with the next number. */
  emit(name: LifecycleEventName, more?: Partial<LifecycleEvent>): void;
  /** Settles when the condition holds for the add-on; fails with its state and log after a minute. */
  until(id: string, condition: (addon: Addon) => boolean): Promise<Addon>;
  /** The texts of its log. */
  log(id: string): string[];
  /** Settles when its log has a line with the text. */
  logged(id: string, text: string): Promise<void>;
  close(): Promise<void>;
}

export interface TestAddon {
  readonly main: string;
  readonly preferences?: Partial<AddonPreference>[];
  readonly manifest?: Partial<AddonManifest>;
}

/** @param addons third-party add-ons to put into the user's folder, by id */
export async function createFixture(
  addons: Record<string, TestAddon> = {},
  options: Partial<AddonManagerOptions> & { stored?: Record<string, StoredAddon> } = {},
): Promise<Fixture> {
  const folder = await mkdtemp(join(tmpdir(), 'framegauge-addons-'));
  for (const [id, addon] of Object.entries(addons)) await writeAddon(join(folder, 'addons', id), id, addon);
  const stored = new Map<string, StoredAddon>(Object.entries(options.stored ?? {}));
  const store: AddonStore = {
    addon: (id) => stored.get(id) ?? { enabled: false, values: {} },
    saveAddon: async (id, value) => void stored.set(id, value),
    removeAddon: async (id) => void stored.delete(id),
  };
  const told: Addon[][] = [];
  let seq = 0;
  const watchers = new Set<() => void>();
  const fixture = {
    folder,
    stored,
    told,
    snapshot: EMPTY_SNAPSHOT,
    families: [] as MetricFamily[],
  };
  const manager = await createAddonManager({
    builtFolder: BUILT,
    userFolder: join(folder, 'addons'),
    dataFolder: folder,
    // In the sandbox, process ids are others than outside of it.
    sandbox: false,
    hostVersion: '0.1.0',
    offers: createAddonOffers({ tell: () => undefined, hasJob: () => false }),
    store,
    host: {
      snapshot: () => fixture.snapshot,
      families: async () => fixture.families,
      call: async () => ({ ok: false, error: { message: 'There are no jobs here.', kind: 'failed' } }),
      image: async () => null,
    },
    onChange(list) {
      told.push(list);
      for (const watcher of watchers) watcher();
    },
    onLog() {
      for (const watcher of watchers) watcher();
    },
    ...options,
  });
  const log = (id: string): string[] => manager.log(id).map((line) => line.text);

  function waitFor(what: string, holds: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => finish(new Error(`Waited a minute in vain for ${what}.`)), 60_000);
      function finish(error?: Error): void {
        clearTimeout(timer);
        watchers.delete(check);
        if (error) reject(error);
        else resolve();
      }
      function check(): void {
        if (holds()) finish();
      }
      watchers.add(check);
      check();
    });
  }

  return Object.assign(fixture, {
    manager,
    emit: (name: LifecycleEventName, more: Partial<LifecycleEvent> = {}) =>
      manager.deliver({ name, seq: ++seq, time: Date.now(), ...more }),
    async until(id: string, condition: (addon: Addon) => boolean) {
      await waitFor(`${id} to be as expected`, () => condition(manager.get(id))).catch((error: unknown) => {
        throw new Error(
          `${(error as Error).message} It is ${JSON.stringify(manager.get(id), null, 1)}, log:\n${log(id).join('\n')}`,
        );
      });
      return manager.get(id);
    },
    log,
    async logged(id: string, text: string) {
      await waitFor(`“${text}” in the log of ${id}`, () => log(id).some((line) => line.includes(text))).catch(
        (error: unknown) => {
          throw new Error(`${(error as Error).message} Its log is:\n${log(id).join('\n')}`);
        },
      );
    },
    async close() {
      await manager.close();
      await rm(folder, { recursive: true, force: true });
    },
  });
}

export async function writeAddon(
  folder: string,
  id: string,
  { main, preferences = [], manifest = {} }: TestAddon,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const complete = {
    schemaVersion: 1,
    id,
    version: '1.0.0',
    name: `Test ${id}`,
    tagline: 'For a test',
    author: 'Tests',
    license: 'MIT',
    category: 'Testing',
    api: '^1',
    main: 'main.mjs',
    preferences: preferences.map((preference) => ({ label: preference.key, ...preference })),
    ...manifest,
  };
  await writeFile(join(folder, 'addon.json'), JSON.stringify(complete));
  await writeFile(join(folder, 'main.mjs'), withRawChannel(main));
}

/** A port that nobody has at the moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

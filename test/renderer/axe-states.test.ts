import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import { needs } from '../helpers/needs';
import {
  sampleAddon,
  sampleCounts,
  sampleFrame,
  sampleJob,
  sampleMachine,
  samplePlan,
  sampleScene,
  sampleSettings,
  sampleState,
  sampleStatistics,
} from '../helpers/samples';
import { axeFindings } from './axe-findings';
import { launchBrowser, openPage } from './open-page';
import { failed, ok, type ScriptedHost } from './scripted-host';

const JOBS = [
  sampleJob({ id: 1, name: 'robot', frames: sampleCounts(12, 3), lastFrame: 12, suspicious: 1 }),
  sampleJob({ id: 2, name: 'kitchen', state: 'queued', startedAt: null }),
  sampleJob({
    id: 3,
    name: 'street',
    state: 'failed',
    finishedAt: 9,
    frames: sampleCounts(40, 8),
    reason: 'No camera.',
  }),
  sampleJob({ id: 4, name: 'chair', state: 'completed', finishedAt: 8, frames: sampleCounts(48) }),
];
const FRAMES = Array.from({ length: 48 }, (_, index) =>
  sampleFrame(
    index + 1,
    index < 12 ? 'done' : index < 15 ? 'failed' : 'waiting',
    index === 4
      ? { suspicion: 'It is all black.' }
      : index === 12
        ? { attempts: 3, reason: 'It ran out of memory.' }
        : {},
  ),
);
const ADDONS = [
  sampleAddon(),
  sampleAddon({
    bundled: false,
    previousVersion: '0.9.0',
    manifest: { ...sampleAddon().manifest, id: 'notify', name: 'Notify' },
  }),
];
const STATE: Partial<HostState> = {
  scene: sampleScene(),
  jobs: JOBS,
  addons: ADDONS,
  machines: [
    sampleMachine({ id: '000000000001', name: 'node-7' }),
    sampleMachine({
      id: '000000000002',
      name: 'node-9',
      state: 'cut-off',
      reason: '“node-9” has not been heard from.',
    }),
  ],
  notices: [
    { id: 1, level: 'warning', text: 'Framegauge ended within a minute of its start.', at: 1, restart: 'safe' },
    { id: 2, level: 'error', text: 'The disk is full.', at: 2 },
  ],
  preferences: { ...sampleState().preferences, 'farm.start': true },
};

function answers(host: ScriptedHost): void {
  const now = Date.now();
  Object.assign(host.answers, {
    'job.frames': () => ok(FRAMES),
    'engines.list': () => ok([]),
    'scene.recent': () => ok([{ path: '/scenes/robot.glb', openedAt: 1, missing: true }]),
    'files.list': () =>
      ok({
        folder: '/home/ada',
        parent: '/home',
        entries: [{ name: 'robot.glb', path: '/home/ada/robot.glb', kind: 'scene', bytes: 12_345 }],
        left: 3,
      }),
    'job.log': () => ok([{ frame: 13, attempt: 3, lines: ['Fra:13', 'Error: out of memory'] }]),
    'job.removal': () => ok({ files: ['/out/1.png'], bytes: 500 }),
    'addon.catalogue': () => failed('No repository answers.'),
    'statistics.get': () =>
      ok({
        now,
        samples: [0, 1, 2, 3].map((at) => sampleStatistics({ time: now - 60_000 + at * 10_000, framesPerMinute: 60 })),
        frameTimes: [{ time: now - 30_000, seconds: 2, job: 1, frame: 3, slot: 1 }],
        failures: [{ time: now - 20_000, job: 1, frame: 13, slot: 1, attempt: 3, reason: 'It ran out of memory.' }],
      }),
    'job.plan': () =>
      ok(
        samplePlan({
          settings: sampleSettings({ frames: '1-48', output: '/renders/turntable/####.png' }),
          conflict: { sentence: 'Images are there already.', frames: 12, job: 3 },
          newVersion: '/renders/turntable/v002/####.png',
        }),
      ),
  });
}

needs.chromium('axe', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(
    options: Parameters<Browser['newContext']>[0] = {},
    change: Partial<HostState> = {},
    script: (host: ScriptedHost) => void = () => {},
  ): Promise<{ page: Page; host: ScriptedHost; check: (state: string) => Promise<void>; found: string[] }> {
    const { host, page } = await openPage(
      {
        newContext: async (usual) => {
          const context = await browser.newContext({ ...usual, ...options });
          onTestFinished(() => context.close());
          return context;
        },
      },
      sampleState({ ...STATE, ...change }),
      undefined,
      (scripted) => {
        answers(scripted);
        script(scripted);
      },
    );
    await page.locator('.app-frame').waitFor();
    const found: string[] = [];
    const check = async (state: string): Promise<void> => {
      const findings = await axeFindings(page);
      // With forced colours it knows only the colours that are not painted.
      const counted = options.forcedColors ? findings.filter((one) => !one.startsWith('color-contrast')) : findings;
      found.push(...counted.map((finding) => `${state}: ${finding}`));
    };
    return { page, host, check, found };
  }

  it.each([
    ['English', {}, true],
    ['German', { locale: 'de-DE' }, false],
    ['Japanese, in a small window', { locale: 'ja-JP', viewport: { width: 900, height: 600 } }, false],
    ['forced colours', { forcedColors: 'active' }, false],
  ] as const)('finds nothing in workspaces, preferences and dialogs: %s', async (_name, options, all) => {
    const { page, check, found } = await open(options);
    const dialog = page.locator('dialog[open]');
    await page.locator('[data-job="1"] .job-select').click();
    await check('render');
    for (const index of [1, 2]) {
      await page.locator('.workspace-tabs [role="tab"]').nth(index).click();
      await page
        .locator(index === 1 ? '.machines, .statistics' : '.statistics, .machines')
        .first()
        .waitFor();
      await check(`workspace ${index}`);
    }
    await page.locator('.workspace-tabs [role="tab"]').first().click();
    await page.locator('[data-job="1"] .job-select').waitFor();
    for (const [state, keys] of [
      ['open', 'Control+o'],
      ['search', 'F3'],
      ['keys', 'Shift+?'],
      ['conflict', 'Control+F12'],
    ] as const) {
      await page.keyboard.press(keys);
      await dialog.waitFor();
      await check(state);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    for (const [state, job, keys] of [
      ['edit job', 2, 'F2'],
      ['delete job', 4, 'Delete'],
    ] as const) {
      const row = page.locator(`[data-job="${job}"] .job-select`);
      if ((await row.count()) === 0) await page.locator('.queue-finished').click();
      await row.click();
      await row.press(keys);
      await dialog.waitFor();
      await check(state);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    }
    await page.keyboard.press('Control+,');
    await dialog.waitFor();
    const sections = await page.locator('.preferences-section').count();
    for (let index = 0; index < sections; index++) {
      const section = page.locator('.preferences-section').nth(index);
      await section.click();
      const id = await section.getAttribute('id');
      await check(`preferences ${id}`);
      if (id !== 'section-addons') {
        if (all) continue;
        break;
      }
      const folded = page.locator('.addons [aria-expanded="false"]');
      while ((await folded.count()) > 0) await folded.first().click();
      await check('add-ons unfolded');
      await page.locator('.addon-buttons .button').last().click();
      await page.locator('dialog[open] dialog[open], dialog[open] ~ dialog[open]').first().waitFor();
      await check('uninstall');
      await page.keyboard.press('Escape');
    }
    expect(found).toEqual([]);
  });

  it('finds nothing in menus, the viewer, the timeline and messages', async () => {
    const { page, host, check, found } = await open();
    await page.locator('[data-job="1"] .job-select').click();
    for (const menu of await page.getByRole('menubar').getByRole('menuitem').all()) {
      await menu.click();
      await check(`menu ${await menu.textContent()}`);
      await page.keyboard.press('Escape');
    }
    await page.locator('[data-job="1"] .job-select').click({ button: 'right' });
    await page.locator('.popup-menu').waitFor();
    await check('menu of a job');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: /Channels and display$/ }).click();
    await check('display menu');
    await page.getByRole('menuitemcheckbox', { name: 'Histogram', exact: true }).click();
    await check('histogram');
    await page
      .getByRole('button', { name: /^Compare/ })
      .first()
      .click();
    await check('compare menu');
    await page
      .getByRole('menuitem')
      .filter({ hasText: /Before|Previous/ })
      .first()
      .click();
    await check('comparison');
    await page.getByRole('slider', { name: 'Frames' }).press('ContextMenu');
    await check('menu of a frame');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Frame details' }).click();
    await check('frame details');
    await page.getByRole('button', { name: /^Failed 3/ }).click();
    await check('failed frame with its log');
    await page.keyboard.press('Space');
    await check('playback');
    await page.keyboard.press('Escape');
    host.tell({ type: 'queue', queue: { ...host.state.queue, state: 'paused', reason: 'The disk is full.' } });
    await page.locator('.queue-stopped').waitFor();
    await check('queue paused');
    expect(found).toEqual([]);
  });

  it('finds nothing where there is nothing, the host is away, only looks are allowed or a token is missing', async () => {
    const empty = await open({}, { scene: null, jobs: [], addons: [], machines: [], notices: [] });
    await empty.check('empty');
    const readOnly = await open({}, {}, (host) => (host.right = 'read'));
    await readOnly.page.getByRole('note').getByText('View only').waitFor();
    await readOnly.check('read only');
    await readOnly.page.keyboard.press('Control+,');
    await readOnly.check('read only: preferences');
    const safe = await open({}, { info: { ...sampleState().info, safeMode: true } });
    await safe.page.keyboard.press('Control+,');
    await safe.page.getByText('Safe mode: only add-ons').waitFor();
    await safe.check('safe mode');
    const gone = await open();
    await gone.host.close();
    await gone.page.getByText('Connected', { exact: true }).waitFor({ state: 'detached' });
    await gone.check('host gone');
    const { page } = await openPage(browser, sampleState(), '#token=wrong');
    await page.getByRole('textbox').waitFor();
    const gate = (await axeFindings(page)).map((finding) => `token: ${finding}`);
    expect([empty, readOnly, safe, gone].flatMap(({ found }) => found).concat(gate)).toEqual([]);
  });
});

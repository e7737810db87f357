import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { Lending } from '../../src/shared/lending';
import type { Operator, OperatorRun } from '../../src/shared/operators';
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
import { asked, launchBrowser, openPage } from './open-page';
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

const OPERATORS: Operator[] = [
  {
    id: 'video.encode',
    addonId: 'video',
    addonName: 'Video',
    label: 'Encode Video',
    description: 'Makes a video of a job’s images',
    menu: 'job',
    parameters: [
      { key: 'job', type: 'job', label: 'Job', description: '' },
      {
        key: 'quality',
        type: 'integer',
        label: 'Quality',
        description: 'More is larger.',
        default: 5,
        min: 0,
        max: 10,
      },
      { key: 'codec', type: 'enum', label: 'Codec', description: '', values: ['H.264', 'ProRes'] },
      { key: 'draft', type: 'boolean', label: 'Draft', description: '', default: false },
    ],
  },
  {
    id: 'tidy.up',
    addonId: 'tidy',
    addonName: 'Tidy Up',
    label: 'Delete Old Previews',
    description: '',
    menu: 'render',
    key: 'Ctrl+Shift+U',
    parameters: [],
    confirm: 'Delete previews that are older than a week?',
  },
  {
    id: 'tidy.ping',
    addonId: 'tidy',
    addonName: 'Tidy Up',
    label: 'Ping',
    description: '',
    menu: 'window',
    // The program's own.
    key: 'F12',
    parameters: [],
  },
];
const RUN: OperatorRun = {
  run: 3,
  operator: 'video.encode',
  label: 'Encode Video',
  addonName: 'Video',
  state: 'running',
  progress: 0.4,
  text: 'Frame 19 of 48',
  startedAt: 1,
  finishedAt: null,
  result: null,
  error: null,
};
const SERVING = sampleAddon({
  enabled: true,
  state: 'running',
  status: {
    level: 'ok',
    text: 'Serving metrics on 0.0.0.0:8000',
    details: [{ label: 'Last scrape', value: '2026-11-21 06:05:12' }],
    actions: [{ type: 'save-monitoring-kit', label: 'Save monitoring kit…' }],
  },
});
const OFFER = {
  id: 'abacus',
  name: 'Abacus',
  version: '2.0.0',
  tagline: 'Counts',
  author: 'A studio',
  license: 'MIT',
  category: 'Example',
  tags: ['count'],
  permissions: [{ permission: 'network', reason: 'It sends counts.' }],
  bytes: 1_000,
  repository: '/srv/addons',
  installed: '1.0.0',
  update: true,
  blocked: null,
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

/** Gives pages the bridge of the desktop shell, as far as they need it, before a host that is scripted. */
async function actAsDesktop(context: BrowserContext, host: ScriptedHost, lending: () => Lending): Promise<void> {
  await context.exposeFunction('askHost', (operation: string, input: unknown) =>
    operation === 'host.state'
      ? ok(host.state)
      : (host.answers[operation]?.(input as never) ?? failed('Not scripted.')),
  );
  await context.exposeFunction('askLending', lending);
  await context.addInitScript(`window.framegauge = {
    call: window.askHost,
    lending: window.askLending,
    image: async () => null,
    pixels: async () => null,
    speak: async () => {},
    onEvent: () => () => {},
    onMenu: () => () => {},
  }`);
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
    lending: (() => Lending) | null = null,
  ): Promise<{ page: Page; host: ScriptedHost; check: (state: string) => Promise<void>; found: string[] }> {
    let answering: ScriptedHost | undefined;
    const { host, page } = await openPage(
      {
        newContext: async (usual) => {
          const context = await browser.newContext({ ...usual, ...options });
          onTestFinished(() => context.close());
          if (lending) await actAsDesktop(context, answering!, lending);
          return context;
        },
      },
      sampleState({ ...STATE, ...change }),
      undefined,
      (scripted) => {
        answers(scripted);
        script(scripted);
        answering = scripted;
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
    ['a phone', { viewport: { width: 375, height: 700 } }, true],
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

  const LOOKS = [
    ['its own colours', {}],
    ['forced colours', { forcedColors: 'active' }],
  ] as const;

  it.each(LOOKS)('finds nothing in dialogs of jobs, add-ons and operators: %s', async (_name, options) => {
    const { page, host, check, found } = await open(
      options,
      { operators: OPERATORS, addons: [SERVING, ADDONS[1]!] },
      (script) => {
        script.install = (_file, consent) =>
          consent.length === 0
            ? {
                outcome: 'consent',
                id: 'notify',
                name: 'Notify',
                version: '2.0.0',
                installed: '1.0.0',
                asks: [
                  { permission: 'network', reason: 'It sends messages.' },
                  { permission: 'files', reason: 'It reads templates.' },
                ],
              }
            : 'It is damaged.';
        Object.assign(script.answers, {
          'operator.run': () => failed('“70” does not fit “Quality”: the largest is 10.'),
          'preferences.set': () => failed('F12 is the program’s own key for “Render Image”: choose another.'),
          'monitoring.save': () => ok({ folder: '/home/ada/kit', files: ['/home/ada/kit/README.md'] }),
          'addon.catalogue': () =>
            ok({
              repositories: [
                { address: '/srv/addons', name: 'Studio', problem: null },
                { address: 'https://addons.example', name: 'addons.example', problem: 'It does not answer.' },
              ],
              addons: [OFFER, { ...OFFER, id: 'other', name: 'Other', blocked: 'It loses lines.' }],
            }),
        });
      },
    );
    const dialog = page.locator('dialog[open]');
    const shut = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    };
    const job = (id: number) => page.locator(`[data-job="${id}"] .job-select`);
    /** Chooses an item of a menu, or of a job's, that opens a dialog. */
    const choose = async (name: string): Promise<void> => {
      await page.getByRole('menuitem', { name }).last().click();
      await dialog.waitFor();
      await check(name);
    };

    // Jobs.
    await job(4).click({ button: 'right' });
    await choose('Render All Frames Again');
    await shut();
    await job(2).click();
    await job(4).click({ modifiers: ['Control'] });
    await check('several jobs selected');
    await job(4).click({ button: 'right' });
    await check('menu of several jobs');
    await choose('Priority…');
    await shut();
    await job(4).press('Delete');
    await dialog.waitFor();
    await check('delete jobs');
    await shut();
    await page.getByRole('menuitem', { name: 'Render', exact: true }).click();
    await choose('Clear Finished…');
    await shut();
    await page.getByRole('menuitem', { name: 'Help', exact: true }).click();
    await choose('About Framegauge');
    await shut();
    await page.getByRole('button', { name: 'Choose the output folder' }).click();
    await dialog.waitFor();
    await check('folder of the output');
    await shut();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('nothing is called so');
    await page.locator('.queue-nothing').waitFor();
    await check('nothing found in the queue');
    await page.keyboard.press('Escape');

    // Operators: the form, and what is wrong with it; the question; the keys.
    await page.keyboard.press('F3');
    await page.keyboard.type('encode');
    await page.keyboard.press('Enter');
    await dialog.getByLabel('Quality').fill('70');
    await check('form of an operator');
    await dialog.getByRole('button', { name: 'Run' }).click();
    await dialog.getByRole('alert').waitFor();
    await check('form of an operator, refused');
    await shut();
    await page.keyboard.press('Control+Shift+U');
    await dialog.waitFor();
    await check('question of an operator');
    await shut();
    host.tell({ type: 'operator-run', run: RUN });
    await page.getByRole('progressbar', { name: 'Progress of Encode Video' }).waitFor();
    await check('operator running');
    await page.keyboard.press('Control+,');
    await dialog.getByRole('tab', { name: 'Keymap' }).click();
    await check('keymap with a conflict');
    await dialog.getByRole('button', { name: 'Key of Encode Video: none' }).click();
    await dialog.getByText('Press a key…').waitFor();
    await check('keymap listening');
    await page.keyboard.press('F12');
    await dialog.getByRole('alert').waitFor();
    await check('keymap refused');

    // Add-ons.
    await dialog.getByRole('tab', { name: 'Get Add-ons' }).click();
    await dialog.getByRole('button', { name: 'Update Abacus' }).waitFor();
    await check('add-ons to get');
    await dialog.getByRole('tab', { name: 'Add-ons', exact: true }).click();
    await dialog
      .getByLabel('Add-on to install')
      .setInputFiles({ name: 'notify.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
    const question = page.getByRole('dialog', { name: 'Update Notify to 2.0.0' });
    await question.waitFor();
    await check('consent');
    await question.getByRole('button', { name: 'Allow and Update' }).click();
    await dialog.getByText('It is damaged.').waitFor();
    await check('add-on refused');
    await dialog.getByRole('button', { name: 'Details of Prometheus Metrics' }).click();
    await dialog.getByRole('button', { name: /^Save monitoring kit/ }).click();
    const kit = page.getByRole('dialog', { name: 'Save Monitoring Kit' });
    await kit.waitFor();
    await check('monitoring kit');
    await kit.getByRole('button', { name: 'Save', exact: true }).click();
    await kit.getByRole('button', { name: 'Done' }).waitFor();
    await check('monitoring kit saved');
    expect(found).toEqual([]);
  });

  it.each(LOOKS)('finds nothing where things are moved by keys, and among machines: %s', async (_name, options) => {
    const { page, host, check, found } = await open(options, {}, (script) => {
      Object.assign(script.answers, {
        'job.move': () => ok(null),
        'machine.invite': () =>
          ok({
            url: 'https://10.0.0.5:8790',
            token: 'x',
            command: 'framegauge machine --join x',
            expiresAt: Date.now(),
          }),
      });
    });
    await page.locator('[data-job="2"] .job-select').click();
    await page.keyboard.press('Alt+ArrowUp');
    await expect.poll(() => asked(host, 'job.move').length).toBe(1);
    await check('job moved by keys');
    await page.getByRole('separator', { name: 'Width of the queue' }).press('Shift+ArrowRight');
    await check('edge moved by keys');
    await page.getByRole('button', { name: 'View of the queue' }).click();
    await check('view of the queue');
    await page.getByRole('menuitemcheckbox', { name: 'Rows', exact: true }).click();
    const heading = page.locator('.head-sort').nth(2);
    await heading.press('Alt+ArrowLeft');
    await check('column moved by keys');
    await heading.press('Enter');
    await heading.press('ContextMenu');
    await page.locator('.popup-menu').waitFor();
    await check('menu of a sorted column');
    await page.keyboard.press('Escape');
    await page.locator('[data-job="1"] .job-select').click();
    const timeline = page.getByRole('slider', { name: 'Frames' });
    await timeline.press('Home');
    await timeline.press('i');
    await timeline.press('Control+Shift+ArrowRight');
    await timeline.press('Control+Shift+ArrowRight');
    await check('frames selected by keys');

    await page.getByRole('tab', { name: 'Statistics' }).click();
    const chart = page.locator('.statistics [tabindex="0"]').first();
    await chart.press('ArrowLeft');
    await chart.press('+');
    await check('statistics read and narrowed by keys');
    await page.getByRole('tab', { name: 'Machines' }).click();
    await page.getByRole('button', { name: 'Add Machine' }).first().click();
    await page.getByText('framegauge machine --join x').waitFor();
    await check('invitation');
    // Not a secure page to the browser: the clipboard is not there.
    await page.evaluate(
      'Object.defineProperty(navigator, "clipboard", { value: undefined }); document.execCommand = () => false',
    );
    await page.getByRole('region', { name: 'Add a machine' }).getByRole('button', { name: 'Copy' }).click();
    await page.locator('dialog[open]').waitFor();
    await check('copy by hand');
    await page.keyboard.press('Escape');
    await page
      .getByRole('button', { name: /node-9/ })
      .last()
      .click();
    await page.locator('.popup-menu, [role="menu"]').first().waitFor();
    await check('menu of a machine');
    await page.getByRole('menuitem', { name: /^Take Out of the Farm/ }).click();
    await page.locator('dialog[open]').waitFor();
    await check('take a machine out');
    expect(found).toEqual([]);
  });

  it.each(LOOKS)('finds nothing in the form that lends the desktop app’s machine: %s', async (_name, options) => {
    const off: Lending = { state: 'off', name: null, url: null, text: null, workers: 4, delivered: 0 };
    let lending = off;
    const { page, check, found } = await open(
      options,
      {},
      () => {},
      () => lending,
    );
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: 'Farm' }).click();
    const form = page.getByRole('region', { name: 'Lend this machine' });
    await form.getByRole('textbox', { name: 'Manager’s address' }).fill('https://manager:8790');
    await form.getByRole('textbox', { name: 'Token' }).fill('let-me-in');
    await check('lending: to be filled in');
    await form.getByRole('textbox', { name: 'Workers' }).fill('none');
    await form.getByText('Workers are a whole number from 1 to 64.').waitFor();
    await check('lending: wrong');
    await form.getByRole('textbox', { name: 'Workers' }).fill('2');
    const url = 'https://manager:8790';
    for (const next of [
      { ...off, state: 'joining' },
      { ...off, state: 'failed', text: 'The manager at https://manager:8790 does not answer.' },
      { ...off, state: 'lent', name: 'node-3', url, text: 'It renders 2 frames.', delivered: 12 },
    ] satisfies Lending[]) {
      lending = next;
      const words = { joining: 'Joining…', failed: 'does not answer', lent: '“node-3” lends' }[next.state];
      await form.getByText(words).waitFor();
      await check(`lending: ${next.state}`);
    }
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

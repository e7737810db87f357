import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { Job } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { makePng } from '../helpers/png';
import {
  sampleAddon,
  sampleBlend,
  sampleBlenderScene,
  sampleEngine,
  sampleFrame,
  sampleJob,
  sampleMachine,
  samplePlan,
  sampleScene,
  sampleSettings,
  sampleState,
} from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';
import { overflowing } from './overflowing';
import { failed, ok, type ScriptedHost } from './scripted-host';

/** Where pictures of every state go, to be looked at. */
const PICTURES = resolve(import.meta.dirname, '../../test-results/faces');

const counts = (total: number, change: Partial<Job['frames']> = {}): Job['frames'] => {
  const other = { rendering: 0, done: 0, failed: 0, skipped: 0, ...change };
  return { total, waiting: total - other.rendering - other.done - other.failed - other.skipped, ...other };
};
const LONG = 'a_shot_whose_name_tells_its_whole_history_final_v12_really_final_this_time';

const BUSY: Job[] = [
  sampleJob(
    {
      id: 3,
      name: 'robot',
      state: 'rendering',
      engine: 'blender',
      frames: counts(240, { done: 96, rendering: 2, failed: 1 }),
      framesPerMinute: 8.4,
      secondsLeft: 1_012,
      secondsLeftP90: 1_260,
      lastFrame: 96,
      suspicious: 2,
      warnings: ['The texture “//textures/wood.png” is not there: it is rendered pink.'],
    },
    { frames: '1-240', width: 960, height: 540, samples: 128 },
  ),
  sampleJob({
    id: 4,
    name: 'kitchen',
    state: 'queued',
    priority: 10,
    secondsLeft: 5_400,
    secondsLeftP90: 7_100,
    startedAt: null,
  }),
  sampleJob({
    id: 5,
    name: 'garden',
    state: 'queued',
    waitsFor: 'job 4 (kitchen) to complete',
    after: [4],
    startedAt: null,
  }),
  sampleJob({
    id: 6,
    name: 'street',
    state: 'paused',
    frames: counts(100, { done: 31 }),
    reason: 'paused by the user',
  }),
  sampleJob({ id: 7, name: LONG, state: 'queued', startAt: Date.now() + 86_400_000, waitsFor: null, startedAt: null }),
  sampleJob({
    id: 1,
    name: 'turntable',
    state: 'completed',
    frames: counts(48, { done: 46, failed: 2 }),
    reason: '2 of 48 frames failed.',
    finishedAt: 5_000,
    framesPerMinute: 22,
  }),
  sampleJob({
    id: 2,
    name: 'lamp',
    state: 'failed',
    frames: counts(48, { done: 3, failed: 7 }),
    reason: 'The scene has no camera: add one in Blender, or choose another scene of the file.',
    finishedAt: 4_000,
  }),
  sampleJob({ id: 8, name: 'chair', state: 'cancelled', frames: counts(48, { done: 20 }), finishedAt: 3_000 }),
  sampleJob({ id: 9, name: 'table', state: 'completed', frames: counts(48, { done: 48 }), finishedAt: 2_500 }),
];
const robotFrames = (script: ScriptedHost): void => {
  script.answers['job.frames'] = () =>
    ok(
      Array.from({ length: 240 }, (_, index) => {
        const frame = index + 1;
        if (frame === 40)
          return sampleFrame(frame, 'failed', {
            attempts: 3,
            reason: 'Blender was ended by a segmentation fault.',
            slot: 2,
          });
        if (frame > 96) return sampleFrame(frame, frame < 99 ? 'rendering' : 'waiting');
        return sampleFrame(frame, 'done', {
          seconds: 14.2,
          slot: 1,
          peakBytes: 812_000_000,
          suspicion: frame === 12 ? 'It is all black.' : null,
          files: [
            `/renders/robot/shot_${String(frame).padStart(4, '0')}_L.png`,
            `/renders/robot/shot_${String(frame).padStart(4, '0')}_R.png`,
          ],
        });
      }),
    );
  script.answers['job.log'] = ({ frame }: { frame: number }) =>
    ok([
      {
        frame,
        attempt: 1,
        lines: [
          'Read blend: "/scenes/robot.blend"',
          ...Array.from(
            { length: 12 },
            (_, at) =>
              `Fra:${frame} Mem:812.31M (Peak 813.00M) | Time:00:0${at % 10}.21 | Remaining:00:09.10 | Sample ${at * 10}/128`,
          ),
          `Saved: '/renders/robot/shot_${frame}.png'`,
        ],
      },
    ]);
};
const blendScene = (change: Parameters<typeof sampleBlend>[0] = {}): HostState['scene'] =>
  sampleBlend(
    {
      thumbnail: `data:image/png;base64,${makePng(128, 72, 90).toString('base64')}`,
      warnings: [
        '2 images are missing: textures/wood.png, textures/steel.png. They are rendered pink.',
        'The file asks for a movie (MPEG-4): each frame is rendered as an image instead.',
      ],
      ...change,
    },
    [
      sampleBlenderScene({ movie: true, viewLayers: ['Foreground', 'Background', 'Shadows'], views: ['_L', '_R'] }),
      sampleBlenderScene({ name: 'Titles', renderEngine: 'eevee', samples: 64, sequencer: true, format: 'exr' }),
    ],
    { scripts: true },
  );
const ENGINES = [
  sampleEngine(),
  sampleEngine({
    id: 'blender-4.2.0',
    name: 'Blender 4.2.0',
    version: '4.2.0',
    path: '/opt/blender-4.2.0/blender',
    source: 'usual-place',
    default: false,
  }),
  sampleEngine({
    id: 'blender-2',
    name: 'Blender',
    version: null,
    path: '/opt/old/blender',
    source: 'preference',
    problem: 'It ended with exit code 127: libGL.so.1 is missing. Install the package libgl1.',
    default: false,
  }),
];

needs.chromium('every state of the window', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  interface Face {
    readonly name: string;
    readonly state: HostState;
    readonly script?: (host: ScriptedHost) => void;
    readonly size?: { width: number; height: number };
    /** What the person did before. */
    readonly steps?: (page: Page) => Promise<void>;
    /** Is there once the state is drawn. */
    readonly shows: string;
  }
  const job = (page: Page, name: string) =>
    page.getByRole('region', { name: 'Queue' }).getByRole('button', { name: new RegExp(`^${name}, job \\d+, `) });
  const withEngines = (script: ScriptedHost): void => {
    robotFrames(script);
    script.answers['engines.list'] = () => ok(ENGINES);
  };
  const faces: Face[] = [
    { name: 'empty', state: sampleState(), shows: 'No scene is open' },
    { name: 'scene', state: sampleState({ scene: sampleScene() }), shows: 'turntable is open' },
    {
      name: 'busy',
      state: sampleState({
        scene: blendScene(),
        jobs: BUSY,
        queue: { state: 'running', reason: null, secondsLeft: 9_400, secondsLeftP90: 12_000 },
      }),
      script: withEngines,
      shows: 'All done in 2 h 37 min (up to 3 h 20 min)',
    },
    {
      name: 'unfolded',
      state: sampleState({ scene: blendScene({ thumbnail: null, warnings: [] }), jobs: BUSY }),
      script: withEngines,
      steps: async (page) => {
        await page.getByRole('button', { name: /^Show the scene/ }).click();
        await page.getByRole('button', { name: 'Blender', exact: true }).click();
        await page.getByRole('button', { name: 'Scheduling' }).click();
        await page.getByRole('textbox', { name: 'Samples' }).fill('256');
        await page.getByRole('textbox', { name: 'Priority' }).fill('200');
        await page.getByRole('textbox', { name: 'Priority' }).blur();
        await page.getByRole('textbox', { name: 'Max failures' }).scrollIntoViewIfNeeded();
      },
      shows: 'The priority is a whole number from -100 to 100.',
    },
    {
      name: 'failed',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: robotFrames,
      steps: async (page) => job(page, 'lamp').click(),
      shows: 'Render Remaining Frames',
    },
    {
      name: 'failed-frame',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: robotFrames,
      steps: async (page) => {
        await page.getByRole('button', { name: 'Failed 1' }).click();
        await page.getByRole('region', { name: 'Image' }).getByRole('button', { name: 'Show Log' }).click();
      },
      shows: "Saved: '/renders/robot/shot_40.png'",
    },
    {
      name: 'suspicious-frame',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: robotFrames,
      steps: async (page) => {
        await page.getByRole('button', { name: 'Looks wrong 2' }).click();
        await page.getByRole('button', { name: 'Frame details' }).click();
      },
      shows: '/renders/robot/shot_0012_R.png',
    },
    {
      name: 'held',
      state: sampleState({
        scene: sampleScene(),
        jobs: BUSY,
        queue: {
          state: 'paused',
          reason:
            'The disk of /renders has 0.4 GB left, less than the 1 GB to keep free: make room, and the queue goes on.',
          secondsLeft: null,
          secondsLeftP90: null,
        },
      }),
      script: robotFrames,
      shows: 'make room, and the queue goes on',
    },
    {
      name: 'menu',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: robotFrames,
      steps: async (page) => job(page, 'kitchen').click({ button: 'right' }),
      shows: 'Move to Top',
    },
    {
      name: 'delete',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: (script) => {
        robotFrames(script);
        script.answers['job.removal'] = () =>
          ok({
            files: Array.from({ length: 300 }, (_, index) => `/renders/${LONG}/${LONG}/shot_${index}.png`),
            bytes: 812_000_000,
          });
      },
      steps: async (page) => {
        await job(page, 'turntable').click();
        await page.keyboard.press('Delete');
        await page.getByRole('checkbox', { name: /Also delete its 300 files/ }).check();
      },
      shows: 'The files listed below are deleted from disk.',
    },
    {
      name: 'edit',
      state: sampleState({ scene: sampleScene(), jobs: BUSY }),
      script: robotFrames,
      steps: async (page) => {
        await job(page, 'street').click();
        await page.keyboard.press('F2');
      },
      shows: 'Frame order',
    },
    {
      name: 'no-blender',
      state: sampleState({
        scene: sampleBlend({
          blender: null,
          warnings: [
            'No Blender was found on this machine. Install it from blender.org, or with “apt-get install blender”, then look again.',
          ],
        }),
      }),
      script: (script) => void (script.answers['engines.list'] = () => ok([])),
      shows: 'A .blend file is rendered by Blender',
    },
    {
      name: 'preferences-queue',
      state: sampleState(),
      steps: (page) => preferences(page, 'Queue'),
      shows: 'Command when the queue finishes',
    },
    {
      name: 'preferences-blender',
      state: sampleState(),
      script: withEngines,
      steps: (page) => preferences(page, 'Blender'),
      shows: 'libGL.so.1 is missing',
    },
    {
      name: 'preferences-interface',
      state: sampleState(),
      steps: (page) => preferences(page, 'Interface'),
      shows: 'Notify in this browser',
    },
    {
      name: 'small',
      state: sampleState({ scene: blendScene(), jobs: BUSY }),
      script: withEngines,
      size: { width: 900, height: 600 },
      shows: 'robot',
    },
    {
      name: 'small-failed',
      state: sampleState({
        scene: sampleScene(),
        jobs: BUSY,
        notices: ['The disk of /renders has 4 GB left.', 'The preferences could not be read and were set aside.'].map(
          (text, index) => ({ id: index + 1, at: index, level: 'warning' as const, text }),
        ),
      }),
      script: (script) => {
        robotFrames(script);
        script.answers['job.submit'] = () => failed('The output folder cannot be written to: choose another.');
      },
      size: { width: 900, height: 600 },
      steps: async (page) => {
        await page.keyboard.press('Control+F12');
        await page.getByRole('button', { name: 'Failed 1' }).click();
      },
      shows: 'Frame 40 failed: Blender was ended by a segmentation fault.',
    },
    {
      name: 'conflict',
      state: sampleState({ scene: sampleScene() }),
      script: (script) =>
        void (script.answers['job.plan'] = () =>
          ok(
            samplePlan({
              settings: sampleSettings({ frames: '1-48', output: `/renders/${LONG}/####.png` }),
              conflict: {
                sentence: `Images of job 3 are there already for 48 frames of /renders/${LONG}/####.png. Render a new version beside them (--new-version), or overwrite them (--overwrite).`,
                frames: 48,
                job: 3,
              },
              newVersion: `/renders/${LONG}/v002/####.png`,
            }),
          )),
      size: { width: 900, height: 600 },
      steps: async (page) => page.keyboard.press('Control+F12'),
      shows: 'Keep All',
    },
    {
      name: 'open',
      state: sampleState(),
      script: (script) =>
        void (script.answers['files.list'] = () =>
          ok({
            folder: '/renders/shows',
            parent: '/renders',
            entries: ['assets', 'robot.blend', 'turntable.glb', `${LONG}.blend`].map((name) => ({
              name,
              path: `/renders/shows/${name}`,
              kind: name.includes('.') ? 'scene' : 'folder',
              bytes: 48_000_000,
            })),
            left: 3_214,
          })),
      steps: async (page) => page.keyboard.press('Control+o'),
      shows: '3,214 more entries are not listed',
    },
    {
      name: 'tiny',
      state: sampleState({
        scene: blendScene(),
        jobs: BUSY,
        queue: { state: 'after-frame', reason: null, secondsLeft: null, secondsLeftP90: null },
      }),
      script: withEngines,
      size: { width: 760, height: 480 },
      shows: 'robot',
    },
    {
      name: 'narrow',
      state: sampleState({ scene: blendScene(), jobs: BUSY }),
      script: withEngines,
      size: { width: 600, height: 700 },
      shows: 'Rendering',
    },
    {
      name: 'phone',
      state: sampleState({ scene: blendScene(), jobs: BUSY, preferences: { 'farm.start': true } }),
      script: withEngines,
      size: { width: 375, height: 700 },
      shows: 'Rendering',
    },
    {
      // 1440 × 900 at 400 %.
      name: 'zoomed',
      state: sampleState({ scene: blendScene(), jobs: BUSY }),
      script: withEngines,
      size: { width: 360, height: 225 },
      shows: 'Rendering',
    },
    {
      name: 'phone-preferences',
      state: sampleState({
        addons: [
          sampleAddon({
            manifest: { ...sampleAddon().manifest, name: LONG, description: LONG.repeat(3) },
          }),
        ],
      }),
      size: { width: 375, height: 700 },
      steps: async (page) => {
        await page.keyboard.press('Control+,');
        await page.getByRole('button', { name: `Details of ${LONG}` }).click();
      },
      shows: 'Licence',
    },
    {
      name: 'many',
      state: sampleState({
        jobs: Array.from({ length: 10_000 }, (_, index) =>
          sampleJob({
            id: index + 1,
            name: `shot ${index + 1}`,
            state: index === 0 ? 'rendering' : 'queued',
            startedAt: null,
          }),
        ),
      }),
      shows: '10,000 to do',
    },
    {
      name: 'refused',
      state: sampleState({ scene: sampleScene() }),
      script: (script) =>
        void (script.answers['job.submit'] = () => failed('The output folder cannot be written to: choose another.')),
      steps: async (page) => page.keyboard.press('Control+F12'),
      shows: 'The output folder cannot be written to',
    },
  ];
  async function preferences(page: Page, section: string): Promise<void> {
    await page.keyboard.press('Control+,');
    await page.getByRole('tab', { name: section, exact: true }).click();
  }

  it.each(faces.map((face) => [face.name, face] as const))('fits its window: %s', async (name, face) => {
    const { page, faults } = await openPage(browser, face.state, undefined, face.script);
    if (face.size) await page.setViewportSize(face.size);
    await page.getByText('Connected', { exact: true }).waitFor();
    await face.steps?.(page);
    await page.getByText(face.shows).first().waitFor();
    await page.screenshot({ path: join(PICTURES, `${name}.png`) });
    expect(await overflowing(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('draws names in the order in which they are written, and sentences in theirs', async () => {
    const spoof = 'photo\u202Egnp.exe';
    const jobs = [
      sampleJob({ id: 1, name: spoof, note: spoof }, { scene: `/s/${spoof}.glb`, output: `/r/${spoof}/####.png` }),
      sampleJob({ id: 2, name: 'סצנה_12', state: 'queued', startedAt: null }, { output: '/r/סצנה_12/####.png' }),
    ];
    const scene = sampleScene({ name: spoof, path: `/s/${spoof}.glb` });
    const { page } = await openPage(browser, sampleState({ jobs, scene }), undefined, (script) => {
      script.answers['files.list'] = () =>
        ok({ folder: '/s', parent: '/', entries: [{ name: spoof, path: '/s/x', kind: 'folder', bytes: 0 }], left: 0 });
      script.answers['job.submit'] = () => failed(`“${spoof}” has no camera.`);
    });
    const turning = (): Promise<string[]> =>
      page.evaluate(() =>
        document.body.innerText.split('\n').filter((line) => /[\u202A-\u202E\u2066\u2067]/.test(line)),
      );
    await page.locator('[data-job="1"] .job-select').click();
    await page.keyboard.press('Control+F12');
    await page.getByText('has no camera').first().waitFor();
    expect(await turning()).toEqual([]);
    await page.locator('[data-job="2"] .job-select').click();
    // The folder's slash stays at its end.
    const name = page.getByRole('region', { name: 'Properties' }).locator('bdi', { hasText: 'סצנה_12' }).last();
    const boxes = await name.evaluate((element) => {
      const slash = document.createRange();
      slash.selectNodeContents(element.nextSibling!);
      return [element.getBoundingClientRect().right, slash.getBoundingClientRect().left];
    });
    expect(boxes[1]).toBeGreaterThanOrEqual(Math.floor(boxes[0]!));
    await page.keyboard.press('F2');
    await page.locator('dialog[open]').waitFor();
    expect(await turning()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+o');
    await page
      .locator('dialog[open]')
      .getByRole('button', { name: /^photo/ })
      .waitFor();
    expect(await turning()).toEqual([]);
  });

  it('draws what add-ons, machines and engines write in its written order, tooltips too', async () => {
    const spoof = 'photo\u202Egnp.exe';
    const sample = sampleAddon();
    const addon = sampleAddon({
      manifest: { ...sample.manifest, name: spoof, tagline: spoof, description: spoof, author: spoof, category: spoof },
      reason: spoof,
      state: 'failed',
      warnings: [spoof],
      status: { level: 'error', text: spoof, details: [{ label: spoof, value: spoof }] },
    });
    const machine = sampleMachine({ reason: spoof, lastError: { at: 1, reason: spoof } });
    const state = sampleState({
      scene: sampleScene({ name: spoof, path: `/s/${spoof}.glb` }),
      jobs: [sampleJob({ id: 1, name: spoof, state: 'failed', finishedAt: 9 }, { scene: `/s/${spoof}.glb` })],
      addons: [addon],
      machines: [machine],
    });
    state.preferences = { ...state.preferences, 'farm.start': true };
    const { page, host } = await openPage(browser, state, undefined, (script) => {
      script.answers['job.frames'] = () =>
        ok([sampleFrame(1, 'failed', { reason: `“${spoof}” is gone.`, suspicion: spoof })]);
      script.answers['job.log'] = () => ok([{ frame: 1, attempt: 1, lines: [`Read ${spoof}`] }]);
      script.answers['addon.log'] = () => ok([{ time: 1, level: 'info', text: spoof }]);
      script.install = () => ({
        outcome: 'consent',
        id: 'notify',
        name: spoof,
        version: '2.0.0',
        installed: '1.0.0',
        asks: [{ permission: 'network', reason: spoof }],
      });
    });
    const turning = (): Promise<string[]> =>
      page.evaluate(() =>
        [
          ...document.body.innerText.split('\n'),
          ...[...document.querySelectorAll<HTMLElement>('[title]')].map(({ title }) => title),
        ].filter((line) => /[\u202A-\u202E\u2066\u2067]/.test(line)),
      );
    await page.locator('[data-job="1"] .job-select').click();
    await page.locator('.viewer').getByRole('button', { name: 'Frame details' }).click();
    await page.getByText('Read photo').waitFor();
    expect(await turning()).toEqual([]);
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.getByRole('button', { name: /^Details of photo/ }).press('Enter');
    await dialog
      .getByText(/^photo/)
      .nth(3)
      .waitFor();
    expect(await turning()).toEqual([]);
    await page
      .getByLabel('Add-on to install')
      .setInputFiles({ name: 'notify.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
    await page.getByRole('dialog', { name: /^Update/ }).waitFor();
    expect(await turning()).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Machines' }).click();
    await page
      .getByText(/photo.*gnp/)
      .last()
      .waitFor();
    expect(await turning()).toEqual([]);
    // What comes later, too.
    host.tell({ type: 'machines', machines: [{ ...machine, name: 'node-8' }] });
    await page.getByRole('rowheader', { name: 'node-8' }).waitFor();
    expect(await turning()).toEqual([]);
  });

  it.each([400, 1280])('wraps the title of a dialog for a name of any length, %i pixels wide', async (width) => {
    const name = 'a_name_that_tells_its_whole_history_'.repeat(4);
    const { page } = await openPage(browser, sampleState(), undefined, (script) => {
      const asks = [{ permission: 'network', reason: 'It sends messages.' }];
      script.install = () => ({ outcome: 'consent', id: 'notify', name, version: '2.0.0', installed: '1.0.0', asks });
    });
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.setViewportSize({ width, height: 800 });
    await page.keyboard.press('Control+,');
    await page
      .getByLabel('Add-on to install')
      .setInputFiles({ name: 'notify.zip', mimeType: 'application/zip', buffer: Buffer.from('PK') });
    const dialog = page.getByRole('dialog', { name: /^Update/ });
    await dialog.waitFor();
    const frame = (await dialog.boundingBox())!;
    for (const part of [dialog.getByRole('heading'), dialog.getByRole('button', { name: 'Close' })]) {
      const box = (await part.boundingBox())!;
      expect(box.x + box.width).toBeLessThanOrEqual(frame.x + frame.width);
      expect(box.y).toBeGreaterThanOrEqual(frame.y);
    }
  });

  it('keeps the choices of a question in a narrow window, and the share of a card in one line', async () => {
    const jobs = [
      sampleJob({ id: 1, name: 'robot' }),
      sampleJob({ id: 2, name: LONG.repeat(2), state: 'paused', frames: counts(48, { done: 12 }) }),
    ];
    const { page } = await openPage(browser, sampleState({ jobs, scene: sampleScene() }), undefined, (script) => {
      const conflict = { sentence: 'Images of job 3 are there already.', frames: 48, job: 3 };
      script.answers['job.plan'] = () => ok(samplePlan({ conflict, newVersion: '/renders/robot/v002/####.png' }));
    });
    const share = page.locator('[data-job="2"] .job-share');
    await share.waitFor();
    expect(await share.evaluate((text) => text.getClientRects().length)).toBe(1);
    expect((await share.boundingBox())!.height).toBeLessThan(24);
    await page.setViewportSize({ width: 400, height: 800 });
    await page.keyboard.press('Control+F12');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep All' }).waitFor();
    expect(await overflowing(page)).toEqual([]);
  });
});

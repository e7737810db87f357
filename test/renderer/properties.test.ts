import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { EngineInfo } from '../../src/shared/engines';
import type { HostState } from '../../src/shared/host-api';
import { jobRequestSchema } from '../../src/shared/jobs';
import type { SceneInfo } from '../../src/shared/scene';
import { needs } from '../helpers/needs';
import {
  sampleBlend,
  sampleBlenderScene,
  sampleEngine,
  sampleFrame,
  sampleJob,
  sampleScene,
  sampleState,
} from '../helpers/samples';
import { asked, launchBrowser, openPage } from './open-page';
import { ok, type ScriptedHost } from './scripted-host';

needs.chromium('the properties of a .blend', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const open = (
    state: HostState,
    engines: EngineInfo[],
    script: (host: ScriptedHost) => void = () => {},
  ): ReturnType<typeof openPage> =>
    openPage(browser, state, undefined, (host) => {
      host.answers['engines.list'] = () => ok(engines);
      host.answers['job.submit'] = () => ok(sampleJob());
      script(host);
    });
  const text = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
  const select = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true });
  const two = (): SceneInfo =>
    sampleBlend({ warnings: ['The texture wood.png is missing: it is rendered pink.'] }, [
      sampleBlenderScene({ viewLayers: ['Foreground', 'Background'], views: ['_L', '_R'] }),
      sampleBlenderScene({
        name: 'Titles',
        frameStart: 5,
        frameEnd: 50,
        frameStep: 2,
        renderEngine: 'eevee',
        samples: 64,
        samplesByEngine: { eevee: 64, cycles: 256 },
        cameras: ['Front'],
        camera: 'Front',
        output: '//titles/',
        format: 'exr',
      }),
    ]);

  it('chooses scene, animations and background of a glTF, and device and background of a .blend', async () => {
    const clips = [
      { name: 'Idle', seconds: 1 },
      { name: 'Walk', seconds: 2 },
      { name: 'Run', seconds: 0.5 },
    ];
    const scene = sampleScene({
      animations: clips,
      scenes: ['Day', 'Night'],
      activeScene: 'Day',
      sceneContents: [
        { cameras: ['Main'], animations: clips },
        { cameras: ['Moon'], animations: clips },
      ],
    });
    const { host, page } = await open(sampleState({ scene }), [sampleEngine()]);
    await select(page, 'Scene').selectOption('Night');
    expect(await select(page, 'Camera').locator('option').allTextContents()).toEqual(['First (Moon)', 'Moon']);
    const group = page.getByRole('group', { name: 'Animations' });
    await group.getByRole('checkbox', { name: 'Idle' }).check();
    await group.getByRole('checkbox', { name: 'Run' }).check();
    expect(await text(page, 'Frame End').inputValue()).toBe('24');
    await page.getByRole('checkbox', { name: 'Transparent background' }).check();
    await page.keyboard.press('Control+F12');
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toEqual([{ scene: scene.path, sceneName: 'Night', animations: ['Idle', 'Run'], transparent: true }]);
    await page.getByRole('button', { name: 'Reset Animations' }).click();
    expect(await text(page, 'Frame End').inputValue()).toBe('48');
    const blend = two();
    host.tell({ type: 'scene', scene: blend });
    await select(page, 'Device').selectOption('cpu');
    await select(page, 'Background').selectOption('yes');
    await page.keyboard.press('Control+F12');
    await expect
      .poll(() => asked(host, 'job.submit').at(-1))
      .toEqual({ scene: blend.path, transparent: true, device: 'cpu' });
    // Only Cycles has one.
    await select(page, 'Engine').selectOption('eevee');
    expect(await select(page, 'Device').count()).toBe(0);
  });

  it('shows what the file is, and refills the form from another of its scenes', async () => {
    const { host, page } = await open(sampleState({ scene: two() }), [sampleEngine()]);
    const area = page.getByRole('region', { name: 'Properties' });
    await area.getByText('Blender 3.4, 48 MB').waitFor();
    await area.getByText('2: Foreground, Background').waitFor();
    await area.getByText('2 images per frame (_L, _R)').waitFor();
    await area.getByText('The texture wood.png is missing').waitFor();
    await area.getByText('960 × 540 pixels').waitFor();
    await area.getByText('Frame 1 becomes …/render/shot_0001_L.png').waitFor();
    await select(page, 'Scene').selectOption('Titles');
    expect([
      await text(page, 'Frame Start').inputValue(),
      await text(page, 'Frame End').inputValue(),
      await text(page, 'Frame Step').inputValue(),
      await text(page, 'Samples').inputValue(),
    ]).toEqual(['5', '50', '2', '64']);
    await area.getByText('23 frames').waitFor();
    await area.getByText('Frame 5 becomes …/titles/0005.exr').waitFor();
    expect(await select(page, 'Camera').locator('option').allTextContents()).toEqual(['Active (Front)', 'Front']);
    // Another engine brings the samples that the file has for it.
    await select(page, 'Engine').selectOption('cycles');
    expect(await text(page, 'Samples').inputValue()).toBe('256');
    await page.keyboard.press('Control+F12');
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toEqual([{ scene: '/scenes/robot.blend', sceneName: 'Titles', renderEngine: 'cycles', samples: 256 }]);
  });

  it('overrides any value for a job, sends no other, and brings the scene’s back', async () => {
    const { host, page } = await open(sampleState({ scene: two() }), [
      sampleEngine(),
      sampleEngine({ id: 'blender-4.2.0', name: 'Blender 4.2.0', default: false }),
    ]);
    await text(page, 'Frame Step').fill('4');
    // The number pad of a layout that has a comma there types a point all the same.
    await text(page, 'Percentage').fill('1005');
    await text(page, 'Percentage').evaluate((input: HTMLInputElement) => {
      input.setSelectionRange(3, 3);
      input.dispatchEvent(
        new KeyboardEvent('keydown', { code: 'NumpadDecimal', key: ',', bubbles: true, cancelable: true }),
      );
    });
    expect(await text(page, 'Percentage').inputValue()).toBe('100.5');
    await text(page, 'Percentage').fill('25');
    await text(page, 'Output').fill('/films/robot_####.tif');
    expect(await select(page, 'File format').inputValue()).toBe('tiff');
    await select(page, 'File format').selectOption('webp');
    expect(await text(page, 'Output').inputValue()).toBe('/films/robot_####.webp');
    const area = page.getByRole('region', { name: 'Properties' });
    await area.getByRole('button', { name: 'Blender', exact: true }).click();
    await select(page, 'Version').selectOption('blender-4.2.0');
    expect(await page.getByRole('checkbox', { name: 'Allow scripts' }).isChecked()).toBe(false);
    await page.getByRole('checkbox', { name: 'Allow scripts' }).check();
    await page.getByRole('checkbox', { name: 'Factory startup' }).check();
    await area.getByRole('button', { name: 'Scheduling' }).click();
    await text(page, 'Priority').fill('-5');
    await text(page, 'After jobs').fill('3, 4');
    await select(page, 'Frame order').selectOption('middle-out');
    await page.getByLabel('Start time').fill('2027-01-02T03:04');
    await text(page, 'Attempts').fill('1');
    await page.keyboard.press('Control+F12');
    await expect.poll(() => asked(host, 'job.submit')).toHaveLength(1);
    const request = asked(host, 'job.submit')[0];
    expect(request).toEqual({
      scene: '/scenes/robot.blend',
      frames: '1-240x4',
      width: 1920,
      height: 1080,
      percentage: 25,
      output: '/films/robot_####.webp',
      format: 'webp',
      engine: 'blender-4.2.0',
      allowScripts: true,
      factoryStartup: true,
      priority: -5,
      after: [3, 4],
      order: 'middle-out',
      startAt: new Date(2027, 0, 2, 3, 4).getTime(),
      attempts: 1,
    });
    expect(jobRequestSchema.safeParse(request).success).toBe(true);
    await area.getByRole('button', { name: 'Reset Scheduling' }).click();
    expect(await text(page, 'Priority').inputValue()).toBe('0');
    await area.getByRole('button', { name: 'Reset Frame Range' }).click();
    expect(await text(page, 'Frame Step').inputValue()).toBe('1');
    // Folded away, a group says that something is set in it.
    await area.getByRole('button', { name: 'Blender', exact: true }).click();
    await area.getByText('3 set').waitFor();
  });

  it('without a Blender says why nothing can be rendered, and looks again', async () => {
    const found: EngineInfo[] = [];
    const unseen = sampleBlend({
      blender: null,
      warnings: ['No Blender was found on this machine: install it from blender.org.'],
    });
    const { host, page } = await open(sampleState({ scene: unseen }), found, (script) => {
      script.answers['scene.open'] = () => {
        const scene = found.length === 0 ? unseen : sampleBlend();
        script.tell({ type: 'scene', scene });
        return ok(scene);
      };
    });
    const area = page.getByRole('region', { name: 'Properties' });
    await area.getByText('No Blender was found on this machine').waitFor();
    const button = area.getByRole('button', { name: 'Render Animation' });
    expect(await button.getAttribute('aria-disabled')).toBe('true');
    expect(
      await button.evaluate(
        (element) => document.getElementById(element.getAttribute('aria-describedby')!)?.textContent,
      ),
    ).toBe('A .blend file is rendered by Blender: install it, then press Search Again.');
    await page.keyboard.press('Control+F12');
    await page.getByRole('region', { name: 'Messages' }).getByText('A .blend file is rendered by Blender').waitFor();
    expect(asked(host, 'job.submit')).toEqual([]);
    found.push(sampleEngine());
    await area.getByRole('button', { name: 'Search Again' }).click();
    await area.getByText('Blender 3.4, 48 MB').waitFor();
    expect(await area.getByRole('button', { name: 'Render Animation' }).getAttribute('aria-disabled')).toBeNull();
    expect(asked(host, 'engines.list').at(-1)).toEqual({ refresh: true });
    expect(asked(host, 'scene.open')).toEqual([{ path: '/scenes/robot.blend' }]);
  });

  it('shows how a frame went: its files, its memory, what looks wrong, and the log of its tries', async () => {
    const job = sampleJob(
      { frames: { total: 3, waiting: 0, rendering: 0, done: 2, failed: 1, skipped: 0 }, suspicious: 1, lastFrame: 3 },
      { frames: '1-3' },
    );
    const { host, page } = await open(sampleState({ jobs: [job] }), [], (script) => {
      script.answers['job.frames'] = () =>
        ok([
          sampleFrame(1, 'done', {
            files: ['/out/1_L.exr', '/out/1_R.exr'],
            peakBytes: 812_000_000,
            slot: 2,
            suspicion: 'It is all black.',
          }),
          sampleFrame(2, 'failed', { attempts: 3, reason: 'Blender ran out of memory.' }),
          sampleFrame(3, 'done'),
        ]);
      script.answers['job.log'] = ({ frame }: { frame: number }) =>
        ok(
          frame === 2
            ? [
                { frame, attempt: 1, lines: ['Fra:2 first'] },
                { frame, attempt: 3, lines: ['Fra:2 last', 'Malloc returns null'] },
              ]
            : [],
        );
    });
    await page.getByRole('button', { name: 'Looks wrong 1' }).click();
    await page.getByRole('button', { name: 'Frame details' }).click();
    const details = page.getByRole('region', { name: 'Details of frame 1' });
    for (const words of ['It is all black.', '812 MB', '/out/1_R.exr']) await details.getByText(words).waitFor();
    await page.getByRole('button', { name: 'Failed 1' }).click();
    const failed = page.getByRole('region', { name: 'Details of frame 2' });
    await failed.getByText('Blender ran out of memory.').waitFor();
    await failed.getByText('Malloc returns null').waitFor();
    await failed.getByText('Attempt 3', { exact: true }).waitFor();
    expect(asked(host, 'job.log').at(-1)).toEqual({ id: 1, frame: 2 });
  });
});

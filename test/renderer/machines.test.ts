import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { WorkerInfo } from '../../src/shared/workers';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleMachine, sampleState } from '../helpers/samples';
import { axeFindings } from './axe-findings';
import { asked, launchBrowser, openPage } from './open-page';
import { ok, type ScriptedHost } from './scripted-host';

/** Where pictures of every state go, to be looked at. */
const PICTURES = resolve(import.meta.dirname, '../../test-results/machines');

const LONG = 'workstation-of-the-lighting-department-3rd-floor-at-the-window';
const COMMAND = `framegauge machine --join https://10.0.0.5:8790 --token ${'Zm9vYmFyLWJhei1xdXV4'.repeat(4)}`;
const on = { 'farm.start': true, 'farm.redis': '' };

const worker = (slot: number, machine: string, frame: number, jobId = 1): WorkerInfo => ({
  slot,
  engine: 'gltf',
  state: 'rendering',
  scene: '/scenes/turntable.glb',
  jobId,
  frame,
  framesDone: 3,
  startedAt: 1_000,
  machine,
});

const busy: Partial<HostState> = {
  jobs: [
    sampleJob({ id: 1, name: 'turntable', machines: ['node-7'] }),
    sampleJob({ id: 2, name: 'kitchen', state: 'queued', startedAt: null }),
    sampleJob({ id: 3, name: 'a_shot_whose_name_tells_its_whole_history_final_v12_really_final_this_time' }),
  ],
  workers: [
    ...[12, 13, 14, 15, 16, 17].map((frame, index) => worker(index + 1, 'node-7', frame)),
    worker(9, LONG, 480, 3),
  ],
  machines: [
    sampleMachine({ id: '000000000001', name: 'node-7', state: 'rendering', frames: 6, workers: 8 }),
    sampleMachine({ id: '000000000002', name: 'node-8' }),
    sampleMachine({
      id: '000000000003',
      name: 'node-9',
      state: 'cut-off',
      reason: '“node-9” has not been heard from.',
      lastSeen: Date.now() - 600_000,
    }),
    sampleMachine({
      id: '000000000004',
      name: 'old-box',
      state: 'refused',
      version: '0.0.9',
      reason: 'It runs Framegauge 0.0.9, and the manager 0.1.0: install the same version on both.',
    }),
    sampleMachine({
      id: '000000000005',
      name: 'tower',
      state: 'resting',
      reason:
        '“tower” could not render it: No browser was found for glTF scenes: install Chromium, or name one with FRAMEGAUGE_CHROMIUM.',
    }),
    sampleMachine({
      id: '000000000006',
      name: LONG,
      state: 'rendering',
      frames: 1,
      workers: 64,
      engines: ['gltf', 'blender'],
    }),
    sampleMachine({ id: '000000000007', name: 'zeta', state: 'paused', paused: true, reason: '“zeta” is paused.' }),
  ],
};

needs.chromium('the Machines workspace', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  async function open(
    change: Partial<HostState> = {},
    script: (host: ScriptedHost) => void = () => undefined,
  ): Promise<Awaited<ReturnType<typeof openPage>>> {
    const state = sampleState({ ...change, preferences: { ...sampleState().preferences, ...on } });
    const opened = await openPage(browser, state, undefined, (host) => {
      const expiresAt = Date.now() + 3_600_000;
      host.answers['machine.invite'] = () =>
        ok({ url: 'https://10.0.0.5:8790', token: 'x', command: COMMAND, expiresAt });
      script(host);
    });
    await opened.page.getByRole('tab', { name: 'Machines' }).click();
    return opened;
  }
  const row = (page: Page, name: string) =>
    page.getByRole('row').filter({ has: page.getByRole('rowheader', { name, exact: true }) });

  it('is there only where the host manages a farm', async () => {
    const { host, page } = await openPage(browser, sampleState());
    await page.getByRole('tab', { name: 'Render', exact: true }).waitFor();
    expect(await page.getByRole('tab', { name: 'Machines' }).count()).toBe(0);
    host.tell({ type: 'preferences', preferences: { ...host.state.preferences, ...on } });
    await page.getByRole('tab', { name: 'Machines' }).click();
    await page.getByText('No machine has joined yet').waitFor();
    host.tell({ type: 'preferences', preferences: { ...host.state.preferences, 'farm.start': false } });
    await page.getByRole('tabpanel', { name: 'Render' }).waitFor();
    expect(await page.getByRole('tab', { name: 'Machines' }).count()).toBe(0);
  });

  it('shows the command that lets the first machine in, and copies it', async () => {
    const { host, page, faults } = await open();
    expect(asked(host, 'machine.invite')).toEqual([]);
    await page.getByRole('button', { name: 'Show the Command' }).click();
    await page.getByText(COMMAND).waitFor();
    expect(asked(host, 'machine.invite')).toHaveLength(1);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(COMMAND);
    host.tell({ type: 'machines', machines: [sampleMachine()] });
    await row(page, 'node-7').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('takes the focus along to the command of an invitation, which a person at the keyboard asked for', async () => {
    const { page } = await open();
    await page.getByRole('button', { name: 'Show the Command' }).press('Enter');
    await page.getByText(COMMAND).waitFor();
    const section = page.getByRole('region', { name: 'Add a machine' });
    expect(await section.evaluate((it) => it === document.activeElement)).toBe(true);
    await page.keyboard.press('Tab');
    expect(await page.getByRole('button', { name: 'Copy' }).evaluate((it) => it === document.activeElement)).toBe(true);
  });

  it('tells what each machine renders, how fast, and what keeps it from rendering', async () => {
    const { host, page } = await open(busy);
    const node = row(page, 'node-7');
    expect(await node.innerText()).toMatch(
      /Rendering\s+node-7\s+turntable\s+frames 12, 13, 14, 15 and 2 more\s+–\s+6\/8/,
    );
    const tell = (frame: number, writtenAt: number): void =>
      host.tell({ type: 'frame', jobId: 1, frame: sampleFrame(frame, 'done', { machine: 'node-7', writtenAt }) });
    tell(1, 100_000);
    tell(2, 102_000);
    await node.getByText('30.0', { exact: true }).waitFor();
    expect(await row(page, 'node-8').innerText()).toMatch(/Idle\s+node-8\s+Nothing/);
    expect(await row(page, 'old-box').innerText()).toContain('install the same version on both');
    expect(await row(page, 'node-9').innerText()).toMatch(/Cut off[^]*not been heard from\. Last heard from/);
    await page.getByText('5 of 7 machines there').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    await node.getByRole('button', { name: 'turntable' }).click();
    await page.getByRole('tabpanel', { name: 'Render' }).waitFor();
  });

  it('pauses, resumes and takes out a machine, and lists its jobs', async () => {
    const { host, page } = await open(busy, (scripted) => {
      scripted.answers['machine.pause'] = () => ok(sampleMachine({ paused: true }));
      scripted.answers['machine.resume'] = () => ok(sampleMachine());
      scripted.answers['machine.forget'] = () => ok({ id: '000000000002', name: 'node-8' });
    });
    const choose = async (machine: string, item: string): Promise<void> => {
      await page.getByRole('button', { name: `Actions for ${machine}`, exact: true }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await choose('node-7', 'Pause After Its Frames');
    await choose('zeta', 'Resume');
    await choose('node-8', 'Take Out of the Farm…');
    const dialog = page.getByRole('dialog', { name: 'Take node-8 Out of the Farm' });
    // Esc closes the question, and cancels nothing behind it.
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(asked(host, 'job.cancel')).toEqual([]);
    await choose('node-8', 'Take Out of the Farm…');
    await dialog.getByRole('button', { name: 'Take Out' }).click();
    await page.getByText('“node-8” is no longer part of the farm.').waitFor();
    expect(asked(host, 'machine.pause')).toEqual([{ id: '000000000001', after: 'frame' }]);
    expect(asked(host, 'machine.resume')).toEqual([{ id: '000000000007' }]);
    expect(asked(host, 'machine.forget')).toEqual([{ id: '000000000002' }]);

    await choose('node-7', 'List Its Jobs');
    const queue = page.getByRole('region', { name: 'Queue' });
    await queue.getByText('turntable').first().waitFor();
    expect(await queue.getByText('kitchen').count()).toBe(0);
    await queue.getByRole('button', { name: 'On node-7' }).click();
    await queue.getByText('kitchen').first().waitFor();
    await page.getByRole('tab', { name: 'Machines' }).click();
    await choose('node-8', 'List Its Jobs');
    await queue.getByText('No job has had frames on node-8.').waitFor();
    await queue.getByRole('button', { name: 'Show All Jobs' }).click();
    await queue.getByText('kitchen').first().waitFor();
  });

  it('only shows, with the read token', async () => {
    const { page } = await open(busy, (host) => (host.right = 'read'));
    expect(await page.getByRole('button', { name: 'Add Machine' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Actions for node-8' }).click();
    expect(await page.getByRole('menuitem', { name: 'Pause Now' }).getAttribute('aria-disabled')).toBe('true');
  });

  it.each([
    [900, 600],
    [1440, 900],
    [2560, 1440],
  ])('fits into a window of %i × %i', async (width, height) => {
    for (const [name, state] of [
      ['empty', {}],
      ['busy', busy],
    ] as const) {
      const { page } = await open(state);
      await page.setViewportSize({ width, height });
      if (name === 'empty') await page.getByRole('button', { name: 'Show the Command' }).click();
      else await page.getByRole('button', { name: 'Add Machine' }).click();
      await page.getByText(COMMAND).waitFor();
      await page.screenshot({ path: join(PICTURES, `${name}-${width}.png`) });
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('.machines, .machines *')]
          .filter(
            (one) =>
              one.scrollWidth > one.clientWidth + 1 &&
              getComputedStyle(one).overflowX !== 'visible' &&
              !one.closest('.visually-hidden') &&
              one.clientWidth > 0,
          )
          .map((one) => one.className),
      );
      expect(wide).toEqual([]);
    }
  });
});

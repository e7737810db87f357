import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostState, type OperationName, operations } from '../../src/shared/host-api';
import { jobRequestSchema, type JobRequest } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { asked, launchBrowser, openPage } from './open-page';
import {
  sampleAddon,
  sampleFrame,
  sampleJob,
  samplePlan,
  sampleScene,
  sampleSettings,
  sampleState,
} from '../helpers/samples';
import { failed, ok, type ScriptedHost } from './scripted-host';

needs.chromium('the window', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const open = (state: HostState, hash?: string, script?: (host: ScriptedHost) => void): ReturnType<typeof openPage> =>
    openPage(browser, state, hash, script);
  const text = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
  const alert = (page: Page) => page.getByRole('alert').first();

  it('loads within its content security policy, and hides the token', async () => {
    const { page, faults } = await open(sampleState({ scene: sampleScene() }));
    await page.getByRole('region', { name: 'Properties' }).getByText('turntable', { exact: true }).waitFor();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(page.url()).not.toContain('token');
    await page.reload();
    await page.getByText('Connected', { exact: true }).waitFor();
    expect(faults).toEqual([]);
  });

  it('says where the token is when there is none or a wrong one, and takes the whole line', async () => {
    const { host, page } = await open(sampleState(), '');
    await page.getByRole('heading', { name: 'This page needs the host’s token' }).waitFor();
    const field = text(page, 'Token, or the whole address');
    await field.fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'The host does not accept this token' }).waitFor();
    await text(page, 'Token, or the whole address').fill(
      `Framegauge serves its UI at ${host.url}/#token=${host.token}`,
    );
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('No scene is open').waitFor();
  });

  it('takes the token when only the end of its address changes', async () => {
    const { host, page } = await open(sampleState(), '#token=wrong');
    await page.getByRole('heading', { name: 'The host does not accept this token' }).waitFor();
    await page.evaluate((token) => (location.hash = `#token=${token}`), host.token);
    await page.getByText('No scene is open').waitFor();
    expect(page.url()).not.toContain('token');
  });

  it('disables with the token that may only look whatever would be refused, and says why', async () => {
    const jobs = [
      sampleJob({ lastFrame: 24 }),
      sampleJob({ id: 2, name: 'waits', state: 'queued' }),
      sampleJob({ id: 3, name: 'ended', state: 'cancelled', finishedAt: 9 }),
    ];
    const { host, page } = await open(
      sampleState({ scene: sampleScene(), jobs, addons: [sampleAddon()] }),
      undefined,
      (script) => {
        script.right = 'read';
        script.answers['engines.list'] = () => ok([]);
      },
    );
    const why =
      'This page was opened with the read token, which allows viewing only: open it with the control token to make changes.';
    await page.getByRole('note').getByText('View only').waitFor();
    await page.getByRole('region', { name: 'Properties' }).getByText(why).waitFor();
    const enabled = (): Promise<string[]> =>
      page
        .locator('button:not(:disabled):not([aria-disabled="true"]), input:not(:disabled), select:not(:disabled)')
        .evaluateAll((all) =>
          all.map((one) => one.getAttribute('aria-label') ?? (one.textContent || one.getAttribute('title') || '')),
        );
    // What is left looks, or is about this window.
    const looks =
      /^(Show the scene|Show job|File|Edit|Render|View|Help|Statistics|Search the queue|turntable|waits|ended|Actions for|Compare|RGBA|Fit|1:1|Checker|Frame details|Current frame|Follow|Done|Rendering|Waiting|Skipped|Failed|Looks wrong|Finished|Blender|Scheduling|Metrics|Frames|Dismiss|Play|First frame|Last frame|Loop|Skip gaps|Start of the range|End of the range|Speed)/;
    expect((await enabled()).filter((name) => !looks.test(name))).toEqual([]);
    await page.getByRole('button', { name: /^ended, job 3/ }).click();
    expect(await page.getByRole('button', { name: 'Render Again' }).getAttribute('title')).toBe(why);
    await page.getByRole('button', { name: 'Actions for waits, job 2' }).click();
    expect(
      await page
        .getByRole('menuitem')
        .evaluateAll((items) =>
          items
            .filter(
              (item) =>
                item.getAttribute('role') === 'menuitem' &&
                item.closest('.popup-menu') &&
                item.getAttribute('aria-disabled') !== 'true',
            )
            .map((item) => item.textContent),
        ),
    ).toEqual(['Frame Details']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    expect(await dialog.getByRole('checkbox', { name: 'Enable Prometheus Metrics' }).isDisabled()).toBe(true);
    await dialog.getByRole('tab', { name: 'Queue' }).click();
    expect(
      await dialog
        .locator('.preferences-form')
        .locator('input, select')
        .evaluateAll((all) => all.filter((one) => !(one as HTMLInputElement).disabled).length),
    ).toBe(0);
    await dialog.getByRole('tab', { name: 'Interface' }).click();
    expect(await dialog.getByRole('checkbox', { name: 'Show finished jobs' }).isEnabled()).toBe(true);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // Keys say it, too, and ask nothing of the host.
    const calls = host.calls.length;
    for (const key of ['F12', 'Control+F12', 'Control+o', 'Escape', 'Alt+ArrowUp', 'F2', 'Delete']) {
      await page.getByRole('button', { name: /^waits, job 2/ }).focus();
      await page.keyboard.press(key);
    }
    const told = page.getByRole('region', { name: 'Messages' });
    await told.getByText(why).waitFor();
    // Nothing is offered that would be refused.
    expect(await told.locator('.message').count()).toBe(1);
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(
      host.calls.slice(calls).filter(({ operation }) => operations[operation as OperationName].access === 'control'),
    ).toEqual([]);
  });

  it('is at its next start where it was: the form of the scene, the job and the frame', async () => {
    const ended = sampleJob({ id: 2, name: 'robot', state: 'completed', createdAt: 77, finishedAt: 9, lastFrame: 48 });
    const { host, page } = await open(sampleState({ scene: sampleScene(), jobs: [sampleJob({ id: 1 }), ended] }));
    await text(page, 'Samples').fill('7');
    await page.getByRole('combobox', { name: 'Camera' }).selectOption('Close-up');
    await page.getByRole('button', { name: 'robot, job 2, Completed' }).click();
    await text(page, 'Current frame').fill('12');
    await page.keyboard.press('Enter');
    await page.reload();
    await expect
      .poll(() => page.getByRole('button', { name: 'robot, job 2, Completed' }).getAttribute('aria-current'))
      .toBe('true');
    expect(await text(page, 'Current frame').inputValue()).toBe('12');
    await page.getByRole('button', { name: 'Show the scene turntable' }).click();
    expect(await text(page, 'Samples').inputValue()).toBe('7');
    expect(await page.getByRole('combobox', { name: 'Camera' }).inputValue()).toBe('Close-up');
    // The scene was exported again: what it says now counts, but for what the person has set.
    host.tell({ type: 'scene', scene: sampleScene({ frameEnd: 96, samples: 32 }) });
    await expect.poll(() => text(page, 'Frame End').inputValue()).toBe('96');
    expect(await text(page, 'Samples').inputValue()).toBe('7');
    // Another data folder has another job of that number, and another scene has nothing of this one's.
    host.state = sampleState({
      scene: sampleScene({ path: '/scenes/other.glb', name: 'other' }),
      jobs: [sampleJob({ id: 1 }), { ...ended, createdAt: 78 }],
    });
    await page.reload();
    await expect
      .poll(() => page.getByRole('button', { name: 'turntable, job 1, Rendering' }).getAttribute('aria-current'))
      .toBe('true');
    await page.getByRole('button', { name: 'Show the scene other' }).click();
    expect(await text(page, 'Samples').inputValue()).toBe('16');
    // Once this one is open again, by whomever, it has what was set for it.
    await text(page, 'Samples').fill('9');
    host.tell({ type: 'scene', scene: sampleScene() });
    await expect.poll(() => text(page, 'Samples').inputValue()).toBe('7');
    host.tell({ type: 'scene', scene: sampleScene({ path: '/scenes/other.glb', name: 'other' }) });
    await expect.poll(() => text(page, 'Samples').inputValue()).toBe('9');
  });

  it('has a name for every control and lands in its areas with F6', async () => {
    const { page } = await open(sampleState({ scene: sampleScene(), jobs: [sampleJob()] }));
    await page.getByRole('slider', { name: 'Frames' }).waitFor();
    const nameless = await page.evaluate(() =>
      [...document.querySelectorAll('button, input, select, a, [role="slider"]')]
        .filter((element) => {
          const labels = (element as HTMLInputElement).labels;
          return !(element.getAttribute('aria-label') || element.textContent || (labels && labels.length > 0));
        })
        .map((element) => element.outerHTML),
    );
    expect(nameless).toEqual([]);
    const areas: string[] = [];
    for (let press = 0; press < 5; press++) {
      await page.keyboard.press('F6');
      areas.push(
        await page.evaluate(
          () => document.activeElement?.closest('[data-area]')?.getAttribute('aria-label') ?? 'menus',
        ),
      );
    }
    expect(areas).toEqual(['menus', 'Queue', 'Image', 'Properties', 'Timeline']);
  });

  it('renders the animation with Ctrl+F12, the current frame with F12, and cancels with Esc', async () => {
    const { host, page } = await open(sampleState({ scene: sampleScene() }), undefined, (script) => {
      script.answers['job.submit'] = (request: JobRequest) => {
        expect(jobRequestSchema.safeParse(request).success).toBe(true);
        const job = sampleJob({ id: asked(script, 'job.submit').length }, { frames: request.frames ?? '1-48' });
        script.tell({ type: 'job', job });
        return ok(job);
      };
      script.answers['job.cancel'] = ({ id }: { id: number }) => {
        const job = sampleJob({ id, state: 'cancelled', reason: 'Cancelled by the person.' });
        script.tell({ type: 'job', job });
        return ok(job);
      };
    });
    await text(page, 'Samples').fill('4');
    await page.getByRole('combobox', { name: 'Camera' }).selectOption('Close-up');
    await page.keyboard.press('Control+F12');
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).waitFor();
    const slider = page.getByRole('slider', { name: 'Frames' });
    await slider.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await slider.getAttribute('aria-valuenow')).toBe('12');
    await page.keyboard.press('F12');
    await page.getByRole('button', { name: 'turntable, job 2, Rendering' }).waitFor();
    expect(asked(host, 'job.submit')).toEqual([
      { scene: '/scenes/turntable.glb', samples: 4, camera: 'Close-up' },
      { scene: '/scenes/turntable.glb', samples: 4, camera: 'Close-up', frames: '12', preview: true, priority: 100 },
    ]);
    // Esc in a field leads out of it; only then it cancels.
    await text(page, 'Samples').focus();
    await page.keyboard.press('Escape');
    expect(await text(page, 'Samples').evaluate((field) => field === document.activeElement)).toBe(false);
    expect(asked(host, 'job.cancel')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'turntable, job 2, Cancelled' }).waitFor();
    expect(asked(host, 'job.cancel')).toEqual([{ id: 2 }]);
  });

  it('shows in every area the scene that was opened, and renders the frame of it that is shown', async () => {
    const { host, page } = await open(
      sampleState({
        scene: sampleScene(),
        jobs: [
          sampleJob({ lastFrame: 24 }),
          sampleJob(
            { id: 2, name: 'robot', state: 'completed', finishedAt: 9, lastFrame: 7 },
            { scene: '/scenes/robot.glb', frames: '1-7' },
          ),
        ],
      }),
      undefined,
      (script) => {
        script.answers['job.submit'] = (request: JobRequest) =>
          ok(sampleJob({ id: 9 }, { scene: request.scene, frames: request.frames ?? '1-48' }));
        script.answers['scene.open'] = ({ path }: { path: string }) => {
          const scene = sampleScene({ path, name: path.split('/').at(-1)!.split('.')[0]!, frameStart: 3 });
          script.tell({ type: 'scene', scene });
          return ok(scene);
        };
      },
    );
    const slider = page.getByRole('slider', { name: 'Frames' });
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('24');
    // Of this one nothing has been rendered: nothing of another scene is shown for it.
    host.tell({ type: 'scene', scene: sampleScene({ path: '/scenes/lamp.glb', name: 'lamp', frameStart: 5 }) });
    await page.getByText('lamp is open').waitFor();
    expect(await slider.getAttribute('aria-valuenow')).toBe('5');
    await page.keyboard.press('F12');
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toEqual([expect.objectContaining({ scene: '/scenes/lamp.glb', frames: '5' })]);
    // Of this one there are images: the scene is shown at once, and its job is one click away.
    host.tell({ type: 'scene', scene: sampleScene({ path: '/scenes/robot.glb', name: 'robot' }) });
    const shown = page.getByRole('group', { name: 'Shown in all areas' });
    const pressed = (name: string): Promise<string | null> =>
      shown.getByRole('button', { name }).getAttribute('aria-pressed');
    await expect.poll(() => pressed('Show the scene robot')).toBe('true');
    expect(await slider.getAttribute('aria-valuenow')).toBe('1');
    await shown.getByRole('button', { name: 'Show job 2 robot' }).click();
    await expect
      .poll(() => page.getByRole('button', { name: 'robot, job 2, Completed' }).getAttribute('aria-current'))
      .toBe('true');
    expect(await slider.getAttribute('aria-valuenow')).toBe('7');
    // To the scene and back at the frame that is shown.
    await shown.getByRole('button', { name: 'Show the scene robot' }).click();
    expect(await slider.getAttribute('aria-valuenow')).toBe('7');
    await shown.getByRole('button', { name: 'Show job 2 robot' }).click();
    await page.keyboard.press('F12');
    await expect
      .poll(() => asked(host, 'job.submit').at(-1))
      .toEqual(expect.objectContaining({ scene: '/scenes/robot.glb', frames: '7' }));
    // A job of another scene: every area is about it, and F12 renders its frame as it was rendered.
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).click();
    expect(await pressed('Show job 1 turntable')).toBe('true');
    const properties = page.getByRole('region', { name: 'Properties' });
    await properties.getByText('turntable.glb').waitFor();
    await page.keyboard.press('Control+F12');
    await page.getByText('Job 1 is shown, whose scene is not open: open it to render its animation anew.').waitFor();
    await page.keyboard.press('F12');
    await expect
      .poll(() => asked(host, 'job.submit').at(-1))
      .toEqual(expect.objectContaining({ scene: '/scenes/turntable.glb', frames: '24', preview: true, width: 320 }));
    expect(asked(host, 'job.submit')).toHaveLength(3);
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).click();
    await properties.getByRole('button', { name: 'Open Scene' }).click();
    await page.getByRole('region', { name: 'Properties' }).getByText('turntable', { exact: true }).waitFor();
    expect(asked(host, 'scene.open')).toEqual([{ path: '/scenes/turntable.glb' }]);
    await text(page, 'Samples').waitFor();
  });

  it('takes back what it told once its cause is gone', async () => {
    const { host, page } = await open(sampleState(), undefined, (script) => {
      script.answers['queue.resume'] = () => failed('The disk of /renders is nearly full.');
    });
    await page.getByText('No scene is open').waitFor();
    await page.keyboard.press('F12');
    const told = page.getByRole('region', { name: 'Messages' });
    await told.getByText('No scene is open').waitFor();
    host.tell({ type: 'scene', scene: sampleScene() });
    await told.getByText('No scene is open').waitFor({ state: 'detached' });
    host.tell({ type: 'queue', queue: { state: 'paused', reason: null, secondsLeft: null, secondsLeftP90: null } });
    const resume = page.getByRole('button', { name: 'Resume queue' });
    await resume.click();
    await told.getByText('The disk of /renders is nearly full.').waitFor();
    host.answers['queue.resume'] = () => ok(host.state.queue);
    await resume.click();
    await told.getByText('The disk of /renders is nearly full.').waitFor({ state: 'detached' });
    // A job that failed, and is rendered again.
    host.tell({ type: 'job', job: sampleJob() });
    host.tell({ type: 'job', job: sampleJob({ state: 'failed', reason: 'The texture is missing.', finishedAt: 9 }) });
    await told.getByText('turntable failed: The texture is missing.').waitFor();
    host.tell({ type: 'job', job: sampleJob({ state: 'queued' }) });
    await told.getByText('turntable failed: The texture is missing.').waitFor({ state: 'detached' });
  });

  it('asks one question where images are in the way, and does what is answered', async () => {
    let there = 12;
    const { host, page } = await open(sampleState({ scene: sampleScene() }), undefined, (script) => {
      script.answers['job.plan'] = () =>
        ok(
          samplePlan({
            settings: sampleSettings({ frames: '1-48', output: '/renders/turntable/####.png' }),
            conflict: {
              sentence:
                'Images of job 3 are there already for 12 frames of /renders/turntable/####.png. Render a new version beside them (--new-version), or overwrite them (--overwrite).',
              frames: there,
              job: 3,
            },
            newVersion: '/renders/turntable/v002/####.png',
          }),
        );
      script.answers['job.submit'] = () => ok(sampleJob({ id: 9 }));
    });
    const dialog = page.getByRole('dialog', { name: 'Images Already Exist' });
    const answer = async (button: string): Promise<void> => {
      await page.keyboard.press('Control+F12');
      await dialog
        .getByText(
          'Images of job 3 are there already for 12 frames of /renders/turntable/####.png. Render a new version beside them, or overwrite them.',
        )
        .waitFor();
      await dialog.getByText('/renders/turntable/v002/####.png').waitFor();
      await dialog.getByRole('button', { name: button, exact: true }).click();
      await dialog.waitFor({ state: 'detached' });
    };
    await text(page, 'Samples').fill('4');
    await answer('Cancel');
    await page.keyboard.press('Control+F12');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(asked(host, 'job.submit')).toEqual([]);
    await answer('Overwrite');
    await answer('New Version (v002)');
    await answer('Keep and Render the Other 36');
    there = 48;
    await answer('Keep All');
    const request = { scene: '/scenes/turntable.glb', samples: 4 };
    expect(asked(host, 'job.plan').at(-1)).toEqual(request);
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toEqual([
        { ...request, overwrite: true },
        { ...request, newVersion: true },
        { ...request, keepExisting: true },
        { ...request, keepExisting: true },
      ]);
    // A preview of one frame is in nobody's way.
    const plans = asked(host, 'job.plan').length;
    await page.keyboard.press('F12');
    await expect
      .poll(() => asked(host, 'job.submit').at(-1))
      .toEqual({ ...request, frames: '1', preview: true, priority: 100 });
    expect(asked(host, 'job.plan')).toHaveLength(plans);
  });

  it('tells at the field what is wrong, and does not ask the host', async () => {
    const { host, page } = await open(sampleState({ scene: sampleScene() }));
    const end = text(page, 'Frame End');
    await end.fill('0');
    await page.keyboard.press('Control+F12');
    await expect.poll(() => end.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await end.getAttribute('aria-invalid')).toBe('true');
    expect(
      await end.evaluate((field) => document.getElementById(field.getAttribute('aria-describedby')!)?.textContent),
    ).toBe('The last frame comes before the first: make it 1 or more.');
    expect(asked(host, 'job.submit')).toEqual([]);
    await end.fill('10');
    await page.keyboard.press('ArrowUp');
    expect(await end.inputValue()).toBe('11');
    // Back to what it was when the field got the focus, which was with the error.
    await page.keyboard.press('Escape');
    expect(await end.inputValue()).toBe('0');
    expect(await end.getAttribute('aria-invalid')).toBe('true');
  });

  it('shows what the host refuses until it is dismissed', async () => {
    const { page } = await open(sampleState({ scene: sampleScene() }), undefined, (host) => {
      host.answers['job.submit'] = () => failed('The output folder cannot be written to: choose another.');
    });
    await page.getByRole('button', { name: 'Render Animation' }).first().click();
    await alert(page).getByText('The output folder cannot be written to: choose another.').waitFor();
    await alert(page).getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('follows the frame last written, and shows its image', async () => {
    const job = sampleJob({ frames: { total: 48, waiting: 47, rendering: 1, done: 0, failed: 0, skipped: 0 } });
    const { host, page } = await open(sampleState({ scene: sampleScene(), jobs: [job] }), undefined, (script) => {
      script.answers['job.frames'] = () => ok(Array.from({ length: 48 }, (_, index) => sampleFrame(index + 1)));
    });
    const slider = page.getByRole('slider', { name: 'Frames' });
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('Frame 1, waiting');
    for (const frame of [1, 2, 3]) {
      host.tell({ type: 'frame', jobId: 1, frame: sampleFrame(frame, 'done') });
      host.tell({
        type: 'job',
        job: {
          ...job,
          lastFrame: frame,
          frames: { ...job.frames, done: frame },
          framesPerMinute: 60.5,
          secondsLeft: 45,
          secondsLeftP90: 70,
        },
      });
    }
    await page.getByRole('img', { name: 'turntable, frame 3' }).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toBe('Frame 3, done in 0.50 s');
    const queue = page.getByRole('region', { name: 'Queue' });
    await queue.getByText('60.5 frames/min').waitFor();
    await queue.getByText('45 s (up to 70) left').waitFor();
    expect(await queue.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('6');
    // A chosen frame stays; Follow leads back to the newest.
    await slider.press('Home');
    await page.getByRole('img', { name: 'turntable, frame 1' }).waitFor();
    host.tell({ type: 'frame', jobId: 1, frame: sampleFrame(4, 'done') });
    host.tell({ type: 'job', job: { ...job, lastFrame: 4, frames: { ...job.frames, done: 4 } } });
    await queue.getByText('4 / 48').waitFor();
    expect(await slider.getAttribute('aria-valuenow')).toBe('1');
    await page.getByRole('button', { name: 'Follow' }).click();
    await page.getByRole('img', { name: 'turntable, frame 4' }).waitFor();
  });

  it('draws ten thousand frames in the width of the window, and leads to the failed ones', async () => {
    const job = sampleJob(
      { frames: { total: 10_000, waiting: 0, rendering: 0, done: 9_998, failed: 2, skipped: 0 }, lastFrame: 10_000 },
      { frames: '1-10000' },
    );
    const { page } = await open(
      sampleState({ scene: sampleScene({ frameEnd: 10_000 }), jobs: [job] }),
      undefined,
      (host) => {
        const frames = Array.from({ length: 10_000 }, (_, index) =>
          sampleFrame(
            index + 1,
            index === 4_999 || index === 7_999 ? 'failed' : 'done',
            index === 4_999 ? { reason: 'The texture is missing.' } : {},
          ),
        );
        host.answers['job.frames'] = ({ offset = 0, limit = 1_000 }: { offset?: number; limit?: number }) =>
          ok(frames.slice(offset, offset + limit));
      },
    );
    const slider = page.getByRole('slider', { name: 'Frames' });
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('Frame 10000, done in 0.50 s');
    await page.getByRole('button', { name: 'Failed 2' }).click();
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('Frame 5000 failed: The texture is missing.');
    await page.getByRole('region', { name: 'Image' }).getByText('The texture is missing.').waitFor();
    await page.getByRole('button', { name: 'Failed 2' }).click();
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('8000');
    await text(page, 'Current frame').fill('1234');
    await page.keyboard.press('Enter');
    await expect.poll(() => slider.getAttribute('aria-valuenow')).toBe('1234');
    // The cell under the pointer is the one that is chosen: the chosen frame is drawn as a white frame around its cell.
    const box = (await slider.boundingBox())!;
    await page.mouse.click(box.x + 10, box.y + box.height - 10);
    const chosen = Number(await slider.getAttribute('aria-valuenow'));
    expect(chosen).toBeGreaterThan(1_000);
    expect(chosen).toBeLessThan(1_234);
    expect(
      await page.locator('canvas').evaluateAll((all) => all.every((canvas) => canvas.clientWidth <= window.innerWidth)),
    ).toBe(true);
  });

  it('says that a job skipped everything, and renders it again over what is there', async () => {
    const job = sampleJob({ frames: { total: 48, waiting: 48, rendering: 0, done: 0, failed: 0, skipped: 0 } });
    const { host, page } = await open(sampleState({ scene: sampleScene(), jobs: [job] }), undefined, (script) => {
      script.answers['job.submit'] = () => ok(sampleJob({ id: 2 }));
    });
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).waitFor();
    host.tell({
      type: 'job',
      job: { ...job, state: 'completed', finishedAt: 3_000, frames: { ...job.frames, waiting: 0, skipped: 48 } },
    });
    const queue = page.getByRole('region', { name: 'Queue' });
    await queue
      .getByText('turntable rendered nothing: all 48 frames exist already. Turn on Overwrite to render them again.')
      .waitFor();
    await queue.getByText('48 skipped').waitFor();
    await queue.getByRole('button', { name: 'Render Again with Overwrite' }).click();
    await expect
      .poll(() => asked(host, 'job.submit'))
      .toEqual([expect.objectContaining({ frames: '1-48', overwrite: true })]);
    expect(jobRequestSchema.safeParse(asked(host, 'job.submit')[0]).success).toBe(true);
  });

  it('shows the reason of a failed job in full', async () => {
    const reason = `The scene needs ${'a/very/long/path/'.repeat(20)}wood.png, which is not there.`;
    const { page } = await open(sampleState({ jobs: [sampleJob({ state: 'failed', reason, finishedAt: 5 })] }));
    const shown = page.getByRole('region', { name: 'Queue' }).getByText(reason);
    await shown.waitFor();
    expect(await shown.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
  });

  it('opens scenes through the file dialog and by path, and shows there what can’t be opened', async () => {
    const { host, page } = await open(sampleState(), undefined, (script) => {
      script.answers['files.list'] = ({ folder }: { folder?: string }) =>
        ok(
          folder === '/home/ada/scenes'
            ? {
                folder,
                parent: '/home/ada',
                entries: [{ name: 'robot.glb', path: '/home/ada/scenes/robot.glb', kind: 'scene', bytes: 12_345 }],
              }
            : {
                folder: '/home/ada',
                parent: '/home',
                entries: [{ name: 'scenes', path: '/home/ada/scenes', kind: 'folder', bytes: 0 }],
                left: 1_234,
              },
        );
      script.answers['scene.open'] = ({ path }: { path: string }) => {
        if (path.endsWith('broken.glb')) return failed('broken.glb is not a glTF file.');
        const scene = sampleScene({ path, name: 'robot' });
        script.tell({ type: 'scene', scene });
        return ok(scene);
      };
    });
    await page.getByText('No scene is open').waitFor();
    await page.keyboard.press('Control+o');
    const dialog = page.getByRole('dialog', { name: 'Open Scene' });
    await dialog.getByText('1,234 more entries are not listed').waitFor();
    await text(page, 'Path').fill('/home/ada/shots.v2');
    await page.keyboard.press('Enter');
    await expect.poll(() => asked(host, 'files.list').at(-1)).toEqual({ folder: '/home/ada/shots.v2' });
    await text(page, 'Path').fill('/home/ada/broken.glb');
    await page.keyboard.press('Enter');
    await dialog.getByRole('alert').getByText('broken.glb is not a glTF file.').waitFor();
    await dialog.getByRole('button', { name: 'scenes' }).click();
    const row = dialog.getByRole('button', { name: 'robot.glb' });
    await row.waitFor();
    await expect.poll(() => row.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await page.getByText('robot is open').waitFor();
    expect(asked(host, 'scene.open')).toEqual([
      { path: '/home/ada/broken.glb' },
      { path: '/home/ada/scenes/robot.glb' },
    ]);
  });

  it('uploads what is dropped on it, and refuses what is no scene', async () => {
    const { host, page } = await open(sampleState(), undefined, (script) => {
      script.answers['scene.open'] = ({ path }: { path: string }) => {
        const scene = sampleScene({ path, name: 'dropped' });
        script.tell({ type: 'scene', scene });
        return ok(scene);
      };
    });
    await page.getByText('No scene is open').waitFor();
    const drop = (name: string): Promise<void> =>
      page.evaluate((fileName) => {
        const data = new DataTransfer();
        data.items.add(new File(['glTF'], fileName));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
      }, name);
    await drop('notes.txt');
    await alert(page).getByText('“notes.txt” is not a scene').waitFor();
    await drop('dropped scene.glb');
    await page.getByText('dropped is open').waitFor();
    expect(host.uploads).toEqual([{ name: 'dropped scene.glb', bytes: Buffer.from('glTF') }]);
    expect(asked(host, 'scene.open')).toEqual([{ path: '/uploads/dropped scene.glb' }]);
  });

  it('switches add-ons and applies preferences with Enter; Esc brings the stored one back, then closes', async () => {
    const running = sampleAddon({
      enabled: true,
      state: 'running',
      status: {
        level: 'ok',
        text: 'Serving metrics on 0.0.0.0:8000',
        details: [
          { label: 'Requested', value: '0.0.0.0:8000' },
          { label: 'Effective', value: '0.0.0.0:8000', href: 'http://127.0.0.1:8000/' },
        ],
      },
    });
    const { host, page } = await open(sampleState(), undefined, (script) => {
      script.answers['addon.enable'] = () => {
        script.tell({ type: 'addons', addons: [running] });
        return ok(running);
      };
      script.answers['preferences.set'] = ({ key, value }: { key: string; value: string }) => {
        if (value === 'refused') return failed('refused is not allowed.');
        const addon = {
          ...running,
          preferences: { address: value },
          status: {
            level: 'warning' as const,
            text: `Serving metrics on 0.0.0.0:8000 instead of ${value}`,
            details: [
              { label: 'Requested', value },
              { label: 'Effective', value: '0.0.0.0:8000' },
            ],
          },
        };
        script.tell({ type: 'addons', addons: [addon] });
        return ok({ key, value, addon });
      };
    });
    await page.getByRole('button', { name: 'Metrics off' }).click();
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    const box = dialog.getByRole('checkbox', { name: 'Enable Prometheus Metrics' });
    await box.click();
    await dialog.getByText('Running').waitFor();
    expect(await box.isChecked()).toBe(true);
    await page.getByRole('contentinfo', { name: 'Status' }).getByText('0.0.0.0:8000').waitFor();
    const fold = dialog.getByRole('button', { name: 'Details of Prometheus Metrics' });
    await fold.click();
    expect(await fold.getAttribute('aria-expanded')).toBe('true');

    const address = text(page, 'Address:port');
    await address.fill('nonsense');
    await page.keyboard.press('Escape');
    expect(await address.inputValue()).toBe('0.0.0.0:8000');
    expect(asked(host, 'preferences.set')).toEqual([]);
    await address.fill('nonsense');
    await page.keyboard.press('Enter');
    const status = dialog.getByRole('status', { name: 'Status of Prometheus Metrics' });
    await status.getByText('Serving metrics on 0.0.0.0:8000 instead of nonsense').waitFor();
    expect(asked(host, 'preferences.set')).toEqual([{ key: 'addons.prometheus.address', value: 'nonsense' }]);
    await address.fill('refused');
    await page.keyboard.press('Tab');
    await dialog.getByText('refused is not allowed.').waitFor();
    expect(await address.inputValue()).toBe('refused');
    await address.press('Escape');
    expect(await address.inputValue()).toBe('nonsense');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    // Where it was opened from has the focus again.
    expect(await page.evaluate(() => document.activeElement?.tagName)).not.toBe('DIALOG');
  });

  it('keeps focus inside of a dialog and gives it back', async () => {
    const { page } = await open(sampleState({ scene: sampleScene() }));
    const button = page.getByRole('button', { name: 'Render Animation' });
    await button.focus();
    await page.keyboard.press('Control+,');
    const dialog = page.getByRole('dialog', { name: 'Preferences' });
    await dialog.waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('Add-ons');
    for (let press = 0; press < 12; press++) {
      await page.keyboard.press('Tab');
      // Between the last and the first control the browser's own window has its turn.
      expect(
        await page.evaluate(
          () => document.activeElement === document.body || document.activeElement?.closest('dialog') !== null,
        ),
      ).toBe(true);
    }
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await button.evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('works its menus from the keyboard', async () => {
    const { page } = await open(sampleState());
    await page.getByRole('menuitem', { name: 'File' }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowDown');
    const item = page.getByRole('menu', { name: 'Help' }).getByRole('menuitem', { name: 'Keyboard Shortcuts' });
    await expect.poll(() => item.evaluate((element) => element === document.activeElement)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Keyboard Shortcuts' }).waitFor();
  });

  it('shows that the host is gone, comes back by itself, and takes the new state', async () => {
    const { host, page } = await open(sampleState({ scene: sampleScene(), jobs: [sampleJob()] }));
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).waitFor();
    host.cutOff(true);
    await alert(page).getByText('Disconnected.').waitFor();
    await text(page, 'Samples').fill('9');
    host.state = sampleState({ scene: sampleScene(), jobs: [sampleJob({ state: 'completed', finishedAt: 9 })] });
    host.cutOff(false);
    await page.getByText('Connected', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'turntable, job 1, Completed' }).waitFor();
    // What was typed is not lost by it, and what ended meanwhile is told.
    expect(await text(page, 'Samples').inputValue()).toBe('9');
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.getByRole('region', { name: 'Messages' }).getByText('turntable').waitFor();
  });

  it('takes a connection for lost on which the host says nothing when it is asked', async () => {
    const { host, page } = await open(sampleState({ jobs: [sampleJob()] }));
    let asked = 0;
    let answering = true;
    host.answers['queue.get'] = () => {
      asked += 1;
      return answering ? failed('It is busy.') : new Promise(() => {});
    };
    /** Whatever was sent before has arrived, too. */
    const heard = async (name: string): Promise<void> => {
      host.tell({ type: 'job', job: sampleJob({ name }) });
      await page.getByRole('button', { name: `${name}, job 1, Rendering` }).waitFor();
    };
    await page.getByRole('button', { name: 'turntable, job 1, Rendering' }).waitFor();
    await page.clock.install();
    await heard('first');
    await page.clock.runFor(20_000);
    await expect.poll(() => asked).toBe(1);
    await heard('second');
    await page.clock.runFor(19_000);
    answering = false;
    await page.clock.runFor(1_000);
    await expect.poll(() => asked).toBe(2);
    expect(await page.getByRole('alert').count()).toBe(0);
    await page.clock.runFor(15_000);
    await alert(page).getByText('Disconnected.').waitFor();
  });
});

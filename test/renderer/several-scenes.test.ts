import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { JobRequest } from '../../src/shared/jobs';
import { needs } from '../helpers/needs';
import { sampleJob, samplePlan, sampleScene, sampleSettings, sampleState } from '../helpers/samples';
import { axeFindings } from './axe-findings';
import { asked, launchBrowser, openPage } from './open-page';
import { failed, ok } from './scripted-host';

needs.chromium('several dropped scenes', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const drop = (page: Page, names: readonly string[]): Promise<void> =>
    page.evaluate((all) => {
      const data = new DataTransfer();
      for (const name of all) data.items.add(new File(['glTF'], name));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
    }, names);

  it('become jobs after one question, which says what is wrong with any', async () => {
    const { host, page } = await openPage(browser, sampleState({ scene: sampleScene() }), undefined, (script) => {
      script.answers['job.plan'] = ({ scene }: JobRequest) => {
        if (scene.includes('broken')) return failed('“broken.glb” ends too early: export it again.');
        const settings = sampleSettings({ scene, output: `/out${scene}/####.png` });
        const conflict = { sentence: '3 images of another scene are in the way.', frames: 3, job: null };
        return ok(samplePlan({ settings, conflict: scene.includes('b.glb') ? conflict : null }));
      };
      let id = 10;
      script.answers['job.submit'] = ({ scene }: JobRequest) => ok(sampleJob({ id: ++id, state: 'queued' }, { scene }));
    });
    await page.getByText('Connected', { exact: true }).waitFor();
    await drop(page, ['a.glb', 'b.glb', 'broken.glb', 'c.glb', 'a.glb', 'notes.txt']);
    const dialog = page.getByRole('dialog', { name: 'Queue 4 Scenes' });
    await dialog.getByText('“broken.glb” ends too early: export it again.').waitFor();
    await dialog.getByText('3 images of another scene are in the way.').waitFor();
    await dialog.getByText('1-48 · 320 × 180 · 16 samples').first().waitFor();
    expect(await dialog.getByRole('checkbox', { name: 'broken.glb' }).isDisabled()).toBe(true);
    expect(await axeFindings(page, 'dialog')).toEqual([]);
    await dialog.getByRole('checkbox', { name: 'c.glb' }).uncheck();
    await dialog.getByRole('combobox', { name: 'Existing images' }).selectOption('Overwrite them');
    await dialog.getByRole('button', { name: 'Queue 2 Jobs' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(asked(host, 'job.submit')).toEqual([
      { scene: '/uploads/a.glb' },
      { scene: '/uploads/b.glb', overwrite: true },
    ]);
    expect(asked(host, 'scene.open')).toEqual([]);
    // They are told to belong together, so that none replaces another of its name; the same one twice is one.
    expect(host.uploads).toHaveLength(5);
    expect([...host.batches]).toEqual([expect.stringMatching(/^\d+-\d+-\d+-\d+$/)]);
  });
});

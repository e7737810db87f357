import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { needs } from '../helpers/needs';
import { sampleJob, sampleScene, sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from './open-page';

const queue = (page: Page) => page.getByRole('region', { name: 'Queue' });
const notices = [1, 2].map((id) => ({ id, level: 'warning' as const, text: `Notice ${id}.`, at: id }));

needs.chromium('a page that is loaded again', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  it('has the jobs that were selected, the workspace and the maximized area', async () => {
    const jobs = [1, 2, 3, 4].map((id) =>
      sampleJob({ id, name: `shot ${id}`, state: 'queued', position: id, createdAt: id }),
    );
    const { page, faults } = await openPage(browser, sampleState({ scene: sampleScene(), jobs }));
    const card = (id: number) => queue(page).getByRole('button', { name: new RegExp(`, job ${id}, `) });
    await card(1).click();
    await card(3).click({ modifiers: ['Control'] });
    await queue(page).getByText('2 selected').waitFor();
    await page.mouse.move(200, 300);
    await page.keyboard.press('Control+Space');
    await page.getByRole('region', { name: 'Properties' }).waitFor({ state: 'detached' });
    await page.reload();
    await queue(page).getByText('2 selected').waitFor();
    expect(await page.getByRole('region').evaluateAll((areas) => areas.map((area) => area.ariaLabel))).toEqual([
      'Queue',
    ]);
    const selected = page.locator('[data-job][aria-selected="true"]');
    expect(await selected.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-job')))).toEqual(['1', '3']);

    await page.keyboard.press('Control+Space');
    await page.getByRole('tab', { name: 'Statistics' }).click();
    await page.reload();
    await page.getByRole('tab', { name: 'Statistics', selected: true }).waitFor();
    await page.getByRole('tab', { name: 'Render', exact: true }).click();
    await page.getByRole('region', { name: 'Properties' }).waitFor();
    await queue(page).getByText('2 selected').waitFor();
    expect(faults).toEqual([]);
  });

  it('does not show notices again that were dismissed, but those of a host that has started anew', async () => {
    const { host, page } = await openPage(browser, sampleState({ scene: sampleScene(), notices }));
    const messages = page.getByRole('region', { name: 'Messages' });
    const dismiss = async (text: string): Promise<void> => {
      await messages.locator('.message', { hasText: text }).getByRole('button', { name: 'Dismiss' }).click();
      await messages.getByText(text).waitFor({ state: 'detached' });
    };
    await dismiss('Notice 1.');
    await page.reload();
    await messages.getByText('Notice 2.').waitFor();
    expect(await messages.getByText('Notice 1.').count()).toBe(0);

    // Its cause is gone.
    host.tell({ type: 'notice-gone', id: 2 });
    await messages.getByText('Notice 2.').waitFor({ state: 'detached' });

    host.state = sampleState({ scene: sampleScene(), notices: [{ ...notices[0]!, text: 'Another.', at: 77 }] });
    host.cutOff(true);
    host.cutOff(false);
    await messages.getByText('Another.').waitFor();
  });
});

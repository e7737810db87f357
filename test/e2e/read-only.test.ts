import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, it } from 'vitest';
import { gltfEngine } from '../../src/main/engines/gltf/gltf-engine';
import { COMMAND_LIST } from '../../src/renderer/command-list';
import { openBrowser } from '../helpers/browser';
import { TURNTABLE } from '../helpers/cli';
import { type ControlHost, startControlHost } from '../helpers/control-host';
import { flatColourEngine } from '../helpers/flat-colour-engine/flat-colour-engine';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';
import { joinMachines, startManager } from '../main/farm/farm-fixture';
import { pressEverything } from './press-everything';

const WHY =
  'This page was opened with the read token, which allows viewing only: open it with the control token to make changes.';

/** Every answer of the host that refuses something, by whatever way it comes. */
function watchRefusals(page: Page): string[] {
  const refusals: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 401 || answer.status() === 403) refusals.push(`${answer.status()} ${answer.url()}`);
  });
  page.on('websocket', (socket) => {
    const asked = new Map<number, string>();
    socket.on('framesent', ({ payload }) => {
      const { call, operation } = JSON.parse(String(payload)) as { call: number; operation: string };
      asked.set(call, operation);
    });
    socket.on('framereceived', ({ payload }) => {
      const { call, reply } = JSON.parse(String(payload)) as { call?: number; reply?: { ok: boolean; error?: object } };
      if (reply?.ok === false) refusals.push(`${asked.get(call!)}: ${JSON.stringify(reply.error)}`);
    });
  });
  return refusals;
}

interface ViewOnlyPage {
  readonly page: Page;
  readonly refusals: readonly string[];
  /** Collects what ended in a refusal, or in the sentence that says why not. */
  readonly ended: string[];
  look(pressed: string): Promise<void>;
}

async function openViewOnly({ url, tokens }: ControlHost): Promise<ViewOnlyPage> {
  const page = await openBrowser('about:blank');
  const refusals = watchRefusals(page);
  await page.goto(`${url}/#token=${tokens.read}`);
  await page.getByRole('note').getByText('View only').waitFor();
  const ended: string[] = [];
  let known = 0;
  return {
    page,
    refusals,
    ended,
    async look(pressed) {
      for (const refusal of refusals.slice(known)) ended.push(`${pressed}: ${refusal}`);
      known = refusals.length;
      const told = page.locator('.message', { hasText: WHY });
      if ((await told.count()) === 0) return;
      ended.push(`${pressed}: told why not`);
      await told.getByRole('button', { name: 'Dismiss' }).click();
    },
  };
}

needs.chromium('a page with the read token', () => {
  it('has no control, command, key or drop that the host refuses, and says why', async () => {
    const folder = temporaryFolder();
    const control = await startControlHost({ scene: TURNTABLE, engines: [flatColourEngine, gltfEngine] });
    const scene = join(folder, 'film.flat');
    writeFileSync(
      scene,
      JSON.stringify({
        width: 16,
        height: 8,
        colours: [
          [9, 9, 9],
          [200, 9, 9],
        ],
      }),
    );
    const submit = (name: string) => control.host.call('job.submit', { scene, output: join(folder, name, '####.png') });
    const completed = new Promise<void>((settle) => {
      const stop = control.host.subscribe((event) => {
        if (event.type !== 'job' || event.job.state !== 'completed') return;
        stop();
        settle();
      });
    });
    await submit('done');
    await completed;
    await control.host.call('queue.pause', { after: 'now' });
    await submit('first');
    await submit('second');
    const { page, refusals, ended, look } = await openViewOnly(control);

    const pressed = await pressEverything(
      page,
      'body',
      async () => void (await page.getByRole('tab', { name: 'Render', exact: true }).click()),
      look,
    );
    expect(ended).toEqual([]);
    // The walk went into menus, every section of the preferences, and what add-ons unfold to.
    const all = [...pressed].join('\n');
    for (const name of ['Frame Details', 'Keymap', 'Details of Notify', 'Slack', 'Search the queue'])
      expect(all).toContain(name);
    for (const name of [
      'Render Animation',
      'Cancel',
      'Pause',
      'Delete',
      'Duplicate',
      'Install',
      'Search Again',
      'Enable',
    ])
      expect([...pressed].filter((key) => key.includes(` | ${name}`))).toEqual([]);

    // The walk has left the window with one area that fills it.
    await page.evaluate(() => {
      for (const storage of [localStorage, sessionStorage]) storage.removeItem('framegauge.window');
    });
    await page.reload();
    await page.getByRole('button', { name: /^film, job 3/ }).waitFor();

    // By their names: what changes something is there, disabled, and says why.
    await page.keyboard.press('F3');
    const entries = page.getByRole('dialog', { name: 'Search' }).getByRole('option');
    const shown = await entries.evaluateAll((rows) =>
      rows.map((row) => ({
        label: row.querySelector('.search-label')!.textContent,
        disabled: row.getAttribute('aria-disabled') === 'true',
        why: (row as HTMLElement).title,
      })),
    );
    const changing = COMMAND_LIST.flatMap(({ label, changes }) => (changes ? [label.replace('…', '')] : []));
    const refused = shown.filter(({ label }) => changing.includes(label!));
    expect(refused.length).toBeGreaterThan(4);
    expect(refused.filter(({ disabled, why }) => !disabled || why !== WHY)).toEqual([]);
    await page.keyboard.press('Escape');

    // By their keys, and those of the list: nothing is asked of the host, and one sentence says why.
    const row = page.getByRole('button', { name: /^film, job 3/ });
    for (const key of ['F12', 'Control+F12', 'Control+o']) {
      await page.keyboard.press(key);
      await page.getByText(WHY).first().waitFor();
      await look(key);
    }
    for (const key of ['Delete', 'F2', 'Alt+ArrowUp', 'Alt+Home', 'Control+z', 'Escape']) {
      await row.focus();
      await page.keyboard.press(key);
      await look(key);
    }
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await row.evaluate((element) => element.closest('[draggable="true"]'))).toBeNull();
    expect(ended.filter((one) => !one.endsWith('told why not'))).toEqual([]);

    // A menu says it below what it can't do.
    await row.click({ button: 'right' });
    const item = page.getByRole('menuitem', { name: 'Duplicate' });
    expect(await item.getAttribute('aria-disabled')).toBe('true');
    await page.getByText('View only: changes need the control token.').waitFor();
    expect(
      await item.evaluate((one) => document.getElementById(one.getAttribute('aria-describedby')!)?.textContent),
    ).toBe('View only: changes need the control token.');
    await page.keyboard.press('Escape');

    // What is dragged over the window is not taken.
    const file = await page.evaluateHandle(() => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['no scene'], 'dropped.glb'));
      return transfer;
    });
    await page.dispatchEvent('body', 'dragover', { dataTransfer: file });
    const target = page.locator('.drop-target');
    await target.getByText(WHY).waitFor();
    await page.dispatchEvent('body', 'drop', { dataTransfer: file });
    await target.waitFor({ state: 'detached' });
    await look('drop');
    expect(refusals).toEqual([]);
  });

  needs.redis('of a farm', () => {
    it('can look at its machines, and refuses nothing there either', async () => {
      const folder = temporaryFolder();
      const manager = await startManager(folder);
      await joinMachines(manager, folder, ['left']);
      const { page, refusals, ended, look } = await openViewOnly(manager);
      const pressed = await pressEverything(
        page,
        'main',
        async () => void (await page.getByRole('tab', { name: 'Machines' }).click()),
        look,
      );
      expect(ended).toEqual([]);
      expect(refusals).toEqual([]);
      const all = [...pressed].join('\n');
      expect(all).toContain('List Its Jobs');
      for (const name of ['Pause Now', 'Wake', 'Take Out', 'Add Machine', 'Set'])
        expect([...pressed].filter((key) => key.includes(` | ${name}`))).toEqual([]);
    });
  });
});

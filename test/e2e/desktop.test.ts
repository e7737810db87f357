import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DesktopApp, startDesktop, temporaryFolder } from '../helpers/desktop-app';
import { freePort, isFree } from '../helpers/free-port';
import { needs } from '../helpers/needs';

const TURNTABLE = resolve(import.meta.dirname, '../../examples/turntable.glb');
/** Where the picture for the README goes. */
const SCREENSHOT = resolve(import.meta.dirname, '../../test-results/desktop.png');
/** Rendering in software on a busy machine takes its time. */
const RENDER_LIMIT = 90_000;

/** Width and height from a PNG's header (PNG specification §11.2.2). */
async function pngSize(file: string): Promise<[number, number]> {
  const bytes = await readFile(file);
  expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
}

/** Waits for something to come true, on a machine that may be busy. */
const eventually: typeof expect.poll = (look) => expect.poll(look, { timeout: 20_000 });

/** Value of a metric without labels. */
function sample(text: string, name: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `));
  if (!line) throw new Error(`no ${name} in\n${text}`);
  return Number(line.slice(name.length + 1));
}

// One journey: each step goes on where the one before it ended.
needs.electron('a person renders and watches it in the desktop app', () => {
  let desktop: DesktopApp;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let scene: string;
  let output: string;
  let port: number;
  beforeAll(async () => {
    folder = await temporaryFolder('journey');
    scene = join(folder.path, 'scenes', 'spinning thing.glb');
    output = join(folder.path, 'out', '####.png');
    await mkdir(dirname(scene));
    await copyFile(TURNTABLE, scene);
    desktop = await startDesktop();
  });
  afterAll(async () => {
    await desktop?.close();
    await folder?.remove();
  });

  const title = (): Promise<string | undefined> =>
    desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.isVisible())
        ?.getTitle(),
    );
  const metrics = async (at: number): Promise<string> => (await fetch(`http://127.0.0.1:${at}/metrics`)).text();
  const fill = async (label: string, value: string): Promise<void> => {
    const field = desktop.page
      .getByRole('region', { name: 'Properties' })
      .getByRole('textbox', { name: label, exact: true });
    await field.fill(value);
    await field.press('Enter');
  };
  const addons = () => desktop.page.getByRole('dialog', { name: 'Preferences' });
  const prometheus = () => addons().getByRole('listitem').filter({ hasText: 'Prometheus Metrics' });

  it('opens the example scene at the first start', async () => {
    await desktop.page.getByRole('region', { name: 'Properties' }).getByText('turntable', { exact: true }).waitFor();
    await eventually(title).toBe('turntable — Framegauge');
  });

  it('opens a scene with Ctrl+O', async () => {
    await desktop.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [path] });
    }, scene);
    await desktop.page.keyboard.press('Control+o');
    await desktop.page
      .getByRole('region', { name: 'Properties' })
      .getByText('spinning thing', { exact: true })
      .waitFor();
    await eventually(title).toBe('spinning thing — Framegauge');
  });

  it('renders an animation with Ctrl+F12', async () => {
    await fill('Frame Start', '3');
    await fill('Frame End', '10');
    await fill('Width', '640');
    await fill('Height', '360');
    await fill('Samples', '4');
    await fill('Output', output);
    await desktop.page.getByRole('region', { name: 'Timeline' }).click({ position: { x: 5, y: 5 } });
    await desktop.page.keyboard.press('Control+F12');
    const queue = desktop.page.getByRole('region', { name: 'Queue' });
    await queue.getByText(/^[5-8] \/ 8$/).waitFor({ timeout: RENDER_LIMIT });
    await mkdir(dirname(SCREENSHOT), { recursive: true });
    await desktop.page.screenshot({ path: SCREENSHOT });
    await queue.getByRole('button', { name: /^spinning thing, job 1, Completed$/i }).waitFor({ timeout: RENDER_LIMIT });
    expect((await readdir(dirname(output))).sort()).toEqual(
      [3, 4, 5, 6, 7, 8, 9, 10].map((frame) => `${String(frame).padStart(4, '0')}.png`),
    );
    for (const file of await readdir(dirname(output)))
      expect(await pngSize(join(dirname(output), file))).toEqual([640, 360]);
  });

  it('shows the frame last written', async () => {
    const image = desktop.page.getByRole('img', { name: 'spinning thing, frame 10' });
    await image.waitFor();
    await eventually(() => image.getAttribute('data-width')).toBe('640');
  });

  it('enables the Prometheus add-on in Preferences', async () => {
    await desktop.page.keyboard.press('Control+,');
    await addons().getByRole('button', { name: 'Details of Prometheus Metrics' }).click();
    // The usual port may be taken on this machine, so another is set before.
    port = await freePort();
    await addons().getByLabel('Address:port').fill(`127.0.0.1:${port}`);
    await addons().getByLabel('Address:port').press('Enter');
    await addons().getByRole('checkbox', { name: 'Enable Prometheus Metrics' }).click();
    await prometheus().getByText('Running', { exact: true }).waitFor();
    await addons()
      .getByRole('status', { name: 'Status of Prometheus Metrics' })
      .getByText(String(port))
      .first()
      .waitFor();
    const text = await metrics(port);
    expect(sample(text, 'Blender_Render')).toBe(0);
    expect(sample(text, 'Frame_Counter_total')).toBe(0);
  });

  it('moves to another address when it is changed', async () => {
    const old = port;
    port = await freePort();
    const field = addons().getByLabel('Address:port');
    await field.fill(`127.0.0.1:${port}`);
    await field.press('Enter');
    await addons()
      .getByRole('status', { name: 'Status of Prometheus Metrics' })
      .getByText(String(port))
      .first()
      .waitFor();
    expect(sample(await metrics(port), 'Frame_Counter_total')).toBe(0);
    expect(await isFree(old)).toBe(true);
  });

  it('counts exactly the frames that are written', async () => {
    await addons().getByRole('button', { name: 'Close' }).click();
    await fill('Frame End', '5');
    await desktop.page.getByRole('checkbox', { name: 'Overwrite' }).check();
    await desktop.page
      .getByRole('region', { name: 'Properties' })
      .getByRole('button', { name: 'Render Animation' })
      .click();
    await desktop.page
      .getByRole('region', { name: 'Queue' })
      .getByRole('button', { name: /^spinning thing, job 2, Completed$/i })
      .waitFor({ timeout: RENDER_LIMIT });
    await eventually(async () => sample(await metrics(port), 'Frame_Counter_total')).toBe(3);
    expect(sample(await metrics(port), 'Blender_Render')).toBe(0);
  });

  it('opens the metrics in the system’s browser, copies the scrape config, and saves the monitoring kit where it is told', async () => {
    await desktop.app.evaluate(({ shell, dialog }, chosen) => {
      const opened: string[] = [];
      (globalThis as { openedOutside?: string[] }).openedOutside = opened;
      shell.openExternal = async (url: string) => void opened.push(url);
      dialog.showOpenDialog = async () => ({ canceled: false, filePaths: [chosen] });
    }, folder.path);
    await desktop.page.keyboard.press('Control+,');
    await addons().getByRole('button', { name: 'Details of Prometheus Metrics' }).click();
    await addons().getByRole('link', { name: 'Open metrics' }).click();
    await eventually(() =>
      desktop.app.evaluate(() => (globalThis as { openedOutside?: string[] }).openedOutside),
    ).toEqual([`http://127.0.0.1:${port}/metrics`]);
    await addons().getByRole('button', { name: 'Copy scrape config' }).click();
    await addons()
      .getByText(/^Copied\./)
      .waitFor();
    expect(await desktop.app.evaluate(({ clipboard }) => clipboard.readText())).toContain(
      `targets: ['127.0.0.1:${port}']`,
    );
    await addons().getByRole('button', { name: 'Save monitoring kit…' }).click();
    const dialog = desktop.page.getByRole('dialog', { name: 'Save Monitoring Kit' });
    await dialog.getByRole('button', { name: 'Browse…' }).click();
    const kit = join(folder.path, 'framegauge-monitoring');
    await eventually(() => dialog.getByRole('textbox', { name: 'Folder' }).inputValue()).toBe(kit);
    await dialog.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByText(`files were written to this folder: ${kit}.`).waitFor();
    const written = await dialog.getByRole('list', { name: 'Files written' }).getByRole('listitem').allInnerTexts();
    expect(written).toContain('prometheus.yml');
    for (const file of written) expect((await readFile(join(kit, file))).length).toBeGreaterThan(0);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await addons().getByRole('button', { name: 'Close' }).click();
  });

  it('draws what was rendered in the Statistics workspace', async () => {
    await desktop.page.getByRole('tab', { name: 'Render' }).focus();
    await desktop.page.keyboard.press('Control+PageDown');
    const label = (start: string): Promise<string | null> =>
      desktop.page.getByRole('img', { name: new RegExp(`^${start}`) }).getAttribute('aria-label');
    await eventually(() => label('Frame times')).toMatch(/ over 11 frames in the last 5 minutes\.$/);
    expect(await label('Queue')).toBe('Queue: 0 frames left now, 0 being rendered.');
    expect(await label('Worker memory')).toMatch(/worker 1 \d+ MB/);
    await desktop.page.screenshot({ path: join(dirname(SCREENSHOT), 'desktop-statistics.png') });
    await desktop.page.keyboard.press('Control+PageUp');
    await desktop.page.getByRole('region', { name: 'Queue' }).waitFor();
  });

  it('frees the port when the add-on is disabled, and takes it again', async () => {
    await desktop.page.keyboard.press('Control+,');
    const box = addons().getByRole('checkbox', { name: 'Enable Prometheus Metrics' });
    await prometheus().getByText('Running', { exact: true }).waitFor();
    await box.click();
    await prometheus().getByText('Off', { exact: true }).waitFor();
    expect(await isFree(port)).toBe(true);
    await box.click();
    await prometheus().getByText('Running', { exact: true }).waitFor();
    expect(sample(await metrics(port), 'Frame_Counter_total')).toBe(0);
    await box.click();
    await prometheus().getByText('Off', { exact: true }).waitFor();
    expect(await isFree(port)).toBe(true);
  });

  it('printed no complaint of its own', () => {
    // A machine without a desktop has nobody to show notifications.
    const ours = desktop
      .output()
      .split('\n')
      .filter(
        (line) =>
          line !== '' &&
          !/libnotify-WARNING|^\[\d+:|^Debugger |^DevTools listening|^For help, see|^Waiting for the debugger|^$/.test(
            line,
          ),
      );
    expect(ours).toEqual([]);
  });
});

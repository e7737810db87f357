import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { announcedHost } from '../../src/main/data/announced-host';
import { startCli } from '../helpers/cli';
import { startDesktop } from '../helpers/desktop-app';
import { needs } from '../helpers/needs';
import { temporaryFolder } from '../helpers/temporary-folder';
import { sufferHostileAddons } from './hostile-addons';
import { plantHostileAddons } from './hostile-code';

const TIME = 480_000;

async function headless(env: NodeJS.ProcessEnv, isolation: 'sandboxed' | 'restricted'): Promise<void> {
  const folder = temporaryFolder();
  const dataFolder = join(folder, 'data');
  await plantHostileAddons(dataFolder);
  const host = startCli(['serve', '--port', '0', '--data', dataFolder], env);
  await host.printed(/http:\/\/\S+/);
  await sufferHostileAddons(dataFolder, isolation, join(folder, 'frames'));
  expect(announcedHost(dataFolder)?.pid).toBe(host.process.pid);
}

async function desktop(env: NodeJS.ProcessEnv, isolation: 'sandboxed' | 'restricted'): Promise<void> {
  const folder = temporaryFolder();
  const dataFolder = join(folder, 'data');
  await plantHostileAddons(dataFolder);
  const app = await startDesktop({ dataFolder, env });
  onTestFinished(() => app.close());
  await sufferHostileAddons(dataFolder, isolation, join(folder, 'frames'));
  // The window still answers.
  await app.page.getByText('Render', { exact: true }).first().waitFor();
}

const ALONE = { FRAMEGAUGE_ADDON_SANDBOX: 'off' };

needs.chromium('hostile add-ons in a headless host', () => {
  it('are contained by Node alone', () => headless(ALONE, 'restricted'), TIME);
  needs.bubblewrap('with bubblewrap', () => {
    it('are contained', () => headless({}, 'sandboxed'), TIME);
  });
});

needs.electron('hostile add-ons in the desktop app', () => {
  it('are contained by Node alone', () => desktop(ALONE, 'restricted'), TIME);
  needs.bubblewrap('with bubblewrap', () => {
    it('are contained', () => desktop({}, 'sandboxed'), TIME);
  });
});

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sandboxFailure, sandboxFor } from '../../../../src/main/engines/pages/browser-sandbox';
import { headlessChromium } from '../../../../src/main/engines/pages/headless-chromium';
import { startControlHost } from '../../../helpers/control-host';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** What Chromium 140 prints for an ordinary user on a system without user namespaces. */
const PRINTED = `[100:100:1129/120000.000000:FATAL:content/browser/zygote_host/zygote_host_impl_linux.cc:128] No usable sandbox! If you are running on Ubuntu 23.10+ or another Linux distro that has disabled unprivileged user namespaces with AppArmor, see https://chromium.googlesource.com/chromium/src/+/main/docs/security/apparmor-userns-restrictions.md.`;

describe('the sandbox of the browser', () => {
  it('is done without only for root, and where a person has said so; both say what that means', () => {
    expect(sandboxFor({}, 1000)).toEqual({ on: true });
    expect(sandboxFor({ FRAMEGAUGE_SANDBOX: '' }, null)).toEqual({ on: true });
    expect(sandboxFor({}, 0)).toEqual({
      on: false,
      why: expect.stringMatching(/without its sandbox.*root.*ordinary user/),
    });
    expect(sandboxFor({ FRAMEGAUGE_SANDBOX: 'off' }, 1000)).toEqual({
      on: false,
      why: expect.stringMatching(/without its sandbox.*FRAMEGAUGE_SANDBOX=off/),
    });
  });

  it('is named where a browser cannot set it up, with what to do', () => {
    expect(sandboxFailure('/usr/bin/chromium', PRINTED)?.message).toMatch(
      /“\/usr\/bin\/chromium”.*sandbox.*user namespaces.*AppArmor.*FRAMEGAUGE_CHROMIUM.*FRAMEGAUGE_SANDBOX=off/,
    );
    expect(sandboxFailure('/usr/bin/chromium', 'error while loading shared libraries: libnss3.so')).toBeNull();
  });

  it('is told by the host where there is none: to the window, to the command line, and with the engine', async () => {
    const why = 'It runs as root.';
    const { host } = await startControlHost({
      pages: {
        open: () => new Promise<never>(() => undefined),
        close: () => Promise.resolve(),
        withoutSandbox: () => why,
      },
    });
    expect(await host.call('host.state', {})).toMatchObject({
      ok: true,
      value: { notices: [{ level: 'warning', text: why }] },
    });
    const engines = await host.call('engines.list', {});
    expect((engines as { value: unknown }).value).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'gltf', problem: null, warning: why })]),
    );
  });

  it.runIf(process.platform !== 'win32')('is what the page opener names, too, and not its driver’s words', async () => {
    const browser = join(temporaryFolder(), 'chromium');
    await writeFile(browser, `#!/bin/sh\necho '${PRINTED}' >&2\nexit 133\n`);
    await chmod(browser, 0o755);
    const pages = headlessChromium({ env: { ...process.env, FRAMEGAUGE_CHROMIUM: browser } });
    const failure = await pages.open('http://127.0.0.1:9/').then(
      () => null,
      (error: unknown) => error as Error,
    );
    expect(failure).toMatchObject({
      name: 'UserError',
      message: expect.stringContaining('could not set up its sandbox'),
    });
    expect(failure!.message).not.toMatch(/browserType|Target page/);
    await pages.close();
  });
});

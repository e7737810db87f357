import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findChromium } from '../../../../src/main/engines/pages/find-chromium';
import { UserError } from '../../../../src/shared/user-error';
import { temporaryFolder } from '../../../helpers/temporary-folder';

async function program(path: string, executable = true): Promise<string> {
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, executable ? 0o755 : 0o644);
  return path;
}

describe('findChromium', () => {
  it('takes the one that FRAMEGAUGE_CHROMIUM names before any other', async () => {
    const folder = temporaryFolder();
    await program(join(folder, 'chromium'));
    const named = await program(join(folder, 'my-browser'));
    expect(await findChromium({ FRAMEGAUGE_CHROMIUM: named, PATH: folder })).toBe(named);
  });

  it('refuses a FRAMEGAUGE_CHROMIUM that is not a program', async () => {
    const folder = temporaryFolder();
    for (const path of [join(folder, 'none'), folder, await program(join(folder, 'text'), false)]) {
      await expect(findChromium({ FRAMEGAUGE_CHROMIUM: path })).rejects.toBeInstanceOf(UserError);
    }
  });

  it('looks along the PATH, for Chromium before Chrome and Edge, and passes by what cannot be run', async () => {
    const [first, second] = [join(temporaryFolder(), 'a'), join(temporaryFolder(), 'b')];
    await mkdir(first);
    await mkdir(second);
    await program(join(first, 'chromium'), false);
    await mkdir(join(first, 'google-chrome'));
    await program(join(second, 'microsoft-edge'));
    const chrome = await program(join(second, 'google-chrome'));
    expect(await findChromium({ PATH: `${first}:${second}` }, 'linux')).toBe(chrome);
  });

  it('looks where macOS and Windows have their programs', async () => {
    const home = temporaryFolder();
    await mkdir(join(home, 'Applications', 'Google Chrome.app', 'Contents', 'MacOS'), { recursive: true });
    const chrome = await program(join(home, 'Applications', 'Google Chrome.app', 'Contents', 'MacOS', 'Google Chrome'));
    expect(await findChromium({ HOME: home, PATH: '' }, 'darwin')).toBe(chrome);
    expect(await findChromium({ LOCALAPPDATA: home, PATH: '' }, 'win32')).toBeNull();
  });
});

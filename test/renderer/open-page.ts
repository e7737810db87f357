import { resolve } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import type { JobRequest } from '../../src/shared/jobs';
import { environmentOf, pathOf } from '../helpers/needs';
import { samplePlan, sampleSettings } from '../helpers/samples';
import { ok, startScriptedHost, type ScriptedHost } from './scripted-host';

export const PAGES = resolve(import.meta.dirname, '../../out/renderer');

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: pathOf('chromium'),
    env: environmentOf('chromium'),
    chromiumSandbox: process.getuid?.() !== 0,
  });
}

/** A page on a scripted host, closed with the test. @param hash of the address; the right token where it is missing */
export async function openPage(
  browser: Pick<Browser, 'newContext'>,
  state: HostState,
  hash?: string,
  script: (host: ScriptedHost) => void = () => {},
): Promise<{ host: ScriptedHost; page: Page; faults: string[] }> {
  const host = await startScriptedHost(PAGES, state);
  onTestFinished(() => host.close());
  host.answers['job.frames'] = () => ok([]);
  host.answers['addon.log'] = () => ok([]);
  // The live view of a scene waits for its files.
  host.answers['scene.view'] = () => new Promise(() => {});
  host.answers['job.plan'] = ({ frames = '1-48' }: JobRequest) =>
    ok(samplePlan({ settings: sampleSettings({ frames }) }));
  script(host);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => /content security policy|react/i.test(message.text()) && faults.push(message.text()));
  await page.goto(`${host.url}/${hash ?? `#token=${host.token}`}`);
  return { host, page, faults };
}

/** What a page asked its host for, oldest first. */
export function asked(host: ScriptedHost, operation: string): unknown[] {
  return host.calls.filter((call) => call.operation === operation).map((call) => call.input);
}

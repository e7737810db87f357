import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HostState } from '../../src/shared/host-api';
import { de } from '../../src/shared/texts/de';
import { ja } from '../../src/shared/texts/ja';
import type { Catalogue } from '../../src/shared/texts/translate';
import { needs } from '../helpers/needs';
import { sampleFrame, sampleJob, sampleMachine, sampleScene, sampleState } from '../helpers/samples';
import { launchBrowser, openPage } from '../renderer/open-page';
import { overflowing } from '../renderer/overflowing';
import { ok } from '../renderer/scripted-host';

/** Where pictures go, to be looked at. */
const PICTURES = resolve(import.meta.dirname, '../../test-results/languages');
const CATALOGUES: Readonly<Record<'de' | 'ja', Catalogue>> = { de, ja };
const SIZES = [
  { width: 900, height: 600 },
  { width: 1_440, height: 900 },
] as const;
/** The same in English, in every language. */
const NOW = Date.now();

const STATE: Partial<HostState> = {
  scene: sampleScene(),
  jobs: [
    sampleJob({
      id: 1,
      name: 'robot',
      state: 'rendering',
      frames: { total: 48, waiting: 20, rendering: 2, done: 24, failed: 2, skipped: 0 },
      framesPerMinute: 8.4,
      secondsLeft: 1_012,
      secondsLeftP90: 1_260,
      lastFrame: 24,
      suspicious: 1,
    }),
    sampleJob({ id: 2, name: 'kitchen', state: 'queued', priority: 10, startedAt: null, position: 2 }),
    sampleJob({ id: 3, name: 'street', state: 'paused', position: 3 }),
    sampleJob({ id: 4, name: 'lamp', state: 'failed', finishedAt: 9, position: 4 }),
    sampleJob({ id: 5, name: 'chair', state: 'completed', finishedAt: 8, position: 5 }),
    sampleJob({ id: 6, name: 'table', state: 'cancelled', finishedAt: 7, position: 6 }),
  ],
  queue: { state: 'running', reason: null, secondsLeft: 9_400, secondsLeftP90: 12_000 },
  machines: [
    sampleMachine({ id: '000000000001', name: 'node-7', state: 'rendering', frames: 6, workers: 8 }),
    sampleMachine({ id: '000000000002', name: 'node-8' }),
  ],
};

/** Sentences of the catalogue that stand on the page in English, though there are others for them. */
async function untranslated(page: Page, catalogue: Catalogue): Promise<string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node.textContent!.trim());
    for (const element of document.querySelectorAll('[title], [aria-label], [placeholder]'))
      for (const name of ['title', 'aria-label', 'placeholder']) found.push(element.getAttribute(name)?.trim() ?? '');
    return [...new Set(found)];
  });
  const foreign = new Set(Object.values(catalogue));
  return texts.filter((text) => {
    const other = catalogue[text];
    return other !== undefined && other !== text && !foreign.has(text);
  });
}

/** What is cut off with no way to read the rest: labels and names of buttons are short, and are to be whole. */
function cut(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong = new Set<Element>();
    for (const element of document.querySelectorAll<HTMLElement>(
      'button, label, h2, h3, dt, .field-label, .subject-number, .queue-state',
    )) {
      if (element.clientWidth === 0 || element.closest('.visually-hidden, .menu-list')) continue;
      const { overflowX } = getComputedStyle(element);
      const isName = element.matches('.job-select, .subject-choice, .status-button, .row');
      if (!isName && overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1) wrong.add(element);
      // Beyond the edge of what clips it, and does not scroll.
      const box = element.getBoundingClientRect();
      for (let around = element.parentElement; around; around = around.parentElement) {
        const { overflowX: clips } = getComputedStyle(around);
        if (clips === 'auto' || clips === 'scroll') break;
        if (clips !== 'visible' && box.right > around.getBoundingClientRect().right + 1) wrong.add(element);
      }
    }
    return [...wrong].map((element) => `${element.className || element.tagName}: ${element.textContent.slice(0, 60)}`);
  });
}

needs.chromium('the window in other languages', () => {
  let browser: Browser;
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true });
    browser = await launchBrowser();
  });
  afterAll(() => browser?.close());

  const places: readonly (readonly [name: string, go: (page: Page) => Promise<unknown>])[] = [
    ['render', (page) => page.locator('[data-job="1"] .job-select').click()],
    ['failed', (page) => page.locator('[data-job="4"] .job-select').click()],
    ['scene', (page) => page.locator('.subject-choice').first().click()],
    ['selection', (page) => page.locator('[data-job="2"] .job-select').click({ modifiers: ['Control'] })],
    ['statistics', (page) => page.locator('#workspace-statistics').click()],
    ['machines', (page) => page.locator('#workspace-machines').click()],
    ['keys', (page) => page.keyboard.press('?')],
    [
      'preferences',
      async (page) => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Control+,');
        await page.getByRole('dialog').waitFor();
      },
    ],
  ];

  it.each(SIZES.flatMap((size) => (['de', 'ja'] as const).map((language) => ({ size, language }))))(
    'fits and is all of one: $language at $size.width × $size.height',
    async ({ size, language }) => {
      const { page, faults } = await openPage(
        { newContext: (options) => browser.newContext({ ...options, locale: language, viewport: size }) },
        sampleState({
          ...STATE,
          preferences: { ...sampleState().preferences, 'farm.start': true, 'farm.redis': '' },
        }),
        undefined,
        (host) => {
          host.answers['job.frames'] = () =>
            ok(
              Array.from({ length: 48 }, (_, index) =>
                sampleFrame(index + 1, index < 24 ? 'done' : index < 26 ? 'failed' : 'waiting', { writtenAt: index }),
              ),
            );
          host.answers['engines.list'] = () => ok([]);
          host.answers['statistics.get'] = () => ok({ now: NOW, samples: [], frameTimes: [], failures: [] });
        },
      );
      await page.locator(`html[lang="${language}"] .app-frame`).waitFor();
      const wrong: string[] = [];
      for (const [name, go] of places) {
        await go(page);
        await page.mouse.move(1, 1);
        await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
        await page.screenshot({ path: join(PICTURES, `${language}-${size.width}-${name}.png`) });
        const findings = [
          ...(await overflowing(page)),
          ...(await cut(page)),
          ...(await untranslated(page, CATALOGUES[language])),
        ];
        wrong.push(...findings.map((finding) => `${name}: ${finding}`));
      }
      expect(wrong).toEqual([]);
      expect(faults).toEqual([]);
    },
  );
});

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * What axe finds wrong with a page as it is, a line for each element.
 *
 * @param within a selector of the parts to look at; the whole page without it
 */
export async function axeFindings(page: Page, within?: string): Promise<string[]> {
  // Evaluated by the browser's own tools: the page's content security policy allows no foreign script.
  if (!(await page.evaluate('"axe" in window')))
    await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<AxeResults, string | null>(
    // Not typed: the page knows of it only now.
    (parts) => Reflect.get(window, 'axe').run(parts ?? document),
    within ?? null,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')}: ${failureSummary}`),
  );
}

import type { Page } from 'playwright';

/** One thing that can be pressed: which of those with the same layer, kind and name. */
interface Control {
  readonly key: string;
  readonly nth: number;
}

/** Steps through more layers than this lead to nothing new. */
const DEEPEST = 3;

/**
 * Runs in the page. Finds what a person can press now in the topmost layer (a menu, else a dialog, else the window), and
 * presses one of it.
 */
const IN_PAGE = `(() => {
  const SELECTOR = 'button, summary, input, select, textarea, [role="option"], [role="slider"], [data-job], [data-frame]';
  const found = (within) => {
    const layers = [...document.querySelectorAll('.menu-list')];
    const layer = layers.at(-1) ?? [...document.querySelectorAll('dialog[open], [role="dialog"]')].at(-1);
    const root = layer ?? document.querySelector(within) ?? document.body;
    const title = layer ? layer.getAttribute('aria-label') ?? document.getElementById(layer.getAttribute('aria-labelledby'))?.textContent ?? '' : 'window';
    const counts = new Map();
    return [...root.querySelectorAll(SELECTOR)].flatMap((element) => {
      if (element.matches(':disabled, [aria-disabled="true"], [aria-hidden="true"]') || element.getClientRects().length === 0) return [];
      const name = element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? (element.textContent || element.title);
      const key = [title, element.tagName, element.getAttribute('role') ?? '', name.replaceAll(/\\d+/g, 'N')].join(' | ');
      const nth = counts.get(key) ?? 0;
      counts.set(key, nth + 1);
      return [{ key, nth, element }];
    });
  };
  window.controlsOf = (within) => found(within).map(({ key, nth }) => ({ key, nth }));
  window.pressControl = (within, wanted, menu) => {
    const element = found(within).find(({ key, nth }) => key === wanted.key && nth === wanted.nth)?.element;
    if (!element) return false;
    const { x, y, width, height } = element.getBoundingClientRect();
    const at = { bubbles: true, cancelable: true, clientX: x + width / 2, clientY: y + height / 2 };
    if (menu) element.dispatchEvent(new MouseEvent('contextmenu', { ...at, button: 2 }));
    else if (element instanceof HTMLSelectElement) {
      element.selectedIndex = (element.selectedIndex + 1) % element.options.length;
      element.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
      element.focus();
      element.dispatchEvent(new MouseEvent('click', at));
    }
    return true;
  };
})()`;

declare global {
  interface Window {
    controlsOf(within: string): Control[];
    pressControl(within: string, control: Control, menu: boolean): boolean;
  }
}

/** Settles when what was pressed is drawn. */
function drawn(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(() => next()))));
}

/** Closes every menu and dialog. */
async function closeLayers(page: Page): Promise<void> {
  const layers = page.locator('.menu-list, dialog[open], [role="dialog"]');
  for (let turn = 0; turn <= DEEPEST && (await layers.count()) > 0; turn++) {
    await page.keyboard.press('Escape');
    await drawn(page);
  }
}

/**
 * Presses everything in a page that is not disabled, with a click and with the second mouse button where there may be a
 * menu, and the same in each menu and dialog that this opens.
 *
 * @param within CSS selector of the part of the window; what opens from there is followed everywhere
 * @param begin brings the window back to where it begins
 * @param after is told what was pressed, once it is drawn
 * @returns what was pressed
 */
export async function pressEverything(
  page: Page,
  within: string,
  begin: () => Promise<void>,
  after: (pressed: string) => Promise<void>,
): Promise<ReadonlySet<string>> {
  await page.evaluate(IN_PAGE);
  const seen = new Set<string>();
  const waiting: { readonly path: readonly Control[]; readonly control: Control; readonly menu: boolean }[] = [];
  const find = async (path: readonly Control[]): Promise<void> => {
    if (path.length > DEEPEST) return;
    for (const control of await page.evaluate((part) => window.controlsOf(part), within)) {
      if (seen.has(control.key)) continue;
      // Everything would have other names from then on.
      if (control.key.endsWith(' | Language')) continue;
      seen.add(control.key);
      waiting.push({ path, control, menu: false });
      if (/ \| DIV \| | job N/.test(control.key)) waiting.push({ path, control, menu: true });
    }
  };
  const press = (control: Control, menu: boolean): Promise<boolean> =>
    page.evaluate(([part, one, second]) => window.pressControl(part, one, second), [within, control, menu] as const);
  await begin();
  await find([]);
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    await closeLayers(page);
    await begin();
    for (const step of next.path) {
      await press(step, false);
      await drawn(page);
    }
    if (!(await press(next.control, next.menu))) continue;
    await drawn(page);
    await after(next.control.key);
    await find(next.menu ? next.path : [...next.path, next.control]);
  }
  await closeLayers(page);
  return seen;
}

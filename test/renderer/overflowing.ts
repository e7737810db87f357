import type { Page } from 'playwright-core';

/**
 * Whatever stands in the window is wholly in it, or in a place that scrolls or says with three dots that there is more.
 */
export async function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const wrong: string[] = [];
    if (
      document.documentElement.scrollWidth > window.innerWidth ||
      document.documentElement.scrollHeight > window.innerHeight
    )
      wrong.push('the page scrolls');
    for (const element of document.querySelectorAll<HTMLElement>('button, h2, h3, label, p, dd, .field-label')) {
      const style = getComputedStyle(element);
      if (element.closest('.visually-hidden') || style.display === 'none' || element.clientWidth === 0) continue;
      if (element.scrollWidth > element.clientWidth + 1 && style.overflowX === 'visible' && style.display !== 'inline')
        wrong.push(`${element.className || element.tagName}: ${element.textContent.slice(0, 60)}`);
    }
    const dialog = [...document.querySelectorAll('dialog[open]')].at(-1);
    const frame = dialog?.getBoundingClientRect();
    for (const button of dialog?.querySelectorAll('button') ?? []) {
      const box = button.getBoundingClientRect();
      if (box.width > 0 && (box.left < frame!.left || box.right > frame!.right))
        wrong.push(`beside its dialog: ${button.textContent}`);
    }
    const messages = document.querySelector('.messages:not(:empty)')?.getBoundingClientRect();
    for (const element of document.querySelectorAll('.nothing p, .nothing .button')) {
      const box = element.getBoundingClientRect();
      const stage = element.closest('.nothing')!.getBoundingClientRect();
      if (messages && Math.min(box.bottom, stage.bottom) > messages.top && box.top < messages.bottom)
        wrong.push(`a message lies over: ${element.textContent.slice(0, 60)}`);
    }
    return wrong;
  });
}

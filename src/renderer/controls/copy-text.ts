/**
 * Puts text on the clipboard, the way this page may.
 *
 * @returns false where it may not at all
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    // There only for pages from this machine or over HTTPS, and not where the shell refuses all permissions.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copySelected(text);
  }
}

/** The old way, which needs no permission but the press of a button. */
function copySelected(text: string): boolean {
  const before = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.readOnly = true;
  field.className = 'visually-hidden';
  // A modal dialog keeps everything outside of it from being selected.
  (before?.closest('dialog') ?? document.body).append(field);
  field.select();
  try {
    return document.execCommand('copy');
  } finally {
    field.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}

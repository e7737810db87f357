import { type BrowserWindow, dialog, type MessageBoxOptions, type MessageBoxReturnValue } from 'electron';
import { t } from '../../shared/texts/translate';
import type { QuitQuestion } from './quit-question';

/** Asks over the window, or on its own where there is none. */
function ask(window: BrowserWindow | null, options: MessageBoxOptions): Promise<MessageBoxReturnValue> {
  return window && !window.isDestroyed() ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options);
}

/** Tells a person what went wrong, in a sentence. */
export function complain(window: BrowserWindow | null, message: string): void {
  void ask(window, { type: 'error', message });
}

/**
 * @param signal closes the question: that is a yes
 * @returns whether to quit all the same
 */
export async function askToQuit(
  window: BrowserWindow | null,
  question: QuitQuestion,
  signal: AbortSignal,
): Promise<boolean> {
  const texts =
    question.kind === 'restarting'
      ? {
          message: t('Restart while rendering?'),
          detail: t('Finished frames are kept, and the job continues by itself. Frames in work start over.'),
          buttons: [t('Restart'), t('Keep Rendering')],
        }
      : question.kind === 'rendering'
        ? {
            message: t('Quit while rendering?'),
            detail: t(
              'Finished frames are kept. The job continues with the next frame when Framegauge is started again.',
            ),
            buttons: [t('Quit'), t('Keep Rendering')],
          }
        : {
            message: t('Quit while jobs wait?'),
            detail: t(
              '{count, plural, one {# job waits and is} other {# jobs wait and are}} not rendered while Framegauge is closed.',
              { count: question.waiting },
            ),
            buttons: [t('Quit'), t('Keep Running')],
          };
  const { response } = await ask(window, { type: 'question', ...texts, defaultId: 1, cancelId: 1, signal });
  return response === 0 || signal.aborted;
}

/** @returns whether to load a page again that keeps crashing */
export async function askToReload(
  window: BrowserWindow,
  { reason, exitCode }: { readonly reason: string; readonly exitCode: number },
): Promise<boolean> {
  const { response } = await ask(window, {
    type: 'error',
    message: t('The window keeps crashing.'),
    detail: t('Rendering continues without it ({reason}, exit code {code}).', { reason, code: String(exitCode) }),
    buttons: [t('Reload'), t('Leave It')],
  });
  return response === 0;
}

/** Has a person choose with the system's dialog. @returns an absolute path; null when it was cancelled */
async function choose(window: BrowserWindow, options: Electron.OpenDialogOptions): Promise<string | null> {
  const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
  return canceled ? null : (filePaths[0] ?? null);
}

/** Has a person choose a file. @param extensions without dots */
export function chooseFile(
  window: BrowserWindow,
  {
    title,
    kind,
    extensions,
    start,
  }: {
    readonly title: string;
    readonly kind: string;
    readonly extensions: readonly string[];
    readonly start?: string | undefined;
  },
): Promise<string | null> {
  return choose(window, {
    title,
    ...(start === undefined ? {} : { defaultPath: start }),
    filters: [
      { name: kind, extensions: [...extensions] },
      { name: t('All Files'), extensions: ['*'] },
    ],
    properties: ['openFile'],
  });
}

/** Has a person choose a folder, or make one. */
export function chooseFolder(window: BrowserWindow, start: string): Promise<string | null> {
  return choose(window, {
    title: t('Choose a Folder'),
    defaultPath: start,
    properties: ['openDirectory', 'createDirectory'],
  });
}

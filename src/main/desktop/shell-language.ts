import { app } from 'electron';
import { languageOf, type Language } from '../../shared/texts/languages';
import { language, loadCatalogue, setLanguage } from '../../shared/texts/translate';

/** What is drawn with texts, by functions that draw it anew. */
const drawn = new Set<() => void>();

/** Draws something with texts, now and whenever another language is spoken. */
export function drawInLanguage(draw: () => void): void {
  drawn.add(draw);
  draw();
}

/**
 * Speaks a language in what this process draws itself: native menus, the tray, dialogs. The window tells which one its
 * person has chosen. The host's own sentences stay English, as in logs and answers.
 */
export async function speakLanguage(wanted: Language): Promise<void> {
  if (wanted === language()) return;
  setLanguage(wanted, await loadCatalogue(wanted));
  for (const draw of drawn) draw();
}

/** Speaks the system's language, as long as no window has told another one. */
export function speakSystemLanguage(): Promise<void> {
  return speakLanguage(languageOf('auto', app.getPreferredSystemLanguages()));
}

import { languageOf, type Language } from '../shared/texts/languages';
import { loadCatalogue, setLanguage } from '../shared/texts/translate';
import type { AppStore } from './app-store';

/**
 * Speaks the language that the person has chosen in Preferences, or the browser's, now and whenever either changes.
 *
 * @param tell has others speak it too
 * @returns settles once the language of now is spoken
 */
export async function followLanguage(
  store: AppStore,
  tell: ((language: Language) => Promise<void>) | null,
): Promise<void> {
  const apply = async (): Promise<void> => {
    const wanted = (): ReturnType<typeof languageOf> =>
      languageOf(
        store.getState().view.language,
        navigator.languages.length > 0 ? navigator.languages : [navigator.language],
      );
    const language = wanted();
    tell?.(language).catch((error: unknown) => console.warn('The program was not told the language.', error));
    if (store.getState().language === language) return;
    try {
      const catalogue = await loadCatalogue(language);
      // Another one may have been chosen while it was loaded.
      if (wanted() !== language) return;
      setLanguage(language, catalogue);
    } catch (error) {
      console.warn(`The texts of ${language} could not be loaded.`, error);
      return;
    }
    document.documentElement.lang = language;
    store.setState({ language });
  };
  store.subscribe((state, before) => {
    if (state.view.language !== before.view.language) void apply();
  });
  window.addEventListener('languagechange', () => void apply());
  await apply();
}

/** Languages that the window speaks, each named in itself. */
export const LANGUAGES = { en: 'English', de: 'Deutsch', ja: '日本語' } as const;
export type Language = keyof typeof LANGUAGES;

/** What a person may choose: a language, or that of the browser or the system. */
export const LANGUAGE_CHOICES = ['auto', 'en', 'de', 'ja'] as const satisfies readonly (Language | 'auto')[];
export type LanguageChoice = (typeof LANGUAGE_CHOICES)[number];

/**
 * The language to speak.
 *
 * @param preferred language tags such as `de-AT`, the best first: those of the browser or the system
 */
export function languageOf(choice: LanguageChoice, preferred: readonly string[]): Language {
  if (choice !== 'auto') return choice;
  const primary = preferred.map((tag) => tag.split(/[-_]/)[0]!.toLowerCase());
  return primary.find((tag): tag is Language => Object.hasOwn(LANGUAGES, tag)) ?? 'en';
}

/** The locale of numbers and dates. English ones are written as in Britain: day before month, 24 hours. */
export const LOCALES: Record<Language, string> = { en: 'en-GB', de: 'de-DE', ja: 'ja-JP' };

/**
 * A browser that was started without a locale (`LANG=C`, as on render boxes) may call its language `en-US@posix`, which
 * Intl refuses and libraries pass on to it as they are loaded. Such a tag is replaced by English before anything else
 * runs; so this module is imported before all others.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-US', configurable: true });
}

/** The language that is used. */
export const language: string = navigator.language;

import { LOCALES, type Language } from './languages';
import { formatMessage, parseMessage, type Part, type Values } from './message-format';

/** Translations by their English texts. */
export type Catalogue = Readonly<Record<string, string>>;

/** What is made once for a language: lists of many jobs translate thousands of texts while they are scrolled. */
interface Speaker {
  readonly language: Language;
  readonly catalogue: Catalogue;
  readonly parsed: Map<string, readonly Part[]>;
  /** How a number is written. */
  readonly write: (value: number) => string;
  /** The plural category of a number. */
  readonly category: (value: number) => string;
}

const speakerOf = (language: Language, catalogue: Catalogue): Speaker => {
  // Made at the first number: a command that only marks texts would wait some 20 ms for them at its start.
  let numbers: Intl.NumberFormat | undefined;
  let plurals: Intl.PluralRules | undefined;
  return {
    language,
    catalogue,
    parsed: new Map(),
    write: (value) => (numbers ??= new Intl.NumberFormat(LOCALES[language])).format(value),
    category: (value) => (plurals ??= new Intl.PluralRules(LOCALES[language])).select(value),
  };
};

/** The language that this process or page speaks; one at a time. */
let speaker = speakerOf('en', {});

/** Loads the texts of a language; the English ones stand in the code. */
export async function loadCatalogue(language: Language): Promise<Catalogue> {
  switch (language) {
    case 'en':
      return {};
    case 'de':
      return (await import('./de')).de;
    case 'ja':
      return (await import('./ja')).ja;
  }
}

/** Speaks another language from now on. What is drawn already is to be drawn again. */
export function setLanguage(language: Language, catalogue: Catalogue): void {
  speaker = speakerOf(language, catalogue);
}

/** The language that is spoken. */
export function language(): Language {
  return speaker.language;
}

/** The locale for Intl. */
export function locale(): string {
  return LOCALES[speaker.language];
}

/**
 * A text of the window in the language that is spoken, English where there is no translation.
 *
 * @param text in English, with `{name}` for values and `{count, plural, one {# job} other {# jobs}}` for what goes by a
 *   number (ICU MessageFormat); written out here or marked by `msg`, so that the tests find it
 */
export function t(text: string, values: Values = {}): string {
  let parts = speaker.parsed.get(text);
  if (!parts) {
    parts = parseMessage(Object.hasOwn(speaker.catalogue, text) ? speaker.catalogue[text]! : text);
    speaker.parsed.set(text, parts);
  }
  return formatMessage(parts, values, speaker.write, speaker.category);
}

/**
 * Marks a text for the catalogue where it is declared, in a table for instance; what draws it calls `t` with it. Nothing
 * may be translated while a module is loaded: the language is chosen later, and may change.
 */
export function msg<const T extends string>(text: T): T {
  return text;
}

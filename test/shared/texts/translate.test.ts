import { afterEach, describe, expect, it } from 'vitest';
import { LANGUAGE_CHOICES, LANGUAGES, languageOf } from '../../../src/shared/texts/languages';
import { language, loadCatalogue, locale, setLanguage, t } from '../../../src/shared/texts/translate';

afterEach(() => setLanguage('en', {}));

describe('texts', () => {
  it('are English where there is no translation', () => {
    setLanguage('de', {});
    expect(t('Pause All')).toBe('Pause All');
  });
  it('are said in the language that was set last, with its numbers', () => {
    const jobs = '{count, plural, one {# job} other {# jobs}}';
    expect(t(jobs, { count: 1_500 })).toBe('1,500 jobs');
    setLanguage('de', { [jobs]: '{count, plural, one {# Auftrag} other {# Aufträge}}' });
    expect([language(), locale(), t(jobs, { count: 1 }), t(jobs, { count: 1_500 })]).toEqual([
      'de',
      'de-DE',
      '1 Auftrag',
      '1.500 Aufträge',
    ]);
    setLanguage('ja', { [jobs]: '{count}件のジョブ' });
    expect(t(jobs, { count: 1 })).toBe('1件のジョブ');
  });
  it('are there in every language', async () => {
    for (const one of ['de', 'ja'] as const) expect(Object.keys(await loadCatalogue(one))).toContain('Language');
  });
});

describe('the language', () => {
  it('is the chosen one, else the first that is known, else English', () => {
    expect(languageOf('ja', ['de-DE'])).toBe('ja');
    expect(languageOf('auto', ['fr-FR', 'de-AT', 'ja'])).toBe('de');
    expect(languageOf('auto', ['JA_JP'])).toBe('ja');
    expect(languageOf('auto', ['fr', 'C', ''])).toBe('en');
  });
  it('can be chosen from all that there are', () => {
    expect([...LANGUAGE_CHOICES].toSorted()).toEqual(['auto', ...Object.keys(LANGUAGES)].toSorted());
  });
});

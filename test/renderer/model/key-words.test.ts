import { afterEach, expect, it } from 'vitest';
import { keyWords } from '../../../src/renderer/model/key-words';
import { loadCatalogue, setLanguage } from '../../../src/shared/texts/translate';

afterEach(() => setLanguage('en', {}));

it('names keys as they are printed on the keyboards of the language', async () => {
  const keys = ['Ctrl+Page Down', 'Ctrl + ↑ ↓, Enter', 'Shift+F6', 'Alt+Home', 'Ctrl+Shift+E', 'Del', 'F12'];
  expect(keys.map(keyWords)).toEqual(keys);
  setLanguage('de', await loadCatalogue('de'));
  expect(keys.map(keyWords)).toEqual([
    'Strg+Bild ab',
    'Strg + ↑ ↓, Eingabe',
    'Umschalt+F6',
    'Alt+Pos1',
    'Strg+Umschalt+E',
    'Entf',
    'F12',
  ]);
});

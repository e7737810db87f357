import { expect, it } from 'vitest';
import { inWrittenOrder, isolated } from '../../../src/shared/texts/direction';
import { t } from '../../../src/shared/texts/translate';
import { messageOf, UserError } from '../../../src/shared/user-error';

const HEBREW = 'סצנה_12';
const SPOOF = 'photo\u202Egnp.exe';

it('leaves text that is read from the left as it is, in whatever script', () => {
  for (const text of ['kitchen', '最終版_v12', '👩‍👩‍👧', 'e\u0301', '']) {
    expect(inWrittenOrder(text)).toBe(text);
    expect(isolated(text)).toBe(text);
  }
  expect(inWrittenOrder(HEBREW)).toBe(HEBREW);
});

it('shows what would turn the direction of the text after it', () => {
  expect(inWrittenOrder(SPOOF)).toBe('photo\uFFFDgnp.exe');
  expect(inWrittenOrder('\u2067a\u2069')).toBe('\uFFFDa\uFFFD');
  expect(isolated('\u2069a\u2068')).toBe('\u2068\uFFFDa\uFFFD\u2069');
});

it('keeps the words of a sentence in their places around a name, also where the sentence goes into another', () => {
  expect(t('Edit {name}, Job {id}', { name: HEBREW, id: '3' })).toBe(`Edit \u2068${HEBREW}\u2069, Job 3`);
  const inner = t('Waits for {job}', { job: SPOOF });
  expect(inner).toBe('Waits for \u2068photo\uFFFDgnp.exe\u2069');
  expect(t('Whole text: {text}', { text: inner })).toBe(`Whole text: \u2068${inner}\u2069`);
});

it('holds for sentences of the host', () => {
  expect(new UserError(`“${SPOOF}” has no camera.`).message).toBe('“photo\uFFFDgnp.exe” has no camera.');
  expect(messageOf(new Error(`no such file, ${SPOOF}`))).toBe('no such file, photo\uFFFDgnp.exe');
});

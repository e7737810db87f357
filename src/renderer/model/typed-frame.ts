import { MAX_FRAME } from '../../shared/frame-range';
import { cutTo } from '../../shared/shortened';
import { t } from '../../shared/texts/translate';
import { calculatedText, calculationProblem } from './calculate';
import { readNumber } from './typed-value';

/** A frame's number as it is typed or calculated, rounded; a sentence that says why it is none. */
export function readFrame(text: string): number | string {
  const problem = calculationProblem(text);
  if (problem !== null) return problem;
  const value = readNumber(calculatedText(text) ?? text);
  return value === null || Math.abs(value) > MAX_FRAME
    ? t('“{text}” is not the number of a frame.', { text: cutTo(text, 41) })
    : Math.round(value);
}

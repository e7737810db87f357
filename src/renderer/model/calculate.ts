import { cutTo } from '../../shared/shortened';
import { t } from '../../shared/texts/translate';
import { readNumber } from './typed-value';

/** As long as anything that is worth typing; it bounds how deep parentheses go, too. */
const MAX_LENGTH = 200;

/** What a text with numbers, + - * / and parentheses comes to, or a sentence that says why it comes to nothing. */
export type Calculation = { readonly value: number } | { readonly problem: string };

/** Whether a text is something to calculate: a plain number and a mere word are not. */
function isCalculation(text: string): boolean {
  return readNumber(text) === null && /\d/.test(text) && /[-+*/()]/.test(text);
}

/**
 * Calculates what stands in a number field, such as `24*2` or `(1+2)/3`: the four operations with the usual precedence,
 * signs, and parentheses. Own code, since a page that may evaluate text as code is one that can be attacked.
 */
export function calculate(text: string): Calculation {
  const typed = text.trim();
  const shown = cutTo(typed, 41);
  const fault = (problem: string): Calculation => ({ problem });
  if (typed.length > MAX_LENGTH)
    return fault(t('This is too long to calculate: write at most {count} characters.', { count: MAX_LENGTH }));
  const parts = typed.match(/\d+\.?\d*|\.\d+|\S/g) ?? [];
  const foreign = parts.find((part) => !/^[\d.+\-*/()]/.test(part) || part === '.');
  if (foreign !== undefined)
    return fault(
      t('“{text}” cannot be calculated: “{part}” is not a number, and none of + - * / ( ).', {
        text: shown,
        part: foreign,
      }),
    );
  let at = 0;

  function sum(): number {
    let value = product();
    while (parts[at] === '+' || parts[at] === '-') value = parts[at++] === '+' ? value + product() : value - product();
    return value;
  }
  function product(): number {
    let value = signed();
    while (parts[at] === '*' || parts[at] === '/') {
      const divides = parts[at++] === '/';
      const by = signed();
      if (divides && by === 0)
        throw new Problem(t('“{text}” divides by zero: change what stands after the /.', { text: shown }));
      value = divides ? value / by : value * by;
    }
    return value;
  }
  function signed(): number {
    if (parts[at] === '-' || parts[at] === '+') return parts[at++] === '-' ? -signed() : signed();
    return single();
  }
  function single(): number {
    const part = parts[at++];
    if (part === '(') {
      const value = sum();
      if (parts[at++] !== ')') throw new Problem(t('“{text}” lacks a closing parenthesis.', { text: shown }));
      return value;
    }
    if (part === undefined || !/^[\d.]/.test(part)) {
      const before = parts[at - 2];
      throw new Problem(
        before === undefined
          ? t('“{text}” cannot be calculated: it begins with “{part}”, where a number was expected.', {
              text: shown,
              part: part ?? '',
            })
          : t('“{text}” cannot be calculated: a number is missing after “{before}”.', { text: shown, before }),
      );
    }
    return Number(part);
  }

  try {
    const value = sum();
    const left = parts[at];
    if (left === ')') throw new Problem(t('“{text}” has a closing parenthesis too many.', { text: shown }));
    if (left !== undefined)
      throw new Problem(
        t('“{text}” cannot be calculated: one of + - * / is missing before “{part}”.', { text: shown, part: left }),
      );
    if (!Number.isFinite(value)) throw new Problem(t('“{text}” comes to more than can be counted.', { text: shown }));
    return { value };
  } catch (error) {
    if (error instanceof Problem) return fault(error.message);
    throw error;
  }
}

class Problem extends Error {}

/** What to put into a field in place of what was typed; null where that is no calculation, or one that fails. */
export function calculatedText(text: string): string | null {
  if (!isCalculation(text)) return null;
  const result = calculate(text);
  // A sixth decimal is beyond what any field means; 0.1+0.2 comes to 0.3.
  return 'value' in result ? String(Number(result.value.toFixed(6))) : null;
}

/** A sentence about a calculation that fails; null for everything else. */
export function calculationProblem(text: string): string | null {
  if (!isCalculation(text)) return null;
  const result = calculate(text);
  return 'problem' in result ? result.problem : null;
}

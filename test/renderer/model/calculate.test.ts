import { expect, it } from 'vitest';
import { calculate, calculatedText, calculationProblem } from '../../../src/renderer/model/calculate';

it('calculates with the usual precedence, signs and parentheses', () => {
  const values: Record<string, number> = {
    '24*2': 48,
    '(1+2)/3': 1,
    '1 + 2 * 3': 7,
    '10-2-3': 5,
    '100/10/2': 5,
    '-(2+3)*2': -10,
    '2*-3': -6,
    '--4': 4,
    '.5+1.': 1.5,
    '1920*2/3': 1280,
    '((((7))))': 7,
  };
  for (const [text, value] of Object.entries(values)) expect(calculate(text), text).toEqual({ value });
});

it('puts the result into a field, and leaves alone what is no calculation', () => {
  expect(calculatedText('0.1+0.2')).toBe('0.3');
  expect(calculatedText('1/3')).toBe('0.333333');
  expect(calculatedText('1e21*1')).toBeNull();
  for (const text of ['', '24', '-3', ' 2.5 ', 'frames', '-', '24*', '1/0'])
    expect(calculatedText(text), text).toBeNull();
});

it('says in a sentence what is wrong with a calculation', () => {
  const problems: Record<string, string> = {
    '24*': '“24*” cannot be calculated: a number is missing after “*”.',
    '*24': '“*24” cannot be calculated: it begins with “*”, where a number was expected.',
    '(1+2': '“(1+2” lacks a closing parenthesis.',
    '1+2)': '“1+2)” has a closing parenthesis too many.',
    '1/(2-2)': '“1/(2-2)” divides by zero: change what stands after the /.',
    '2 (3)': '“2 (3)” cannot be calculated: one of + - * / is missing before “(”.',
    '2*x': '“2*x” cannot be calculated: “x” is not a number, and none of + - * / ( ).',
    'alert(1)': '“alert(1)” cannot be calculated: “a” is not a number, and none of + - * / ( ).',
    '1,5*2': '“1,5*2” cannot be calculated: “,” is not a number, and none of + - * / ( ).',
  };
  for (const [text, problem] of Object.entries(problems)) expect(calculationProblem(text), text).toBe(problem);
  expect(calculationProblem(`1${'+1'.repeat(100)}`)).toMatch(/too long/);
  expect(calculationProblem(`${'9'.repeat(99)}*${'9'.repeat(99)}`)).toBeNull();
  expect(calculationProblem('frames')).toBeNull();
  expect(calculationProblem('24')).toBeNull();
});

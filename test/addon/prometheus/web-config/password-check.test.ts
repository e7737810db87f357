import { hashSync } from 'bcryptjs';
import { describe, expect, test } from 'vitest';
import { createPasswordCheck } from '../../../../src/addon/prometheus/web-config/password-check';

const users = new Map([
  ['alice', hashSync('wonder', 10)],
  ['bob', hashSync('builder', 10)],
]);

describe('a password', () => {
  test('is right for its own user only', async () => {
    const { check } = createPasswordCheck();
    expect(await check(users, 'alice', 'wonder')).toBe('right');
    expect(await check(users, 'bob', 'builder')).toBe('right');
    expect(await check(users, 'alice', 'builder')).toBe('wrong');
    expect(await check(users, 'alice', '')).toBe('wrong');
    for (const stranger of ['carol', 'dave', 'erin', '']) {
      expect(await check(users, stranger, 'wonder')).toBe('wrong');
      expect(await check(users, stranger, 'builder')).toBe('wrong');
    }
  });

  test('that htpasswd hashed is right', async () => {
    const own = new Map([['u', hashSync('word', 4).replace('$2b$', '$2y$')]]);
    expect(await createPasswordCheck().check(own, 'u', 'word')).toBe('right');
  });
});

test('what was checked before is known at once, right or wrong, and costs no bcrypt', async () => {
  const { check } = createPasswordCheck();
  await check(users, 'alice', 'wonder');
  await check(users, 'alice', 'wrong');
  const began = performance.now();
  for (let i = 0; i < 1_000; i++) {
    expect(check(users, 'alice', 'wonder')).toBe('right');
    expect(check(users, 'alice', 'wrong')).toBe('wrong');
  }
  // Two thousand of bcrypt would take more than a minute.
  expect(performance.now() - began).toBeLessThan(60_000);
});

test('a changed hash ends what was known', async () => {
  const { check } = createPasswordCheck();
  expect(await check(users, 'alice', 'wonder')).toBe('right');
  expect(await check(new Map([['alice', hashSync('new', 4)]]), 'alice', 'wonder')).toBe('wrong');
  expect(await check(new Map(), 'alice', 'wonder')).toBe('wrong');
});

test('a user who does not exist costs what one who does costs', async () => {
  const { check } = createPasswordCheck();
  const time = async (user: string): Promise<number> => {
    const began = process.cpuUsage();
    for (let i = 0; i < 5; i++) expect(await check(users, user, `guess ${i}`)).toBe('wrong');
    const { user: used, system } = process.cpuUsage(began);
    return used + system;
  };
  await time('bob');
  const [known, unknown] = [await time('alice'), await time('nobody')];
  expect(unknown / known).toBeGreaterThan(0.1);
  expect(unknown / known).toBeLessThan(10);
});

test('many guesses at once are refused, and those who are known pass meanwhile', async () => {
  const { check } = createPasswordCheck();
  await check(users, 'alice', 'wonder');
  const verdicts = Array.from({ length: 40 }, (_, i) => check(users, 'alice', `guess ${i}`));
  expect(verdicts.filter((verdict) => verdict === 'busy')).toHaveLength(24);
  expect(check(users, 'alice', 'wonder')).toBe('right');
  await Promise.all(verdicts);
});

test('the same password asked for by many at once is checked once', async () => {
  const { check } = createPasswordCheck();
  const verdicts = await Promise.all(Array.from({ length: 100 }, () => check(users, 'alice', 'wonder')));
  expect(new Set(verdicts)).toEqual(new Set(['right']));
});

import { expect, it } from 'vitest';
import { answerQuestions } from '../../../src/main/addons/answer-questions';
import type { HostToAddon } from '../../../src/shared/addon-protocol';

function questions(take: () => boolean | Promise<true>, answer: () => unknown) {
  const sent: HostToAddon[] = [];
  let spent = 0;
  const ask = answerQuestions({
    answer,
    send: (message) => sent.push(message),
    turns: { take, spend: (ms) => (spent += ms) },
  });
  const question = { type: 'request', id: 1, request: { what: 'snapshot' } } as const;
  return { sent, spent: () => spent, ask: () => ask(question) };
}

const busy = (milliseconds: number): void => {
  for (const end = performance.now() + milliseconds; performance.now() < end;);
};

it('answers at once where it is the turn, and counts what that took of the host’s time', () => {
  const { sent, spent, ask } = questions(
    () => true,
    () => busy(20),
  );
  void ask();
  expect(sent).toMatchObject([{ type: 'reply', id: 1 }]);
  expect(spent()).toBeGreaterThanOrEqual(20);
});

it('refuses without asking where too many wait', async () => {
  const { sent, spent, ask } = questions(
    () => false,
    () => busy(20),
  );
  await ask();
  expect(sent).toMatchObject([
    { error: { message: 'So many questions in a second are not answered.', kind: 'failed' } },
  ]);
  expect(spent()).toBe(0);
});

it('tells why an answer failed, whose time counts too', async () => {
  const { sent, spent, ask } = questions(
    () => Promise.resolve(true as const),
    () => {
      busy(5);
      throw new Error('There is none.');
    },
  );
  await ask();
  expect(sent).toMatchObject([{ error: { message: 'There is none.', kind: 'failed' } }]);
  expect(spent()).toBeGreaterThanOrEqual(5);
});

import { expect } from 'vitest';
import type { DesktopApp } from './desktop-app';

type Bridge = { framegauge: { call(operation: string, input: unknown): Promise<{ ok: boolean; value: unknown }> } };

/** Has the UI's page of the desktop app call an operation of the host, which has to succeed. */
export async function callInPage(
  desktop: DesktopApp,
  operation: string,
  input: unknown,
): Promise<Record<string, unknown>> {
  const reply = await desktop.page.evaluate(
    ([name, value]) => (globalThis as unknown as Bridge).framegauge.call(name, value),
    [operation, input] as const,
  );
  expect(reply).toMatchObject({ ok: true });
  return reply.value as Record<string, unknown>;
}

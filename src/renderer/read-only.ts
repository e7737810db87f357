import { createContext, useContext } from 'react';
import { t } from '../shared/texts/translate';
import type { AppState } from './app-store';

/** Why nothing can be changed, in a sentence; null where it can. */
export function whyReadOnly({ connection }: Pick<AppState, 'connection'>): string | null {
  return connection.kind === 'connected' && connection.right === 'read'
    ? t(
        'This page was opened with the read token, which allows viewing only: open it with the control token to make changes.',
      )
    : null;
}

/** Of whatever asks the host to change something: controls below it are disabled and say why. */
export const ReadOnly = createContext<string | null>(null);

export function useReadOnly(): string | null {
  return useContext(ReadOnly);
}

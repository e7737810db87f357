import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Actions } from './actions/actions';
import type { AppState, AppStore } from './app-store';
import type { HostClient } from './host-client';
import type { PlayedPictures } from './playback/played-pictures';

/** What every component reaches: the state, and what can be done. */
export interface App {
  readonly client: HostClient;
  readonly store: AppStore;
  readonly actions: Actions;
  /** What is played, for whoever draws it. */
  readonly pictures: PlayedPictures;
}

export const AppContext = createContext<App | null>(null);

export function useApp(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error('A component was drawn outside of the app.');
  return app;
}

export function useAppState<T>(selector: (state: AppState) => T): T {
  return useStore(useApp().store, selector);
}

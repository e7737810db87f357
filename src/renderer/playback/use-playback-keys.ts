import { useEffect } from 'react';
import { hasDialog } from '../commands';
import { useApp, type App } from '../app-context';
import type { PlaybackKey } from '../model/area-keys';

/** Where the keys of playback hold, as in Blender: under the pointer, or where the focus is. */
const AREAS = '.viewer, .timeline';
/** What a control that has been reached with the keyboard needs itself. */
const CONTROL = 'button, a[href], summary, [role="menuitem"], [role="option"]';

type Run = (app: App, event: KeyboardEvent) => void;

/** Blender's keys, and those of editors: each that the table names, and no other. */
const KEYS: Readonly<Record<PlaybackKey, Run>> = {
  ' ': ({ actions }) => actions.togglePlay(),
  j: ({ actions }) => actions.shuttle('j'),
  k: ({ actions }) => actions.shuttle('k'),
  l: ({ actions }) => actions.shuttle('l'),
  i: ({ actions }) => actions.setPlayEnd('start'),
  o: ({ actions }) => actions.setPlayEnd('end'),
  m: ({ actions }, event) => actions.goToMark(event.shiftKey ? -1 : 1),
  ArrowLeft: ({ actions }) => actions.jump('before'),
  ArrowRight: ({ actions }) => actions.jump('after'),
  Home: ({ actions }) => actions.jump('first'),
  End: ({ actions }) => actions.jump('last'),
  Escape: ({ actions }) => actions.cancelPlaying(),
};

/**
 * Binds the keys of playback, for as long as image or timeline are drawn; Esc also where neither is. What has the focus
 * keeps the keys that it handles itself.
 */
export function usePlaybackKeys(): void {
  const app = useApp();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const run = Object.hasOwn(KEYS, key) ? KEYS[key as PlaybackKey] : undefined;
      if (!run || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.shiftKey && event.key.toLowerCase() !== 'm') return;
      const state = app.store.getState();
      if (hasDialog(state)) return;
      // While it plays, Esc stops that and nothing else; but an open menu is closed before.
      if (event.key === 'Escape' ? state.playback === null || isInMenu(event) : !isOurs(event)) return;
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat || event.key.startsWith('Arrow')) run(app, event);
    };
    // Before the focused element: a button that was pressed with the mouse would take the space bar.
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [app]);
}

function isInMenu({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.closest('[role="menu"], [role="menubar"]') !== null;
}

function isOurs({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches('input, textarea, select, [contenteditable]') || target.closest('[role="menu"], [role="dialog"]'))
    return false;
  // The image has its own Home; the timeline and the live view have their own arrows, too.
  if (key === 'Home' && target.matches('.image-view')) return false;
  if (key.length > 1 && target.matches('[role="slider"], .picture, .scene-view-stage')) return false;
  if (target.matches(CONTROL) && target.matches(':focus-visible')) return false;
  if (target.closest(AREAS)) return true;
  if (target === document.body) return document.querySelector(AREAS) !== null;
  // The pointer decides where the focus has not been put by hand.
  return !target.matches(':focus-visible') && document.querySelector(`:is(${AREAS}):hover`) !== null;
}

import { useEffect, useState } from 'react';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { shownKind, shownWorkspace, type AppState } from '../app-store';
import { COMMAND_LIST, commandKeys, commandName, commandState } from '../command-list';
import { hintsOf, type KeyPlace } from '../model/area-keys';
import { keyWords } from '../model/key-words';
import { isPlayable } from '../playback/play-source';

/** The areas that have keys of their own, by the names that their styles have. */
const AREAS = ['queue', 'viewer', 'timeline', 'properties', 'statistics'] as const;
type Area = (typeof AREAS)[number];
const SELECTOR = AREAS.map((area) => `.area.${area}`).join(', ');

/** What is told while the pointer is over none of the areas. */
const ANYWHERE = ['render-image', 'render-animation', 'search', 'shortcuts'];

/**
 * The keys that mean something under the pointer, or where the focus went last, as Blender's status bar tells them.
 * Whoever can't see them has the sheet of keys.
 */
export function KeyHints() {
  const area = useAreaAtHand();
  const places = useAppState((state) => (area === null ? '' : placesOf(area, state).join(' ')));
  const possible = useAppState((state) =>
    COMMAND_LIST.filter((command) => ANYWHERE.includes(command.command) && commandState(command, state) !== 'dim')
      .map(({ command }) => command)
      .join(' '),
  );
  const own = hintsOf(places.split(' ') as KeyPlace[]).map(({ keys, hint }) => ({ keys, text: t(hint) }));
  const hints =
    own.length > 0
      ? own
      : COMMAND_LIST.filter(({ command }) => possible.split(' ').includes(command)).map((command) => ({
          keys: commandKeys(command),
          text: commandName(command),
        }));
  return (
    <span className="status-keys" aria-hidden="true">
      {hints.map(({ keys, text }) => (
        <span className="status-key" key={keys + text}>
          <kbd>{keyWords(keys)}</kbd> {text}
        </span>
      ))}
    </span>
  );
}

function placesOf(area: Area, state: AppState): readonly KeyPlace[] {
  const playback: readonly KeyPlace[] = isPlayable(state) ? ['playback'] : [];
  switch (area) {
    case 'queue':
      return state.model.jobs.byId.size > 0 ? ['queue'] : [];
    case 'timeline':
      return [...playback, 'timeline'];
    case 'viewer':
      return shownKind(state) === 'scene' && state.model.host?.scene?.engine === 'gltf'
        ? ['scene']
        : [...playback, 'image'];
    case 'properties':
      return ['field'];
    case 'statistics':
      return shownWorkspace(state) === 'statistics' ? ['statistics'] : [];
  }
}

/** The area that the pointer entered or the focus went into, whichever came last. */
function useAreaAtHand(): Area | null {
  const [area, setArea] = useState<Area | null>(null);
  useEffect(() => {
    const look = ({ target }: Event): void => {
      const element = target instanceof Element ? target.closest(SELECTOR) : null;
      setArea(AREAS.find((name) => element?.classList.contains(name)) ?? null);
    };
    document.addEventListener('pointerover', look);
    document.addEventListener('focusin', look);
    return () => {
      document.removeEventListener('pointerover', look);
      document.removeEventListener('focusin', look);
    };
  }, []);
  return area;
}

import { msg } from '../../shared/texts/translate';

/** Where a key means something: under the pointer, or where the focus is. */
export type KeyPlace = 'queue' | 'timeline' | 'playback' | 'image' | 'scene' | 'field' | 'statistics';

/** A key of an area, for the sheet of keys and for the status bar. The keys of the whole window are in the list of commands. */
export interface AreaKeys {
  readonly place: KeyPlace;
  /** As they are written, such as `Shift + ↑ ↓`. */
  readonly keys: string;
  /** In the sheet. */
  readonly what: string;
  /** In the status bar; none where there is no room to tell it in a word. */
  readonly hint?: string;
}

/** The keys of playback, by what {@link PlaybackKey} names: each is bound to what it does by that name. */
export const PLAYBACK_KEYS = [
  {
    place: 'playback',
    presses: [' '],
    keys: 'Space',
    what: msg('Over image and timeline: play or stop'),
    hint: msg('Play'),
  },
  {
    place: 'playback',
    presses: ['ArrowLeft', 'ArrowRight'],
    keys: '← →',
    what: msg('Over image and timeline: one frame back or forward'),
    hint: msg('Frame'),
  },
  {
    place: 'playback',
    presses: ['Home', 'End'],
    keys: 'Home, End',
    what: msg('Over image and timeline: first or last frame'),
    hint: msg('First, Last'),
  },
  {
    place: 'playback',
    presses: ['m'],
    keys: 'M',
    what: msg('Over image and timeline: next frame that failed or looks wrong; with Shift the one before'),
    hint: msg('Next Mark'),
  },
  {
    place: 'playback',
    presses: ['j', 'k', 'l'],
    keys: 'J K L',
    what: msg('Over image and timeline: play back, stop, play on; twice as fast each time'),
  },
  {
    place: 'playback',
    presses: ['i', 'o'],
    keys: 'I, O',
    what: msg('Over image and timeline: begin or end what is played at this frame'),
  },
  {
    place: 'playback',
    presses: ['Escape'],
    keys: 'Esc',
    what: msg('While it plays: return to where it began'),
  },
] as const satisfies readonly (AreaKeys & { readonly presses: readonly string[] })[];

/** A key of playback, as the browser names it, letters in lower case. */
export type PlaybackKey = (typeof PLAYBACK_KEYS)[number]['presses'][number];

export const AREA_KEYS: readonly AreaKeys[] = [
  {
    place: 'queue',
    keys: '↑ ↓',
    what: msg('In the queue: the job above or below; Home and End for the first and last'),
    hint: msg('Select'),
  },
  {
    place: 'queue',
    keys: 'Shift + ↑ ↓',
    what: msg('In the queue: select several jobs; Ctrl + A selects all that are listed'),
    hint: msg('Several'),
  },
  {
    place: 'queue',
    keys: 'Ctrl + ↑ ↓, Enter',
    what: msg('In the queue: go on without selecting; take the job in or out'),
  },
  { place: 'queue', keys: '← →', what: msg('In the queue: fold or unfold a row') },
  {
    place: 'queue',
    keys: 'Alt + ↑ ↓',
    what: msg('In the queue: move jobs up or down, once more to the next priority; with Home and End to either end'),
    hint: msg('Move'),
  },
  { place: 'queue', keys: 'F2', what: msg('In the queue: edit the job'), hint: msg('Edit') },
  { place: 'queue', keys: 'Del', what: msg('In the queue: delete jobs, after asking'), hint: msg('Delete') },
  { place: 'queue', keys: 'Shift + F10', what: msg('In the queue: open the job’s menu') },
  ...PLAYBACK_KEYS,
  { place: 'timeline', keys: '← →', what: msg('In the timeline: one frame back or forward; ten with Shift') },
  {
    place: 'timeline',
    keys: 'Page Up, Page Down',
    what: msg('In the timeline: ten frames back or forward'),
    hint: msg('Ten Frames'),
  },
  { place: 'timeline', keys: 'Home, End', what: msg('In the timeline: first or last frame') },
  {
    place: 'image',
    keys: 'Home, 1',
    what: msg('In the image: fit it, show it pixel for pixel'),
    hint: msg('Fit, 1:1'),
  },
  { place: 'image', keys: '+ -', what: msg('In the image: zoom in or out'), hint: msg('Zoom') },
  { place: 'image', keys: 'Shift + ← →', what: msg('In the image: pan, up and down too'), hint: msg('Pan') },
  {
    place: 'statistics',
    keys: '← →',
    what: msg('In the statistics: move the cursor through time; Esc hides it'),
    hint: msg('Read Values'),
  },
  {
    place: 'statistics',
    keys: '+ -',
    what: msg('In the statistics: a shorter or longer time; 0 goes back'),
    hint: msg('Zoom'),
  },
  {
    place: 'scene',
    keys: 'Numpad 0',
    what: msg('In the live view of a scene: return to its camera'),
    hint: msg('Camera'),
  },
  { place: 'field', keys: '↑ ↓', what: msg('In a number: one up or down; ten with Shift'), hint: msg('Step') },
  { place: 'field', keys: 'Enter', what: msg('Apply a field'), hint: msg('Apply') },
  { place: 'field', keys: 'Esc', what: msg('In a field: restore its value'), hint: msg('Restore') },
];

/** The keys that fit a place, for the status bar. */
export function hintsOf(places: readonly KeyPlace[]): readonly (AreaKeys & { readonly hint: string })[] {
  return AREA_KEYS.filter(
    (row): row is AreaKeys & { readonly hint: string } => row.hint !== undefined && places.includes(row.place),
  );
}

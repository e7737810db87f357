import type { Catalogue } from './translate';

/** German, in the words of Blender's own German interface; people are addressed with “Sie” or not at all. */
export const de: Catalogue = {
  Automatic: 'Automatisch',
  Language: 'Sprache',
  'Messages from the host and from add-ons stay in English.':
    'Meldungen des Hosts und von Add-ons bleiben auf Englisch.',
};

import type { Catalogue } from './translate';

/** Japanese, in the words of Blender's own Japanese interface. */
export const ja: Catalogue = {
  Automatic: '自動',
  Language: '言語',
  'Messages from the host and from add-ons stay in English.': 'ホストとアドオンからのメッセージは英語のままです。',
};

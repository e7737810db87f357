/** Japanese for the queue. */
export const queue: Readonly<Record<string, string>> = {
  'given its priority back': '元の優先度に復元',
  'given that priority': 'その優先度に変更',
  'Nothing is rendering now.': '現在レンダリング中のものはありません。',
  Added: '追加',
  Ended: '終了',
};

/** Japanese: what the desktop app draws beside its window: the tray, the system's dialogs. */
export const desktop: Readonly<Record<string, string>> = {
  'Open Framegauge': 'Framegaugeを開く',
  'Quit Framegauge': 'Framegaugeを終了',
  'Nothing is rendering': 'レンダリング中のものはありません',
  '{name}: {there} of {total, plural, one {# frame} other {# frames}}, {percent} %':
    '{name}：{there}／{total, plural, other {#フレーム}}、{percent} %',
  'All Files': 'すべてのファイル',
  'Install Add-on': 'アドオンをインストール',
  'Restart while rendering?': 'レンダリング中ですが、再起動しますか？',
  'Finished frames are kept, and the job continues by itself. Frames in work start over.':
    '完了したフレームは保持され、ジョブは自動的に再開します。レンダリング中のフレームは最初からやり直します。',
  Restart: '再起動',
  'Quit while rendering?': 'レンダリング中ですが、終了しますか？',
  'Finished frames are kept. The job continues with the next frame when Framegauge is started again.':
    '完成したフレームは残ります。次にFramegaugeを起動すると、ジョブは続きのフレームから再開します。',
  'Quit while jobs wait?': '待機中のジョブがありますが、終了しますか？',
  '{count, plural, one {# job waits and is} other {# jobs wait and are}} not rendered while Framegauge is closed.':
    '{count, plural, other {#件のジョブ}}が待機中です。Framegaugeを終了している間はレンダリングされません。',
  'Keep Running': '終了しない',
  'The window keeps crashing.': 'ウィンドウが繰り返しクラッシュしています。',
  'Rendering continues without it ({reason}, exit code {code}).':
    'レンダリングはウィンドウなしで続きます（{reason}、終了コード{code}）。',
  Reload: '再読み込み',
  'Leave It': 'このままにする',
  'The image of frame {frame} cannot be copied: it is not there any more.':
    'フレーム{frame}の画像はもうないため、コピーできません。',
  'Frame {frame} has no image yet.': 'フレーム{frame}にはまだ画像がありません。',
  '{file} could not be opened ({problem}).': '{file}を開けませんでした（{problem}）。',
};

/** Japanese for the menus, the search for commands and the keyboard shortcuts. */
export const menus: Readonly<Record<string, string>> = {
  'Reload Scene': 'シーンを再読み込み',
  'Go to Next Area': '次のエリアへ移動',
  'Go to Previous Area': '前のエリアへ移動',
  'Search commands and operators': 'コマンドとオペレーターを検索',
  'Type to search': '入力して検索',
  Found: '検索結果',
  'Nothing is called “{text}”.': '「{text}」という名前のものはありません。',
  'Open a scene': 'シーンを開く',
  'Search for what can be run, operators of add-ons too': '実行できるものを検索（アドオンのオペレーターも含む）',
  'Render the current frame': '現在のフレームをレンダリング',
  'Render the animation': 'アニメーションをレンダリング',
  'Cancel the render; in a field, restore its value': 'レンダリングをキャンセル（フィールドでは値を元に戻す）',
  'Quit, in the desktop app': '終了（デスクトップアプリのみ）',
  'Go to the next area of the window': 'ウィンドウの次のエリアへ移動',
  'Next or previous workspace; some browsers keep these keys for their own tabs':
    '次または前のワークスペース（ブラウザーによっては、タブの切り替えに使われます）',
  'Undo what was cancelled, deleted or moved last, while its message is there':
    '最後のキャンセル、削除、移動を、メッセージの表示中に元に戻す',
  'Search the queue': 'キューを検索',
  'Go to what is rendering': 'レンダリング中のジョブへ移動',
  'In the queue: the job above or below; Home and End for the first and last':
    'キュー: 上または下のジョブ（HomeとEndで最初と最後）',
  'In the queue: select several jobs; Ctrl + A selects all that are listed':
    'キュー: 複数のジョブを選択（Ctrl + Aで一覧のすべてを選択）',
  'In the queue: go on without selecting; take the job in or out':
    'キュー: 選択せずに移動、ジョブを選択に追加または除外',
  'In the queue: fold or unfold a row': 'キュー: 行を折りたたむ、または展開',
  'In the queue: move jobs up or down, once more to the next priority; with Home and End to either end':
    'キュー: ジョブを上下に移動（もう一度押すと隣の優先度へ、HomeとEndで両端へ）',
  'In the queue: edit the job': 'キュー: ジョブを編集',
  'In the queue: delete jobs, after asking': 'キュー: 確認の後にジョブを削除',
  'In the queue: open the job’s menu': 'キュー: ジョブのメニューを開く',
  'In the timeline: one frame back or forward; ten with Shift':
    'タイムライン: 1フレーム戻る、または進む（Shiftで10フレーム）',
  'In the timeline: ten frames back or forward': 'タイムライン: 10フレーム戻る、または進む',
  'In the timeline: first or last frame': 'タイムライン: 最初または最後のフレーム',
  'In the image: fit it, show it pixel for pixel': '画像: 全体表示、等倍表示',
  'In the statistics: move the cursor through time; Esc hides it': '統計: カーソルを時間軸で移動（Escで非表示）',
  'In the live view of a scene: return to its camera': 'シーンのライブビュー: カメラ視点に戻る',
  'In a number: one up or down; ten with Shift': '数値: 1ずつ増減（Shiftで10ずつ）',
  'Apply a field': 'フィールドの値を適用',
};

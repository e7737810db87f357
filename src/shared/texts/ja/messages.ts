/** Japanese for messages: what was done, what went wrong, how the host is reached. */
export const messages: Readonly<Record<string, string>> = {
  '{jobs} could not be {done}: {sentence}': '{jobs}を{done}できませんでした: {sentence}',
  '{count, plural, one {# file was deleted.} other {# files were deleted.}}':
    '{count, plural, other {#個のファイルを削除しました。}}',
  '{name} (job {id}) is deleted, with the files.': '{name}（ジョブ{id}）をファイルごと削除しました。',
  '{name} (job {id}) is deleted.': '{name}（ジョブ{id}）を削除しました。',
  '{count, plural, one {# job is deleted, with the files.} other {# jobs are deleted, with the files.}}':
    '{count, plural, other {#件のジョブをファイルごと削除しました。}}',
  '{count, plural, one {# job is deleted.} other {# jobs are deleted.}}':
    '{count, plural, other {#件のジョブを削除しました。}}',
  'Finding the finished jobs': '完了したジョブを検索中',
  '{name} has changed on disk.': '{name}がディスク上で変更されました。',
  'taken up again': '再開',
  resumed: '再開',
  'rendered again': '再レンダリング',
  'The queue is paused: the preview is rendered once it is resumed.':
    'キューは一時停止中です。再開するとプレビューがレンダリングされます。',
  'Checking for existing images': '既存の画像を確認中',
  'The scene is still being read: try again in a moment.':
    'シーンをまだ読み込み中です。しばらくしてからもう一度お試しください。',
  'Job {id} is shown, whose scene is not open: open it to render its animation anew.':
    '表示中のジョブ{id}のシーンは開かれていません。アニメーションをもう一度レンダリングするには、シーンを開いてください。',
  'Opening {name}': '{name}を開いています',
  'Searching for Blender': 'Blenderを検索中',
  'Reading {files}': '{files}を読み込み中',
  'Queueing {count, plural, one {# job} other {# jobs}}': '{count, plural, other {#件のジョブをキューに追加中}}',
  'The queue is done': 'キューが完了しました',
  'The host answered {operation} in a form this window does not know ({at}): reload it, or update the older of the two.':
    '{operation}へのホストの応答が、このウィンドウの知らない形式です（{at}）。再読み込みするか、古い方を更新してください。',
  'no value': '値なし',
  'This is too long to calculate: write at most {count} characters.':
    '長すぎて計算できません。{count}文字以内で入力してください。',
  '“{text}” cannot be calculated: “{part}” is not a number, and none of + - * / ( ).':
    '「{text}」は計算できません。「{part}」は数値でも + - * / ( ) でもありません。',
  '“{text}” divides by zero: change what stands after the /.':
    '「{text}」ではゼロ除算になります。/ の後を変更してください。',
  '“{text}” lacks a closing parenthesis.': '「{text}」には閉じ括弧が足りません。',
  '“{text}” cannot be calculated: it begins with “{part}”, where a number was expected.':
    '「{text}」は計算できません。数値が必要な先頭に「{part}」があります。',
  '“{text}” cannot be calculated: a number is missing after “{before}”.':
    '「{text}」は計算できません。「{before}」の後に数値がありません。',
  '“{text}” has a closing parenthesis too many.': '「{text}」は閉じ括弧が多すぎます。',
  '“{text}” cannot be calculated: one of + - * / is missing before “{part}”.':
    '「{text}」は計算できません。「{part}」の前に + - * / のいずれかがありません。',
  '“{text}” comes to more than can be counted.': '「{text}」の結果が大きすぎます。',
  '{names} and {count} others': '{names}、他{count}件',
  '{count} rendered nothing, since all their images exist already: {told}.':
    '{count}は、すべての画像が存在するため何もレンダリングしませんでした: {told}。',
  '{count} are done, with {frames} rendered: {told}.': '{count}が完了し、{frames}をレンダリングしました: {told}。',
  '{count} are done with failures, {frames} rendered and {failed} failed: {told}.':
    '{count}がエラーありで完了し、{frames}をレンダリング、{failed}フレームが失敗しました: {told}。',
  '{count} failed ({told}): {reason}': '{count}が失敗しました（{told}）: {reason}',
  'their frames could not be rendered': 'フレームをレンダリングできませんでした',
  '{count, plural, one {{name} rendered nothing: its image exists already. Turn on Overwrite to render it again.} other {{name} rendered nothing: all # frames exist already. Turn on Overwrite to render them again.}}':
    '{count, plural, other {{name}は、#フレームすべての画像が存在するため何もレンダリングしませんでした。再レンダリングするには上書きをオンにしてください。}}',
  '{there, plural, =0 {{job} was cancelled: no frame had been rendered.} one {{job} was cancelled: # of {frames} is done and kept.} other {{job} was cancelled: # of {frames} are done and kept.}}':
    '{there, plural, =0 {{job}をキャンセルしました。レンダリング済みのフレームはありません。} other {{job}をキャンセルしました。{frames}のうち#枚が完了し、残されています。}}',
  '{there, plural, =0 {{jobs} were cancelled: no frame had been rendered.} one {{jobs} were cancelled: # frame is done and kept.} other {{jobs} were cancelled: # frames are done and kept.}}':
    '{there, plural, =0 {{jobs}をキャンセルしました。レンダリング済みのフレームはありません。} other {{jobs}をキャンセルしました。完了した#フレームは残されています。}}',
  '{job} was moved.': '{job}を移動しました。',
  '{jobs} were moved.': '{jobs}を移動しました。',
  '{job} now has priority {priority}, like the jobs around it; it was {before}.':
    '{job}の優先度は、前後のジョブと同じ{priority}になりました（以前は{before}）。',
  '{jobs} were moved. They now have priority {priority}, like the jobs around them.':
    '{jobs}を移動しました。優先度は、前後のジョブと同じ{priority}になりました。',
  '{jobs} were moved. {count} of them now have priority {priority}, like the jobs around them.':
    '{jobs}を移動しました。そのうち{count}件の優先度は、前後のジョブと同じ{priority}になりました。',
  'Priority {old} → {new}': '優先度 {old} → {new}',
  'Priority → {new}': '優先度 → {new}',
  '{job} now has priority {priority}; it was {before}.': '{job}の優先度は{priority}になりました（以前は{before}）。',
  '{jobs} now have priority {priority}.': '{jobs}の優先度は{priority}になりました。',
  '{count, plural, one {This job is already the first of priority {priority}. Press Alt+↑ once more to give it priority {beyond}.} other {These # jobs are already the first of priority {priority}. Press Alt+↑ once more to give them priority {beyond}.}}':
    '{count, plural, other {この#件のジョブはすでに優先度{priority}の先頭です。もう一度Alt+↑を押すと、優先度が{beyond}になります。}}',
  '{count, plural, one {This job is already the last of priority {priority}. Press Alt+↓ once more to give it priority {beyond}.} other {These # jobs are already the last of priority {priority}. Press Alt+↓ once more to give them priority {beyond}.}}':
    '{count, plural, other {この#件のジョブはすでに優先度{priority}の末尾です。もう一度Alt+↓を押すと、優先度が{beyond}になります。}}',
  '{name} (job {id})': '{name}（ジョブ{id}）',
  'Render Failed Frames Again': '失敗したフレームを再レンダリング',
  'Render Again': '再レンダリング',
  'Render Remaining Frames': '残りのフレームをレンダリング',
  'Waits for {waitsFor}': '待機中: {waitsFor}',
  'Starts {time}': '{time}に開始',
  'Waits for a free worker': '空きワーカーを待機中',
  'Waits for its turn': '順番を待機中',
  '{name} waits for {waitsFor}.': '{name}は待機中です: {waitsFor}。',
  'The preview starts as soon as a worker is free.': 'ワーカーが空き次第、プレビューを開始します。',
  '{name} is waiting for its turn.': '{name}は順番を待っています。',
  ' in {time}': '（{time}）',
  ', {skipped} skipped because their images existed': '、既存の画像のため{skipped}枚をスキップ',
  '{name} is done with failures: {frames} rendered{took}, {failed} failed{without}.':
    '{name}はエラーありで完了しました: {frames}をレンダリング{took}、{failed}枚が失敗{without}。',
  '{name} is done: {frames} rendered{took}{without}.': '{name}が完了しました: {frames}をレンダリング{took}{without}。',
  '{name} failed: {reason}': '{name}が失敗しました: {reason}',
  '{frames} could not be rendered': '{frames}をレンダリングできませんでした',
  'No scene is open: open one with File › Open, or drop it on this window.':
    'シーンが開かれていません。「ファイル › 開く」で開くか、このウィンドウにドロップしてください。',
  'Blender has not read this file yet: press Search Again.':
    'Blenderはこのファイルをまだ読み込んでいません。「再検索」を押してください。',
  'A .blend file is rendered by Blender: install it, then press Search Again.':
    '.blendファイルのレンダリングにはBlenderが必要です。インストールしてから「再検索」を押してください。',
  'Disconnected.': '切断されました。',
  'The host does not respond; what you see may be out of date.':
    'ホストが応答しません。表示中の内容は古い可能性があります。',
  'Retrying in {seconds} s': '{seconds}秒後に再試行',
  'Reconnecting…': '再接続中…',
  'Drop a scene (.blend, .glb, .gltf) to open it, several to queue them, or an add-on (.zip) to install it':
    'シーン（.blend、.glb、.gltf）をドロップすると開きます。複数ならキューに追加、アドオン（.zip）ならインストールします',
  'The host does not respond': 'ホストが応答しません',
  'Connecting to the host…': 'ホストに接続中…',
  'Is Framegauge still running there? This page keeps trying and reconnects as soon as it is back.':
    'Framegaugeはまだ動いていますか？ このページは接続を試み続け、復旧次第つながります。',
  'One moment.': 'しばらくお待ちください。',
  'Whole text': '全文',
  'Whole text: {text}': '全文: {text}',
  'Dismiss: {text}': '閉じる: {text}',
  'Dismiss all {count}': '{count}件すべて閉じる',
  starting: '起動中',
  idle: 'アイドル',
  rendering: 'レンダリング中',
  'backing off': 'バックオフ中',
  stopping: '停止中',
  '{rendering} rendering': '{rendering}個レンダリング中',
  '{starting} starting': '{starting}個起動中',
  '{backingOff} backing off': '{backingOff}個バックオフ中',
  'Worker {slot} ({engine}): {state}, {done} done': 'ワーカー{slot}（{engine}）: {state}、完了{done}枚',
  'frame {number}': 'フレーム{number}',
  'Waiting to start': '開始待ち',
  'Show {name} (job {id}) in the queue': '{name}（ジョブ{id}）をキューで表示',
  'Measuring pace': '速度を計測中',
  '{rate} frames/min': '{rate}フレーム/分',
  'The host does not accept this token': 'ホストがこのトークンを受け付けません',
  'This page needs the host’s token': 'このページにはホストのトークンが必要です',
  'Framegauge printed it when it started, at the end of the address of this page:':
    'Framegaugeの起動時に、このページのアドレスの末尾に付けて出力されています:',
  'Open that address, or paste the line here.': 'そのアドレスを開くか、出力された行をここに貼り付けてください。',
  'The host may have a new one after a restart.': 'ホストの再起動後は、トークンが変わっている場合があります。',
  'Token, or the whole address': 'トークンまたはアドレス全体',
  Connect: '接続',
  'This page was opened with the read token, which allows viewing only: open it with the control token to make changes.':
    'このページは閲覧のみを許可する閲覧用トークンで開かれています。変更するには操作用トークンで開いてください。',
  'The host’s answer to {operation} cannot be read: restart Framegauge.':
    '{operation}へのホストの応答を読み取れません。Framegaugeを再起動してください。',
  'What was dropped is not a file on this machine: save it first, then install it.':
    'ドロップされたものはこのマシン上のファイルではありません。先に保存してからインストールしてください。',
  'What was dropped is not a file on this machine: save it first, then open it.':
    'ドロップされたものはこのマシン上のファイルではありません。先に保存してから開いてください。',
  '{count, plural, =0 {What was dropped is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} one {“{name}” is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} other {These files are not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.}}':
    '{count, plural, =0 {ドロップされたものはシーンではありません。.glb、.gltf、.blendファイル、またはアドオンの.zipをドロップしてください。} =1 {「{name}」はシーンではありません。.glb、.gltf、.blendファイル、またはアドオンの.zipをドロップしてください。} other {これらのファイルはシーンではありません。.glb、.gltf、.blendファイル、またはアドオンの.zipをドロップしてください。}}',
  '{count} scenes were dropped: drop at most {maxscenes} at a time.':
    '{count}個のシーンがドロップされました。一度にドロップできるのは{maxscenes}個までです。',
  '“{name}” is not a glTF file: its text is not JSON. Export it again.':
    '「{name}」はglTFファイルではありません。内容がJSONではありません。エクスポートし直してください。',
  '“{name}” is not a glTF file: its buffers or images cannot be read. Export it again.':
    '「{name}」はglTFファイルではありません。バッファーまたは画像を読み取れません。エクスポートし直してください。',
  '“{name}” needs files that were not dropped with it ({list}): drop them together, or open the scene by its path with File › Open.':
    '「{name}」には、一緒にドロップされていないファイル（{list}）が必要です。まとめてドロップするか、「ファイル › 開く」でシーンのパスを指定して開いてください。',
  'The connection to the host was lost before it answered: look at the queue once it is back.':
    'ホストが応答する前に接続が切れました。復旧したらキューを確認してください。',
  'The host did not take “{name}” (HTTP {status}): {otherwise}.':
    'ホストが「{name}」を受け付けませんでした（HTTP {status}）: {otherwise}。',
  'There is no connection to the host: try again when it is back.':
    'ホストに接続されていません。復旧してからもう一度お試しください。',
  'open it by its path with File › Open': '「ファイル › 開く」でパスを指定して開いてください',
  'install it with “framegauge addons install” on the host’s machine':
    'ホストのマシンで「framegauge addons install」を使ってインストールしてください',
  'This page may not copy images: open it over https or from this machine, or copy the path.':
    'このページは画像をコピーできません。https経由またはこのマシンから開くか、パスをコピーしてください。',
  'The image of frame {frame} is no longer there.': 'フレーム{frame}の画像はもうありません。',
  'The image of frame {frame} was copied.': 'フレーム{frame}の画像をコピーしました。',
  'None of these frames has an image yet.': 'これらのフレームにはまだ画像がありません。',
  'This page may not copy: select the path and copy it.':
    'このページはコピーできません。パスを選択してコピーしてください。',
  '{count, plural, one {The path was copied.} other {# paths were copied.}}':
    '{count, plural, =1 {パスをコピーしました。} other {#個のパスをコピーしました。}}',
  'There is nothing to play yet: the job shown has no images.':
    'まだ再生するものがありません。表示中のジョブには画像がありません。',
};

/** Japanese for the render workspace: form, scene, viewer, timeline, playback. */
export const render: Readonly<Record<string, string>> = {
  'The first frame': '開始フレーム',
  'The last frame': '終了フレーム',
  'The step': 'ステップ',
  'The percentage': 'パーセンテージ',
  'The last frame comes before the first: make it {start} or more.':
    '終了フレームが開始フレームより前です。{start}以上にしてください。',
  'One job has at most {max} frames: split the range into several jobs.':
    '1つのジョブは{max}フレームまでです。範囲を複数のジョブに分けてください。',
  'The width': '幅',
  ' pixels': 'ピクセル',
  'The height': '高さ',
  ', or empty for as many as the preferences allow': '（空欄の場合はプリファレンスの上限まで）',
  'The frame rate is a number above 0 and up to {max}, such as 24 or 29.97.':
    'フレームレートは0より大きく{max}以下の数値で指定します（例: 24、29.97）。',
  'The priority': '優先度',
  'Write job numbers with commas between them, such as 3, 5.': 'ジョブの番号をコンマ区切りで指定します（例: 3, 5）。',
  'One job waits for at most {max} others.': '1つのジョブの先行ジョブは{max}件までです。',
  'The start is a day and a time, or empty for immediately.':
    '開始には日付と時刻を指定します。すぐに開始する場合は空欄にします。',
  ', or empty for what the preferences say': '（空欄の場合はプリファレンスの値）',
  'The share': '割合',
  ' percent, or empty for what the preferences say': 'パーセント（空欄の場合はプリファレンスの値）',
  'Write tags as words of letters, digits and “._-”, with commas between, such as gpu, linux.':
    'タグは英数字と「._-」からなる語を、コンマ区切りで指定します（例: gpu, linux）。',
  'Write names of machines with commas between; “manager” is the manager’s own.':
    'マシンの名前をコンマ区切りで指定します。「manager」はマネージャー自身です。',
  'The number of machines is a whole number from 1 to 10,000, or empty for all.':
    'マシンの数は1～10,000の整数で指定します。すべて使う場合は空欄にします。',
  'The output is a full path, or starts with // for the scene’s folder.':
    '出力はフルパスで指定するか、シーンのフォルダーを表す // で始めます。',
  'glTF scenes are rendered to PNG: let the output end with .png.':
    'glTFシーンはPNGにレンダリングされます。出力の末尾を.pngにしてください。',
  'Images are written as {names} or {last}: choose one below, or leave the ending out.':
    '画像は{names}または{last}で書き出されます。下から選び、拡張子は省いてください。',
  '{name} is a number from {min} to {max}{unit}.': '{name}は{min}～{max}{unit}の数値で指定します。',
  '{name} are a whole number from {min} to {max}{unit}.': '{name}は{min}～{max}{unit}の整数で指定します。',
  '{name} is a whole number from {min} to {max}{unit}.': '{name}は{min}～{max}{unit}の整数で指定します。',
  '{day}, {clock}': '{day} {clock}',
  'Frame {number}, not in this job': 'フレーム{number}、このジョブの範囲外',
  'Frame {number}, waiting': 'フレーム{number}、待機中',
  'Frame {number}, waiting for another attempt: {reason}': 'フレーム{number}、再試行待ち: {reason}',
  'Frame {number}, waiting for another attempt': 'フレーム{number}、再試行待ち',
  'Frame {number}, rendering, attempt {attempt}': 'フレーム{number}、レンダリング中、試行{attempt}回目',
  'Frame {number}, rendering': 'フレーム{number}、レンダリング中',
  '; looks wrong: {suspicion}': '（異常の疑い: {suspicion}）',
  'Frame {number}, skipped: {reason}': 'フレーム{number}、スキップ: {reason}',
  'its image was there already': '画像がすでに存在しました',
  'Frame {number} failed: {reason}': 'フレーム{number}が失敗: {reason}',
  'no reason was given': '理由は不明です',
  'Frame {number}, done at attempt {attempt}': 'フレーム{number}、試行{attempt}回目で完了',
  'Frame {number}, done': 'フレーム{number}、完了',
  'Frame {number}, done in {time} at attempt {attempt}': 'フレーム{number}、{time}で完了（試行{attempt}回目）',
  'Frame {number}, done in {time}': 'フレーム{number}、{time}で完了',
  'In sequence': '順番どおり',
  'From the middle out': '中央から外側へ',
  '{step, plural, =2 {Every 2nd first} other {Every #th first}}': '{step, plural, other {#フレームごとを先に}}',
};

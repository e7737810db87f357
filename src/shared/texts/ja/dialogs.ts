/** Japanese for the dialogs. */
export const dialogs: Readonly<Record<string, string>> = {
  Blender: 'Blender',
  'Output folder': '出力フォルダー',
  'Where images go when a job names no output; each scene gets a folder in it. Empty means “Framegauge” in your home folder.':
    'ジョブに出力先の指定がない場合の画像の保存先です。シーンごとにフォルダーが作られます。空欄の場合は、ホームフォルダーの「Framegauge」を使います。',
  'How many frames are rendered at once, memory permitting. 0 finds the number that renders fastest, up to the number of CPU cores.':
    '同時にレンダリングするフレームの数です（メモリが許す範囲内）。0にすると、CPUのコア数を上限に、最も速くレンダリングできる数を自動で探します。',
  'Worker timeout (seconds)': 'ワーカーのタイムアウト（秒）',
  'A worker that sends nothing for this long is replaced, and its frame is tried again.':
    'この時間応答がないワーカーは新しいものに置き換えられ、そのフレームは再試行されます。',
  'Shared file folders': '共有ファイルのフォルダー',
  'A glTF, or a .blend that was uploaded, may use files in its own folder and below. Name here the folders of libraries that several scenes share: full paths, with “;” between them.':
    'glTFや、アップロードされた.blendは、自身のフォルダーとその下にあるファイルを使用できます。複数のシーンで共有するライブラリのフォルダーをここにフルパスで指定します（「;」区切り）。',
  'At startup': '起動時',
  'Whether the queue runs when the program starts: “run” always, “paused” never, “last” as it was when the program ended.':
    '起動時にキューを動かすかどうかです。「run」は常に実行、「paused」は常に一時停止、「last」は前回終了時の状態に従います。',
  'Attempts per frame': 'フレームごとの試行回数',
  'How many times a frame is tried, on different workers where possible, before it counts as failed.':
    'フレームを失敗と見なすまでの試行回数です。可能な限り別のワーカーで試行します。',
  'Max failed frames (%)': '失敗フレームの上限（%）',
  'A job fails once more than this share of its frames has failed. With fewer, it renders to the end and completes “with failures”.':
    '失敗したフレームの割合がこの値を超えると、ジョブは失敗になります。それ以下なら最後までレンダリングし、「エラーありで完了」になります。',
  'Frame timeout (minutes)': 'フレームのタイムアウト（分）',
  'A frame without any progress for this long is stuck: its worker is replaced, and the frame is tried again.':
    'この時間進行がないフレームは停止していると見なし、ワーカーを置き換えてフレームを再試行します。',
  'Free disk space to keep (GB)': '確保するディスク空き容量（GB）',
  'With less than this free on the output disk, the queue pauses until there is room again. With 0 it pauses only when a write finds no room.':
    '出力先ディスクの空き容量がこの値を下回ると、空きができるまでキューを一時停止します。0の場合は、書き込み時に空きがないときだけ一時停止します。',
  'Keep the machine awake': 'マシンをスリープさせない',
  'Keep an idle machine from sleeping while something renders. A headless host needs systemd-inhibit or caffeinate for this; on Windows only the desktop app can.':
    'レンダリング中は、操作がなくてもマシンをスリープさせません。ヘッドレスのホストではsystemd-inhibitまたはcaffeinateが必要です。Windowsではデスクトップアプリでのみ使えます。',
  Notifications: '通知',
  'Show a desktop notification when a job or the queue ends.':
    'ジョブまたはキューが終わったときにデスクトップ通知を表示します。',
  'Command when a job ends': 'ジョブ終了時のコマンド',
  'Run by the system’s shell. FRAMEGAUGE_JOB, FRAMEGAUGE_JOB_NAME, FRAMEGAUGE_STATE, FRAMEGAUGE_REASON and FRAMEGAUGE_OUTPUT describe the job. Empty runs nothing.':
    'システムのシェルで実行されます。FRAMEGAUGE_JOB、FRAMEGAUGE_JOB_NAME、FRAMEGAUGE_STATE、FRAMEGAUGE_REASON、FRAMEGAUGE_OUTPUTでジョブの情報を参照できます。空欄の場合は何も実行しません。',
  'When the queue finishes': 'キュー完了時',
  'What the machine does a minute after the last job has ended, unless somebody cancels it.':
    '最後のジョブが終わった1分後に、マシンに行わせる動作です（その間にキャンセルできます）。',
  'Command when the queue finishes': 'キュー完了時のコマンド',
  'Run by the system’s shell where “command” is chosen above. FRAMEGAUGE_COMPLETED, FRAMEGAUGE_FAILED and FRAMEGAUGE_CANCELLED give the numbers of jobs.':
    '上で「command」を選んだときに、システムのシェルで実行されます。FRAMEGAUGE_COMPLETED、FRAMEGAUGE_FAILED、FRAMEGAUGE_CANCELLEDで各ジョブ数を参照できます。',
  'Path of the program or its folder; for several, put “;” between them, and the first is the default. Empty finds it on the PATH or in the standard locations.':
    'プログラムまたはそのフォルダーのパスです。複数ある場合は「;」で区切り、先頭のものがデフォルトになります。空欄の場合は、PATHまたは標準の場所から探します。',
  'Factory settings': '初期設定',
  'Start Blender as if newly installed, without your own settings and add-ons. A job can override this.':
    'ユーザー設定やアドオンを使わず、インストール直後の状態でBlenderを起動します。ジョブごとに変更できます。',
  'Memory per Blender (GB)': 'Blenderごとのメモリ（GB）',
  'A Blender that uses more is ended, and its frame fails for lack of memory. 0 sets no limit.':
    'これを超えてメモリを使ったBlenderは終了され、フレームはメモリ不足で失敗になります。0の場合は無制限です。',
  'Remote control': 'リモート制御',
  'Other names of this host': 'このホストの別名',
  'Names by which browsers and programs reach the control server besides those that this machine knows, such as a proxy, a DNS alias or a service. Separate several with spaces.':
    'ブラウザーやプログラムがコントロールサーバーに接続するときに使う、このマシンが把握していない名前です（プロキシ、DNSエイリアス、サービスなど）。複数ある場合は空白で区切ります。',
  'Memory per add-on (MB)': 'アドオンごとのメモリ（MB）',
  'How much an add-on’s own data may take; Node’s own part and programs that it may start come on top. One that needs more is ended. Applies to each add-on from its next start.':
    'アドオン自身のデータが使えるメモリの上限です。Node自体の使用分と、アドオンが起動するプログラムの分は別です。上限を超えたアドオンは終了されます。各アドオンの次回の起動から適用されます。',
  'Storage per add-on (MB)': 'アドオンごとのストレージ（MB）',
  'How much an add-on that did not come with Framegauge may keep in its storage folder. One that stores more is stopped. Applies to each add-on from its next start.':
    'Framegaugeに付属しないアドオンが、自分の保存フォルダーに保存できる容量の上限です。上限を超えたアドオンは停止されます。各アドオンの次回の起動から適用されます。',
  Farm: 'ファーム',
  'Render on several machines': '複数のマシンでレンダリング',
  'Makes this host the manager of a farm, with a ticket queue that it starts itself: redis-server or valkey-server must be installed. Takes effect at the next start.':
    'このホストをファームのマネージャーにし、チケットキューも自動で起動します。redis-serverまたはvalkey-serverがインストールされている必要があります。次回の起動から適用されます。',
  'Redis or Valkey of your own': '既存のRedisまたはValkey',
  'The same with a server that runs already: redis://USER:PASSWORD@HOST:PORT, or rediss:// for TLS. Takes effect at the next start.':
    'すでに動いているサーバーを使って同じことを行います。redis://USER:PASSWORD@HOST:PORT、TLSの場合はrediss://で指定します。次回の起動から適用されます。',
  'Address for machines': 'マシン用のアドレス',
  'HOST:PORT at which machines reach this manager. The ticket queue that it starts itself gets the next port. Takes effect at the next start.':
    '各マシンがこのマネージャーに接続するためのHOST:PORTです。自動で起動するチケットキューは次の番号のポートを使います。次回の起動から適用されます。',
  'Certificate for machines': 'マシン用の証明書',
  'PEM file with a certificate of your own and its issuers’ (fullchain.pem), read again when it is renewed. Empty: one that Framegauge makes. Takes effect at the next start.':
    '独自の証明書とその発行者の証明書を含むPEMファイル（fullchain.pem）です。更新されると読み込み直します。空の場合はFramegaugeが作成した証明書を使います。次回の起動から適用されます。',
  'Key of that certificate': '証明書の秘密鍵',
  'PEM file, not encrypted. Empty: in the same file. Takes effect at the next start.':
    '暗号化されていないPEMファイルです。空の場合は証明書と同じファイルから読み込みます。次回の起動から適用されます。',
  'Folders that machines see, too': 'マシンからも見えるフォルダー',
  'NAME=PATH of each, as shows=/mnt/shows, separated by “;”. A machine with the same root, by whatever path, reads scenes there instead of copying them. Takes effect at the next start.':
    'それぞれをNAME=PATHの形（例: shows=/mnt/shows）で、「;」区切りで指定します。同じルートを持つマシンは、パスが違っていても、シーンをコピーせずにそこから読み込みます。次回の起動から適用されます。',
  'Render on this machine, too': 'このマシンでもレンダリング',
  'Without this the manager leaves all frames to the machines of its farm.':
    'オフの場合、マネージャーはすべてのフレームをファームのマシンに任せます。',
  'Tags of this machine': 'このマシンのタグ',
  'What it has, as jobs may need it: gpu,linux. The tags of other machines are set with each.':
    'ジョブの要件と照合される、このマシンの特徴です（例: gpu,linux）。他のマシンのタグは、それぞれのマシンで設定します。',
  Keymap: 'キーマップ',
  'Keys of operators': 'オペレーターのキー',
  'Keys chosen for operators of add-ons, as video.encode=Ctrl+Shift+E, with spaces between several. Nothing behind “=” takes a key away.':
    'アドオンのオペレーターに割り当てるキーです（例: video.encode=Ctrl+Shift+E）。複数ある場合は空白で区切ります。「=」の後が空の場合、割り当てを解除します。',
  'Get Add-ons': 'アドオンを入手',
  Repositories: 'リポジトリ',
  'Where add-ons are offered and blocked: folders, index.json files or http(s) addresses, with “;” between them. Adding an http(s) address allows online access.':
    'アドオンの提供元と、ブロックの情報元です。フォルダー、index.jsonファイル、http(s)アドレスを「;」区切りで指定します。http(s)アドレスを追加すると、オンラインアクセスが許可されます。',
  'Online access': 'オンラインアクセス',
  'Whether repositories at http(s) addresses are asked: when you look at them, at startup, and once a day.':
    'http(s)アドレスのリポジトリに接続するかどうかです。一覧を開いたとき、起動時、および1日1回接続します。',
  '{label}: set for this job': '{label}: このジョブ用に設定',
  '{changed} set': '{changed}個設定済み',
  'Bring back what the scene says ({title})': 'シーンの設定に戻す（{title}）',
  'Reset {title}': '{title}をリセット',
  'Choose the output folder': '出力フォルダーを選択',
  '{value} pixels': '{value}ピクセル',
  'Version {version}': 'バージョン{version}',
  'A render host with add-ons, metered by Prometheus. MIT licence.':
    'Prometheusでのメトリクス計測とアドオンに対応したレンダーホストです。MITライセンス。',
  'The jobs and the records of their frames are removed. Their images stay on disk.':
    'ジョブとフレームの記録が削除されます。画像はディスクに残ります。',
  Clear: '消去',
  'Images Already Exist': '画像がすでに存在します',
  'New version': '新しいバージョン',
  'The existing images are kept and count as frames of this job':
    '既存の画像は残り、このジョブのフレームとして扱われます',
  'The existing images are kept and count as frames of this job; nothing is rendered':
    '既存の画像は残り、このジョブのフレームとして扱われます。レンダリングは行われません',
  'Keep and Render the Other {others}': '残して他の{others}をレンダリング',
  'Keep All': 'すべて残す',
  'New Version ({version})': '新しいバージョン（{version}）',
  'This page may not use the clipboard: press Ctrl+C to copy what is selected.':
    'このページはクリップボードを使えません。Ctrl+Cを押して、選択されているテキストをコピーしてください。',
  'Text to copy': 'コピーするテキスト',
  'Delete {name}, Job {id}': '{name}（ジョブ{id}）を削除',
  'The job and the record of its frames are removed.': 'ジョブとフレームの記録が削除されます。',
  'The files listed below are deleted from disk.': '下のファイルがディスクから削除されます。',
  'Its images stay on disk.': '画像はディスクに残ります。',
  'Finding the files that it has written…': 'ジョブが書き出したファイルを検索中…',
  'No files to delete: it has written none, or they have been changed or moved since.':
    '削除できるファイルはありません。何も書き出していないか、書き出した後に変更または移動されています。',
  '{count, plural, one {Also delete its file ({size})} other {Also delete its # files ({size})}}':
    '{count, plural, other {#個のファイルも削除（{size}）}}',
  'Delete Job and Files': 'ジョブとファイルを削除',
  'Files that it has written': '書き出したファイル',
  '… and {count} more': '… 他{count}個',
  '{count, plural, one {# Job} other {# Jobs}}': '{count, plural, other {#件のジョブ}}',
  'Delete {title}': '{title}を削除',
  'The jobs and the records of their frames are removed.': 'ジョブとフレームの記録が削除されます。',
  'Their files are deleted from disk.': 'ファイルがディスクから削除されます。',
  'Their images stay on disk.': '画像はディスクに残ります。',
  '{count, plural, one {# of them has not been rendered yet.} other {# of them have not been rendered yet.}}':
    '{count, plural, other {うち#件はまだレンダリングされていません。}}',
  '{count, plural, one {# more is rendering and stays: cancel it first.} other {# more are rendering and stay: cancel them first.}}':
    '{count, plural, other {他に#件がレンダリング中のため残ります。削除するには先にキャンセルしてください。}}',
  'Finding the files that they have written…': 'ジョブが書き出したファイルを検索中…',
  '{count, plural, one {Also delete their file ({size})} other {Also delete their # files ({size})}}':
    '{count, plural, other {#個のファイルも削除（{size}）}}',
  'Delete {title} and Files': '{title}とファイルを削除',
  'As listed': 'リストの順',
  'Edit {name}, Job {id}': '{name}（ジョブ{id}）を編集',
  'While the job is rendering, only its name, note, priority, dependencies and start time can be changed. Pause it to change the rest.':
    'レンダリング中に変更できるのは、名前、メモ、優先度、先行ジョブ、開始時刻だけです。他の項目を変更するには一時停止してください。',
  'The job has begun meanwhile: pause it to change the rest, or close this.':
    'その間にジョブが始まりました。他の項目を変更するには一時停止するか、このダイアログを閉じてください。',
  Note: 'メモ',
  'Anything worth remembering': '覚えておきたいこと',
  'Numbers of the jobs that must complete first.': '先に完了している必要があるジョブの番号です。',
  'Max failures': '失敗の上限',
  'As many as allowed': '許容される最大数',
  'Needs tags': '必要なタグ',
  Blocked: '除外するマシン',
  'Machines at most': 'マシン数の上限',
  'Scene default': 'シーンのデフォルト',
  'Scripts in the file can do anything that you can.':
    'ファイル内のスクリプトは、あなたにできることを何でも実行できます。',
  'Factory startup': '初期設定で起動',
  'Applying…': '適用中…',
  'Built in': '内蔵',
  'From the preferences': 'プリファレンスから',
  'From the environment': '環境変数から',
  'From the PATH': 'PATHから',
  'Standard location': '標準の場所',
  Installations: 'インストール済みのBlender',
  'The host did not answer.': 'ホストが応答しませんでした。',
  'Loading…': '読み込み中…',
  'No Blender was found on the host’s machine. Install it from blender.org or with the system’s packages, or enter its path above; then search again.':
    'ホストのマシンにBlenderが見つかりませんでした。blender.orgまたはシステムのパッケージからインストールするか、上にパスを入力してから、再検索してください。',
  default: 'デフォルト',
  'Parent folder': '親フォルダー',
  Path: 'パス',
  'Folders and scenes': 'フォルダーとシーン',
  Folders: 'フォルダー',
  'No folders in this one.': 'この中にフォルダーはありません。',
  'Choose a Folder': 'フォルダーを選択',
  'Choose This Folder': 'このフォルダーを選択',
  '{count, plural, one {# more entry is not listed: type a path above to open it.} other {# more entries are not listed: type a path above to open one of them.}}':
    '{count, plural, other {他に#項目あります（一覧には表示されません）。開くには上にパスを入力してください。}}',
  'No folders or scenes (.blend, .glb, .gltf) here.': 'ここにはフォルダーもシーン（.blend、.glb、.gltf）もありません。',
  'Files on the host’s machine.': 'ホストのマシン上のファイルです。',
  'This browser shows notifications only for pages on its own machine, or reached by https.':
    'このブラウザーが通知を表示できるのは、同じマシン上のページか、httpsで開いたページだけです。',
  'Notifications from this page are blocked in the browser: allow them in its address bar.':
    'このページの通知はブラウザーでブロックされています。アドレスバーから許可してください。',
  'Tells you when a job ends while this page is open in the background.':
    'このページがバックグラウンドで開いている間、ジョブの終了を通知します。',
  Shell: 'シェル',
  Desktop: 'デスクトップ',
  'Headless, with this page as its window': 'ヘッドレス（このページをウィンドウとして使用）',
  Platform: 'プラットフォーム',
  Process: 'プロセス',
  'Data folder': 'データフォルダー',
  'Priority of {name}, Job {id}': '{name}（ジョブ{id}）の優先度',
  'Priority of {count} Jobs': '{count}件のジョブの優先度',
  'A priority is a whole number from −{maxpriority} to {maxpriority}.':
    '優先度は−{maxpriority}～{maxpriority}の整数で指定します。',
  'Jobs with a higher one are rendered first.': '優先度の高いジョブから先にレンダリングされます。',
  'Queue {count} Scenes': '{count}個のシーンをキューに追加',
  Scenes: 'シーン',
  'Existing images': '既存の画像',
  'Render a new version': '新しいバージョンをレンダリング',
  'Keep them, and render the others': '残して、他の画像をレンダリング',
  'Overwrite them': '上書きする',
  '{count, plural, one {# scene is} other {# scenes are}} still being read.':
    '{count, plural, other {#個のシーンをまだ読み込み中です。}}',
  'Each is rendered as its file says; jobs can be edited in the queue.':
    'それぞれファイルの設定どおりにレンダリングされます。ジョブはキューで編集できます。',
  '{count, plural, one {Queue # Job} other {Queue # Jobs}}': '{count, plural, other {#件のジョブをキューに追加}}',
  'Reading…': '読み込み中…',
  '{count, plural, one {# sample} other {# samples}}': '{count, plural, other {#サンプル}}',
  'The name is what the job is called in lists: write one.':
    '名前は一覧に表示されるジョブの名称です。入力してください。',
  'A name has {most} characters at most.': '名前は{most}文字までです。',
  'A note has {most} characters at most.': 'メモは{most}文字までです。',
};

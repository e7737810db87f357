/** Japanese for the statistics. */
export const statistics: Readonly<Record<string, string>> = {
  'Job {job} is not in the list any more, so frame {frame} can’t be shown.':
    'ジョブ{job}はもう一覧にないため、フレーム{frame}を表示できません。',
  'Save Monitoring Kit': '監視キットを保存',
  '{count, plural, one {# file was written to this folder:} other {# files were written to this folder:}}':
    '{count, plural, other {#個のファイルをこのフォルダーに書き出しました:}}',
  'Its README tells how to start Prometheus and Grafana with them.':
    'PrometheusとGrafanaをこのファイルで起動する方法は、READMEに記載されています。',
  'Files written': '書き出したファイル',
  'Configuration for Prometheus and Grafana: scrape config, alert and recording rules, a dashboard, and a compose file that starts both.':
    'PrometheusとGrafanaの設定一式です。スクレイプ設定、アラートルールと記録ルール、ダッシュボード、両方を起動するcomposeファイルが含まれます。',
  'A folder on the host’s machine.': 'ホストのマシン上のフォルダーです。',
  'The folder is created if it does not exist.': 'フォルダーがない場合は作成されます。',
  'Saving…': '保存中…',
  '5 min': '5分',
  'the last 5 minutes': '過去5分間',
  'the last hour': '過去1時間',
  'Metrics on': 'メトリクス: オン',
  'Metrics starting': 'メトリクス: 開始中',
  'Metrics stopping': 'メトリクス: 停止中',
  'Metrics failed': 'メトリクス: 失敗',
  'The Prometheus add-on failed.': 'Prometheusアドオンが失敗しました。',
  'Metrics off': 'メトリクス: オフ',
  'Enable the Prometheus add-on in Preferences to serve metrics.':
    'メトリクスを提供するには、プリファレンスでPrometheusアドオンを有効にしてください。',
  'Metrics not served': 'メトリクスは提供されていません',
};

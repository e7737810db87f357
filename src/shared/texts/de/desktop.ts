/** German: what the desktop app draws beside its window: the tray, the system's dialogs. */
export const desktop: Readonly<Record<string, string>> = {
  'Open Framegauge': 'Framegauge öffnen',
  'Quit Framegauge': 'Framegauge beenden',
  'Nothing is rendering': 'Nichts wird gerendert',
  '{name}: {there} of {total, plural, one {# frame} other {# frames}}, {percent} %':
    '{name}: {there} von {total, plural, one {# Frame} other {# Frames}}, {percent} %',
  'All Files': 'Alle Dateien',
  'Install Add-on': 'Add-on installieren',
  'Restart while rendering?': 'Während des Renderns neu starten?',
  'Finished frames are kept, and the job continues by itself. Frames in work start over.':
    'Fertige Frames bleiben erhalten, und der Job geht von selbst weiter. Frames in Arbeit beginnen von vorn.',
  Restart: 'Neu starten',
  'Quit while rendering?': 'Während des Renderns beenden?',
  'Finished frames are kept. The job continues with the next frame when Framegauge is started again.':
    'Fertige Frames bleiben erhalten. Wird Framegauge wieder gestartet, macht der Job mit dem nächsten Frame weiter.',
  'Quit while jobs wait?': 'Beenden, obwohl Jobs warten?',
  '{count, plural, one {# job waits and is} other {# jobs wait and are}} not rendered while Framegauge is closed.':
    '{count, plural, one {# Job wartet und wird} other {# Jobs warten und werden}} nicht gerendert, solange Framegauge geschlossen ist.',
  'Keep Running': 'Weiterlaufen lassen',
  'The window keeps crashing.': 'Das Fenster stürzt immer wieder ab.',
  'Rendering continues without it ({reason}, exit code {code}).':
    'Das Rendern geht ohne es weiter ({reason}, Exit-Code {code}).',
  Reload: 'Neu laden',
  'Leave It': 'So lassen',
  'The image of frame {frame} cannot be copied: it is not there any more.':
    'Das Bild von Frame {frame} kann nicht kopiert werden: Es ist nicht mehr da.',
  'Frame {frame} has no image yet.': 'Frame {frame} hat noch kein Bild.',
  '{file} could not be opened ({problem}).': '{file} konnte nicht geöffnet werden ({problem}).',
};

/** German: what is rendered: settings, scene, viewer, timeline, playback. */
export const render: Readonly<Record<string, string>> = {
  '{name} has changed on disk.': '{name} wurde auf der Festplatte geändert.',
  'The queue is paused: the preview is rendered once it is resumed.':
    'Die Warteschlange ist angehalten: Die Vorschau wird gerendert, sobald sie fortgesetzt wird.',
  'Checking for existing images': 'Prüft auf vorhandene Bilder',
  'The scene is still being read: try again in a moment.':
    'Die Szene wird noch gelesen: Versuchen Sie es gleich noch einmal.',
  'Job {id} is shown, whose scene is not open: open it to render its animation anew.':
    'Gezeigt wird Job {id}, dessen Szene nicht geöffnet ist: Öffnen Sie sie, um ihre Animation neu zu rendern.',
  'Opening {name}': 'Öffnet {name}',
  'Searching for Blender': 'Sucht nach Blender',
  'Reading {files}': 'Liest {files}',
  'Queueing {count, plural, one {# job} other {# jobs}}':
    'Stellt {count, plural, one {# Job} other {# Jobs}} in die Warteschlange',
  '{label}: set for this job': '{label}: für diesen Job gesetzt',
  '{changed} set': '{changed} gesetzt',
  'Bring back what the scene says ({title})': 'Wieder übernehmen, was die Szene vorgibt ({title})',
  'Reset {title}': '{title} zurücksetzen',
  'Choose the output folder': 'Ausgabeordner wählen',
  '{name}, Job {id}': '{name}, Job {id}',
  'Job {id}': 'Job {id}',
  'Choose a job': 'Job wählen',
  '{value} pixels': '{value} Pixel',
  'This is too long to calculate: write at most {count} characters.':
    'Das ist zu lang zum Ausrechnen: Geben Sie höchstens {count} Zeichen ein.',
  '“{text}” cannot be calculated: “{part}” is not a number, and none of + - * / ( ).':
    '„{text}“ lässt sich nicht ausrechnen: „{part}“ ist keine Zahl und keines der Zeichen + - * / ( ).',
  '“{text}” divides by zero: change what stands after the /.':
    '„{text}“ teilt durch null: Ändern Sie, was hinter dem / steht.',
  '“{text}” lacks a closing parenthesis.': 'In „{text}“ fehlt eine schließende Klammer.',
  '“{text}” cannot be calculated: it begins with “{part}”, where a number was expected.':
    '„{text}“ lässt sich nicht ausrechnen: Es beginnt mit „{part}“, wo eine Zahl erwartet wurde.',
  '“{text}” cannot be calculated: a number is missing after “{before}”.':
    '„{text}“ lässt sich nicht ausrechnen: Nach „{before}“ fehlt eine Zahl.',
  '“{text}” has a closing parenthesis too many.': '„{text}“ hat eine schließende Klammer zu viel.',
  '“{text}” cannot be calculated: one of + - * / is missing before “{part}”.':
    '„{text}“ lässt sich nicht ausrechnen: Vor „{part}“ fehlt eines der Zeichen + - * /.',
  '“{text}” comes to more than can be counted.': '„{text}“ ergibt mehr, als sich zählen lässt.',
  'The first frame': 'Der erste Frame',
  'The last frame': 'Der letzte Frame',
  'The step': 'Der Schritt',
  'The percentage': 'Der Prozentsatz',
  'The last frame comes before the first: make it {start} or more.':
    'Der letzte Frame liegt vor dem ersten: Geben Sie {start} oder mehr an.',
  'One job has at most {max} frames: split the range into several jobs.':
    'Ein Job hat höchstens {max} Frames: Teilen Sie den Bereich auf mehrere Jobs auf.',
  'The width': 'Die Breite',
  ' pixels': ' Pixeln',
  'The height': 'Die Höhe',
  ', or empty for as many as the preferences allow': ', oder leer für so viele, wie die Einstellungen erlauben',
  'The frame rate is a number above 0 and up to {max}, such as 24 or 29.97.':
    'Die Framerate ist eine Zahl über 0 und bis {max}, zum Beispiel 24 oder 29.97.',
  'The priority': 'Die Priorität',
  'Write job numbers with commas between them, such as 3, 5.':
    'Geben Sie Jobnummern mit Kommas dazwischen an, zum Beispiel 3, 5.',
  'One job waits for at most {max} others.': 'Ein Job wartet auf höchstens {max} andere.',
  'The start is a day and a time, or empty for immediately.':
    'Der Start ist ein Tag mit Uhrzeit, oder leer für sofort.',
  ', or empty for what the preferences say': ', oder leer für das, was in den Einstellungen steht',
  'The share': 'Der Anteil',
  ' percent, or empty for what the preferences say': ' Prozent, oder leer für das, was in den Einstellungen steht',
  'Write tags as words of letters, digits and “._-”, with commas between, such as gpu, linux.':
    'Geben Sie Tags als Wörter aus Buchstaben, Ziffern und „._-“ mit Kommas dazwischen an, zum Beispiel gpu, linux.',
  'Write names of machines with commas between; “manager” is the manager’s own.':
    'Geben Sie Namen von Maschinen mit Kommas dazwischen an; „manager“ ist die des Managers selbst.',
  'The number of machines is a whole number from 1 to 10,000, or empty for all.':
    'Die Zahl der Maschinen ist eine ganze Zahl von 1 bis 10.000, oder leer für alle.',
  'The output is a full path, or starts with // for the scene’s folder.':
    'Die Ausgabe ist ein vollständiger Pfad oder beginnt mit // für den Ordner der Szene.',
  'glTF scenes are rendered to PNG: let the output end with .png.':
    'glTF-Szenen werden als PNG gerendert: Lassen Sie die Ausgabe auf .png enden.',
  'Images are written as {names} or {last}: choose one below, or leave the ending out.':
    'Bilder werden als {names} oder {last} geschrieben: Wählen Sie unten eines davon, oder lassen Sie die Endung weg.',
  '{name} is a number from {min} to {max}{unit}.': '{name}: eine Zahl von {min} bis {max}{unit}.',
  '{name} are a whole number from {min} to {max}{unit}.': '{name}: eine ganze Zahl von {min} bis {max}{unit}.',
  '{name} is a whole number from {min} to {max}{unit}.': '{name}: eine ganze Zahl von {min} bis {max}{unit}.',
  'No scene is open: open one with File › Open, or drop it on this window.':
    'Keine Szene ist geöffnet: Öffnen Sie eine mit Datei › Öffnen, oder legen Sie sie auf diesem Fenster ab.',
  'Blender has not read this file yet: press Search Again.':
    'Blender hat diese Datei noch nicht gelesen: Wählen Sie „Erneut suchen“.',
  'A .blend file is rendered by Blender: install it, then press Search Again.':
    'Eine .blend-Datei wird von Blender gerendert: Installieren Sie es, und wählen Sie dann „Erneut suchen“.',
  'Details of frame {number}': 'Details zu Frame {number}',
  ', attempt {attempts}': ', Versuch {attempts}',
  'Peak memory': 'Spitzenspeicher',
  Machine: 'Maschine',
  Worker: 'Worker',
  Written: 'Geschrieben',
  '{count} files': '{count} Dateien',
  'Frame {number} is not in this job.': 'Frame {number} gehört nicht zu diesem Job.',
  'Log of frame {number}': 'Protokoll von Frame {number}',
  'The log appears here once the frame is rendered.': 'Das Protokoll erscheint hier, sobald der Frame gerendert ist.',
  'The engine printed nothing for this frame, or its log is no longer kept.':
    'Die Engine hat für diesen Frame nichts ausgegeben, oder ihr Protokoll wird nicht mehr aufbewahrt.',
  'The host does not respond': 'Der Host antwortet nicht',
  'Connecting to the host…': 'Verbindet mit dem Host…',
  'Is Framegauge still running there? This page keeps trying and reconnects as soon as it is back.':
    'Läuft Framegauge dort noch? Diese Seite versucht es weiter und verbindet sich wieder, sobald es zurück ist.',
  'One moment.': 'Einen Moment.',
  'Open a scene to see its render settings.': 'Öffnen Sie eine Szene, um ihre Rendereinstellungen zu sehen.',
  'No scene is open.': 'Keine Szene ist geöffnet.',
  'Render a preview of frame {frame} of {scene} (F12)': 'Eine Vorschau von Frame {frame} von {scene} rendern (F12)',
  'Render the whole frame range of {scene} (Ctrl+F12)': 'Den ganzen Framebereich von {scene} rendern (Ctrl+F12)',
  'Width of the queue': 'Breite der Warteschlange',
  'Drag to resize the queue; double-click for its usual width':
    'Ziehen ändert die Breite der Warteschlange, Doppelklick stellt die übliche her',
  'Width of the properties': 'Breite der Eigenschaften',
  'Drag to resize the properties; double-click for their usual width; N hides them':
    'Ziehen ändert die Breite der Eigenschaften, Doppelklick stellt die übliche her, N blendet sie aus',
  'Height of the timeline': 'Höhe der Zeitleiste',
  'Drag to resize the timeline; double-click for its usual height':
    'Ziehen ändert die Höhe der Zeitleiste, Doppelklick stellt die übliche her',
  'Thumbnail of {name} from its file': 'Vorschaubild von {name} aus der Datei',
  '{name} (active)': '{name} (aktiv)',
  Animation: 'Animation',
  '1 clip': '1 Clip',
  '{count} clips': '{count} Clips',
  'View layers': 'Ansichtsebenen',
  Views: 'Ansichten',
  'Each frame has one image per view': 'Jeder Frame hat ein Bild je Ansicht',
  '{count} images per frame ({views})': '{count} Bilder je Frame ({views})',
  'Also writes': 'Schreibt außerdem',
  'File Output nodes: {names}': 'Dateiausgabe-Nodes: {names}',
  Source: 'Quelle',
  'Video sequencer': 'Video-Sequenzer',
  'Thumbnail of {scene} from its file': 'Vorschaubild von {scene} aus der Datei',
  'Render frame {frame} at a quarter of its size, with few samples':
    'Frame {frame} in einem Viertel der Größe mit wenigen Samples rendern',
  Preview: 'Vorschau',
  '{scene} is open': '{scene} ist geöffnet',
  'Nothing has been rendered yet.': 'Noch wurde nichts gerendert.',
  'This is the thumbnail in its file.': 'Dies ist das Vorschaubild aus der Datei.',
  'Frame {frame}, not in this job': 'Frame {frame}, nicht in diesem Job',
  'Show each frame as it is written': 'Jeden Frame zeigen, sobald er geschrieben ist',
  'Frames by state': 'Frames nach Zustand',
  'Go to the next frame in this state: {state}': 'Zum nächsten Frame in diesem Zustand gehen: {state}',
  'Go to the next frame whose image looks wrong': 'Zum nächsten Frame gehen, dessen Bild falsch aussieht',
  'Looks wrong': 'Sieht falsch aus',
  'Frames appear here once a scene is open.': 'Hier erscheinen Frames, sobald eine Szene geöffnet ist.',
  Zoom: 'Zoom',
  'Fit the image into its area (Home)': 'Bild in seinen Bereich einpassen (Home)',
  'Show the image pixel for pixel (1)': 'Bild Pixel für Pixel zeigen (1)',
  'Show a checkerboard behind transparent areas': 'Schachbrett hinter durchsichtigen Stellen zeigen',
  'Show the time, memory, files and log of this frame': 'Zeit, Speicher, Dateien und Protokoll dieses Frames zeigen',
  '{job}, frame {frame}': '{job}, Frame {frame}',
  '{job}, playing': '{job}, wird abgespielt',
  'The image of frame {number} no longer exists: it was moved or deleted.':
    'Das Bild von Frame {number} gibt es nicht mehr: Es wurde verschoben oder gelöscht.',
  'Drop a scene (.blend, .glb, .gltf) on this window, or open one.':
    'Legen Sie eine Szene (.blend, .glb, .gltf) auf diesem Fenster ab, oder öffnen Sie eine.',
  'Ctrl+O': 'Ctrl+O',
  'Live view of {scene}: arrow keys move it, with Shift they turn it, 0 on the number pad returns to the camera':
    'Live-Ansicht von {scene}: Pfeiltasten verschieben, mit Shift drehen sie, 0 auf dem Ziffernblock kehrt zur Kamera zurück',
  'Loading {scene}…': 'Lädt {scene}…',
  'Look through the scene’s camera again (0 on the number pad)':
    'Wieder durch die Kamera der Szene sehen (0 auf dem Ziffernblock)',
  'This window has no WebGL 2, which showing a scene live takes: Render Image shows its frames.':
    'Diesem Fenster fehlt WebGL 2, das zum Live-Zeigen einer Szene nötig ist: „Bild rendern“ zeigt ihre Frames.',
  'The scene cannot be shown live in this window: Render Image shows its frames.':
    'Die Szene lässt sich in diesem Fenster nicht live zeigen: „Bild rendern“ zeigt ihre Frames.',
  Compare: 'Vergleichen',
  'There is no image of frame {frame} of {job}.': 'Es gibt kein Bild von Frame {frame} von {job}.',
  'Compared with {job}, frame {frame}': 'Verglichen mit {job}, Frame {frame}',
  Wipe: 'Wischen',
  Difference: 'Differenz',
  Gain: 'Verstärkung',
  'Stop comparing': 'Vergleich beenden',
  Standard: 'Standard',
  Raw: 'Roh',
  'This is a preview: the host can’t read the light of this OpenEXR. It has tiles, deep pixels, no colors, or too many pixels for the free memory.':
    'Dies ist eine Vorschau: Der Host kann das Licht dieser OpenEXR-Datei nicht lesen. Sie hat Kacheln, Deep-Pixel, keine Farben oder zu viele Pixel für den freien Speicher.',
  OpenEXR: 'OpenEXR',
  Layer: 'Ebene',
  Exposure: 'Belichtung',
  'Double-click for 0': 'Doppelklick für 0',
  'Histogram: {black} black, {white} white, median {median}':
    'Histogramm: {black} schwarz, {white} weiß, Median {median}',
  'Black {share}': 'Schwarz {share}',
  'Median {value}': 'Median {value}',
  'White {share}': 'Weiß {share}',
  'Image: Home fits it, 1 shows it pixel for pixel, + and - zoom, Shift and the arrow keys pan':
    'Bild: Home passt es ein, 1 zeigt es Pixel für Pixel, + und - zoomen, Shift und die Pfeiltasten verschieben',
  'Color and Alpha': 'Farbe und Alpha',
  Color: 'Farbe',
  Red: 'Rot',
  Green: 'Grün',
  Blue: 'Blau',
  Alpha: 'Alpha',
  'Compare with another image': 'Mit einem anderen Bild vergleichen',
  'Channels and display': 'Kanäle und Anzeige',
  'Frame Before': 'Voriger Frame',
  'Hold This Frame': 'Diesen Frame festhalten',
  'Version Before: {job}': 'Vorige Version: {job}',
  'Version Before': 'Vorige Version',
  'Stop Comparing': 'Vergleich beenden',
  Channels: 'Kanäle',
  Histogram: 'Histogramm',
  'Pixel Values': 'Pixelwerte',
  'Point at the image to read its pixels.': 'Zeigen Sie auf das Bild, um seine Pixel abzulesen.',
  Pixel: 'Pixel',
  Animations: 'Animationen',
  'All animations play. Tick some to play only those.':
    'Alle Animationen laufen. Kreuzen Sie einige an, damit nur diese laufen.',
  'Only the ticked animations play.': 'Nur die angekreuzten Animationen laufen.',
  'This file contains scripts, which can do anything that you can: allow them only if you trust the file. Without them, rigs and drivers may not work.':
    'Diese Datei enthält Skripte, die alles dürfen, was Sie dürfen: Erlauben Sie sie nur, wenn Sie der Datei vertrauen. Ohne sie funktionieren Rigs und Treiber vielleicht nicht.',
  'This file contains no scripts that would run. Scripts can do anything that you can.':
    'Diese Datei enthält keine Skripte, die laufen würden. Skripte dürfen alles, was Sie dürfen.',
  'Start Blender without your own settings and add-ons.':
    'Blender ohne Ihre eigenen Einstellungen und Add-ons starten.',
  'Default ({name})': 'Vorgabe ({name})',
  Default: 'Vorgabe',
  '{name} (does not work)': '{name} (funktioniert nicht)',
  Opaque: 'Undurchsichtig',
  'Any GPU': 'Beliebige GPU',
  'From the file': 'Aus der Datei',
  'No active camera': 'Keine aktive Kamera',
  'Active ({camera})': 'Aktive ({camera})',
  'Automatic, fits the scene': 'Automatisch, passend zur Szene',
  'First ({camera})': 'Erste ({camera})',
  '{width} × {height} pixels': '{width} × {height} Pixel',
  'Engine default': 'Vorgabe der Engine',
  'Frame {first} becomes {path}': 'Frame {first} wird zu {path}',
  'The file is set to write a movie: each frame is written as an image instead.':
    'Die Datei soll laut Einstellung einen Film schreiben: Stattdessen wird jeder Frame als Bild geschrieben.',
  'Replace existing images; when off, you are asked first': 'Vorhandene Bilder ersetzen; sonst wird vorher gefragt',
  '{count, plural, one {Render # Frame Again} other {Render # Frames Again}}':
    '{count, plural, one {# Frame erneut rendern} other {# Frames erneut rendern}}',
  'Render All Failed Again ({count})': 'Alle fehlgeschlagenen erneut rendern ({count})',
  'Open Image': 'Bild öffnen',
  'Show in Folder': 'Im Ordner zeigen',
  'Compare with the Frame Shown': 'Mit dem gezeigten Frame vergleichen',
  'Copy Image': 'Bild kopieren',
  'Copy {count} Paths': '{count} Pfade kopieren',
  'Copy Path': 'Pfad kopieren',
  '{count, plural, one {# error} other {# errors}}': '{count, plural, one {# Fehler} other {# Fehler}}',
  'Previous Error': 'Voriger Fehler',
  'Next Error': 'Nächster Fehler',
  'Attempt {attempt}': 'Versuch {attempt}',
  Timeline: 'Zeitleiste',
};

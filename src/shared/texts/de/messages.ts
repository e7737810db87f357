/** German: messages, the status bar and the connection. */
export const messages: Readonly<Record<string, string>> = {
  'The host answered {operation} in a form this window does not know ({at}): reload it, or update the older of the two.':
    'Der Host hat auf {operation} in einer Form geantwortet, die dieses Fenster nicht kennt ({at}): Laden Sie es neu, oder aktualisieren Sie das ältere von beiden.',
  'no value': 'kein Wert',
  'This page was opened with the read token, which allows viewing only: open it with the control token to make changes.':
    'Diese Seite wurde mit dem Lese-Token geöffnet, das nur Ansehen erlaubt: Öffnen Sie sie mit dem Steuer-Token, um etwas zu ändern.',
  '{jobs} could not be {done}: {sentence}': 'Nicht {done}: {jobs}. {sentence}',
  '{label}: done.': '{label}: fertig.',
  'It failed.': 'Es ist fehlgeschlagen.',
  '{label} was cancelled.': '{label} wurde abgebrochen.',
  'The queue is done': 'Die Warteschlange ist fertig',
  'Disconnected.': 'Getrennt.',
  'The host does not respond; what you see may be out of date.':
    'Der Host antwortet nicht; was Sie sehen, ist vielleicht veraltet.',
  'Retrying in {seconds} s': 'Neuer Versuch in {seconds} s',
  'Reconnecting…': 'Verbindet erneut…',
  'Whole text': 'Ganzer Text',
  'Whole text: {text}': 'Ganzer Text: {text}',
  'Dismiss: {text}': 'Ausblenden: {text}',
  'Dismiss all {count}': 'Alle {count} ausblenden',
  'Progress of {label}': 'Fortschritt von {label}',
  'Cancelling…': 'Bricht ab…',
  'Cancel {label}': '{label} abbrechen',
  'no value yet': 'noch kein Wert',
  'There is no image of frame {frame} of job {job}.': 'Es gibt kein Bild von Frame {frame} von Job {job}.',
  'Reading the image…': 'Liest das Bild…',
  starting: 'startet',
  idle: 'untätig',
  rendering: 'rendert',
  'backing off': 'pausiert nach Fehlern',
  stopping: 'stoppt',
  '{rendering} rendering': '{rendering} rendern',
  '{starting} starting': '{starting} starten',
  '{backingOff} backing off': '{backingOff} pausieren nach Fehlern',
  'Worker {slot} ({engine}): {state}, {done} done': 'Worker {slot} ({engine}): {state}, {done} fertig',
  'frame {number}': 'Frame {number}',
  'Waiting to start': 'Wartet auf den Start',
  'Show {name} (job {id}) in the queue': '{name} (Job {id}) in der Warteschlange zeigen',
  'Measuring pace': 'Misst das Tempo',
  '{rate} frames/min': '{rate} Frames/min',
  'The host does not accept this token': 'Der Host nimmt dieses Token nicht an',
  'This page needs the host’s token': 'Diese Seite braucht das Token des Hosts',
  'Framegauge printed it when it started, at the end of the address of this page:':
    'Framegauge hat es beim Start ausgegeben, am Ende der Adresse dieser Seite:',
  'Open that address, or paste the line here.': 'Öffnen Sie diese Adresse, oder fügen Sie die Zeile hier ein.',
  'The host may have a new one after a restart.': 'Nach einem Neustart hat der Host vielleicht ein neues.',
  'Token, or the whole address': 'Token oder die ganze Adresse',
  Connect: 'Verbinden',
  'The host’s answer to {operation} cannot be read: restart Framegauge.':
    'Die Antwort des Hosts auf {operation} ist nicht lesbar: Starten Sie Framegauge neu.',
  'What was dropped is not a file on this machine: save it first, then install it.':
    'Was abgelegt wurde, ist keine Datei auf dieser Maschine: Speichern Sie es zuerst, und installieren Sie es dann.',
  'What was dropped is not a file on this machine: save it first, then open it.':
    'Was abgelegt wurde, ist keine Datei auf dieser Maschine: Speichern Sie es zuerst, und öffnen Sie es dann.',
  '{count, plural, =0 {What was dropped is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} one {“{name}” is not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.} other {These files are not a scene: drop a .glb, .gltf or .blend file, or the .zip of an add-on.}}':
    '{count, plural, =0 {Was abgelegt wurde, ist keine Szene: Legen Sie eine .glb-, .gltf- oder .blend-Datei ab, oder die .zip-Datei eines Add-ons.} one {„{name}“ ist keine Szene: Legen Sie eine .glb-, .gltf- oder .blend-Datei ab, oder die .zip-Datei eines Add-ons.} other {Diese Dateien sind keine Szene: Legen Sie eine .glb-, .gltf- oder .blend-Datei ab, oder die .zip-Datei eines Add-ons.}}',
  '{count} scenes were dropped: drop at most {maxscenes} at a time.':
    '{count} Szenen wurden abgelegt: Legen Sie höchstens {maxscenes} auf einmal ab.',
  '“{name}” is not a glTF file: its text is not JSON. Export it again.':
    '„{name}“ ist keine glTF-Datei: Ihr Text ist kein JSON. Exportieren Sie sie neu.',
  '“{name}” is not a glTF file: its buffers or images cannot be read. Export it again.':
    '„{name}“ ist keine glTF-Datei: Ihre Puffer oder Bilder sind nicht lesbar. Exportieren Sie sie neu.',
  '“{name}” needs files that were not dropped with it ({list}): drop them together, or open the scene by its path with File › Open.':
    '„{name}“ braucht Dateien, die nicht mit abgelegt wurden ({list}): Legen Sie alle zusammen ab, oder öffnen Sie die Szene über ihren Pfad mit Datei › Öffnen.',
  'The connection to the host was lost before it answered: look at the queue once it is back.':
    'Die Verbindung zum Host brach ab, bevor er antwortete: Sehen Sie in der Warteschlange nach, sobald sie wieder da ist.',
  'The host did not take “{name}” (HTTP {status}): {otherwise}.':
    'Der Host hat „{name}“ nicht angenommen (HTTP {status}): {otherwise}.',
  'There is no connection to the host: try again when it is back.':
    'Es besteht keine Verbindung zum Host: Versuchen Sie es erneut, wenn sie wieder da ist.',
  'open it by its path with File › Open': 'öffnen Sie es über seinen Pfad mit Datei › Öffnen',
  'install it with “framegauge addons install” on the host’s machine':
    'installieren Sie es mit „framegauge addons install“ auf der Maschine des Hosts',
  'This page may not copy images: open it over https or from this machine, or copy the path.':
    'Diese Seite darf keine Bilder kopieren: Öffnen Sie sie über https oder auf dieser Maschine, oder kopieren Sie den Pfad.',
  'The image of frame {frame} is no longer there.': 'Das Bild von Frame {frame} ist nicht mehr da.',
  'The image of frame {frame} was copied.': 'Das Bild von Frame {frame} wurde kopiert.',
  'None of these frames has an image yet.': 'Keiner dieser Frames hat schon ein Bild.',
  'This page may not copy: select the path and copy it.':
    'Diese Seite darf nicht kopieren: Markieren Sie den Pfad und kopieren Sie ihn.',
  '{count, plural, one {The path was copied.} other {# paths were copied.}}':
    '{count, plural, one {Der Pfad wurde kopiert.} other {# Pfade wurden kopiert.}}',
  'There is nothing to play yet: the job shown has no images.':
    'Noch ist nichts abzuspielen: Der gezeigte Job hat keine Bilder.',
};

"""Signs of progress within a frame."""

import time

# Seconds between two signs of progress.
STATS_PAUSE = 0.2


class Stats:
    """
    Signs of progress. Blender gives them from threads of its own, and often; versions before 3.5 or so without any
    text, which then stands on standard output only.
    """

    def __init__(self, connection):
        self.connection = connection
        self.request = None
        self.told = 0.0
        # The last that tells of samples and was not told yet.
        self.kept = None

    def take(self, *arguments):
        request = self.request
        if request is None:
            return
        text = next((argument for argument in arguments if isinstance(argument, str)), None)
        if text is not None and "sample" in text.lower():
            self.kept = text
        now = time.monotonic()
        if now - self.told < STATS_PAUSE:
            return
        self.told = now
        if text == self.kept:
            self.kept = None
        self.connection.send({"type": "stats", "id": request, "text": text})

    def end(self):
        """The frame is rendered: also one that took less than the pause has told how many samples it took."""
        request, self.request = self.request, None
        if self.kept is not None:
            self.connection.send_now({"type": "stats", "id": request, "text": self.kept})
        self.kept = None

# SPDX-License-Identifier: EUPL-1.2
"""Eyes and hands of the demo: sees the kiosk's picture, presses with XTEST events, knows nothing else of the kiosk.

Where to press comes from the pictures: `e2e_locate` is a test program that draws every known screen with the product's own
renderer, finds the one that the real window shows, and prints the rectangles of its widgets.
"""
import json
import pathlib
import subprocess
import time

from processes import Failed, wait_until

# Share of pixels of the title block: more is another language, another screen or a half-drawn window.
SAME = 0.035


class Display:
    """An X server without a monitor whose picture lies in a file (Xvfb -fbdir)."""

    def __init__(self, folder, logs, width=1080, height=1920):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        number_file = self.folder / "number"
        with open(number_file, "wb") as numbers:
            self.process = subprocess.Popen(
                ["Xvfb", "-displayfd", str(numbers.fileno()), "-screen", "0", f"{width}x{height}x24", "-fbdir",
                 str(self.folder), "-nolisten", "tcp", "-noreset"], pass_fds=[numbers.fileno()],
                stdout=subprocess.DEVNULL, stderr=open(pathlib.Path(logs) / "xvfb.log", "ab"))
        text = wait_until(lambda: number_file.read_text().strip(), "Xvfb to start")
        self.name = f":{text}"
        self.picture = self.folder / "Xvfb_screen0"
        self.environment = {"DISPLAY": self.name, "SDL_VIDEODRIVER": "x11"}

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Kiosk:
    """What a person at the terminal can do: look, touch, type."""

    def __init__(self, display, build, pictures, logs):
        self.display = display
        self.pictures = pathlib.Path(pictures)
        build = pathlib.Path(build)
        self.eyes = subprocess.Popen([build / "bin/e2e_locate", display.picture, build / "share/locales"], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=open(pathlib.Path(logs) / "locate.log", "ab"))
        self.language = "de"
        self.text_percent = 100
        self.taken = []
        self.last_touch = 0.0

    def look(self):
        """The best match of the present picture: {"screen","page","widgets":{id:[x,y,w,h]},...}."""
        self.eyes.stdin.write(f"{self.language} {self.text_percent}\n")
        self.eyes.stdin.flush()
        answer = self.eyes.stdout.readline()
        if not answer:
            raise Failed("e2e_locate ended; see locate.log")
        return json.loads(answer)

    def wait_for(self, *names, seconds=30):
        """Waits until the window shows one of these screens."""
        seen = {}

        def there():
            seen.update(self.look())
            return seen if seen["screen"] in names and seen["differing"] < SAME else None

        try:
            return wait_until(there, f"screen {' or '.join(names)}", seconds, every=0.1)
        except Failed as failure:
            picture = self.save("unexpected")
            raise Failed(f"{failure}; the window looks like “{seen.get('shot')}” ({seen.get('differing', 1):.3f} differ), see {picture}") from failure

    def wait_still(self, seconds=30):
        """Waits until nothing has changed for a second: an answer that comes late may still turn what stands there."""
        since, last = time.monotonic(), None
        end = since + seconds
        while time.monotonic() < end:
            now = pathlib.Path(self.display.picture).read_bytes()
            if now != last:
                since, last = time.monotonic(), now
            elif time.monotonic() - since > 1:
                return
            time.sleep(0.2)
        raise Failed(f"the window did not come to rest within {seconds} s")

    def touch(self, widget, view=None):
        view = view or self.look()
        if widget not in view["widgets"]:
            picture = self.save("unexpected")
            raise Failed(f"screen {view['screen']} has no {widget} (it has {', '.join(view['widgets'])}); see {picture}")
        x, y, width, height = view["widgets"][widget]
        # The kiosk takes two touches within half a second as one (tremor), so a person, and we, wait.
        time.sleep(max(0.0, self.last_touch + 0.6 - time.monotonic()))
        self._xdotool("mousemove", str(int(x + width / 2)), str(int(y + height / 2)), "mousedown", "1", "sleep", "0.06",
                      "mouseup", "1")
        self.last_touch = time.monotonic()

    def type_digits(self, digits):
        for digit in digits:
            self._xdotool("key", digit)
            time.sleep(0.12)

    def press(self, key):
        self._xdotool("key", key)

    def close(self):
        self.eyes.stdin.close()
        self.eyes.wait()

    def save(self, name):
        """Keeps the present picture as PNG and returns its file name."""
        target = self.pictures / f"{name}.png"
        subprocess.run(["convert", f"xwd:{self.display.picture}", str(target)], check=True, capture_output=True)
        self.taken.append(target.name)
        return target

    def _xdotool(self, *arguments):
        subprocess.run(["xdotool", *arguments], check=True, env={**self.display.environment, "PATH": "/usr/bin:/bin"},
                       capture_output=True)


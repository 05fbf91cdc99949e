"""What disguises are made with: a font, pictures to lay over, other videos."""

import subprocess

# Pictures as ffmpeg's geq draws them: (size, red, green, blue, alpha).
PICTURES = {
    "logo": ("160x160",
             "if(lt(hypot(X-80,Y-80),52),245,200)", "if(lt(hypot(X-80,Y-80),52),245,30)",
             "if(lt(hypot(X-80,Y-80),52)*gt(abs(X-80),20),245,40)",
             "if(lt(hypot(X-80,Y-80),76),255,0)"),
    "sticker": ("160x160",
                "if(lt(hypot(X-52,Y-58),12)+lt(hypot(X-108,Y-58),12)"
                "+between(hypot(X-80,Y-80),40,52)*gt(Y,88),20,255)",
                "if(lt(hypot(X-52,Y-58),12)+lt(hypot(X-108,Y-58),12)"
                "+between(hypot(X-80,Y-80),40,52)*gt(Y,88),20,210)",
                "30", "if(lt(hypot(X-80,Y-80),78),255,0)"),
    # The pixels of a screen against those of a camera: bars that bend.
    "moire": ("1000x900",
              "127+127*sin(X*0.55+0.0009*Y*Y)", "127+127*sin(X*0.57+0.0009*Y*Y)",
              "127+127*sin(X*0.59+0.0009*Y*Y)", "26+14*sin(Y*0.8)"),
}


def fonts():
    """A bold and a monospaced font file of Debian's, or Nones."""
    try:
        listed = subprocess.run(["fc-list", ":", "file"], capture_output=True,
                                text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return None, None
    files = sorted(line.rstrip(": \n") for line in listed.splitlines())
    files = [file for file in files if file.endswith((".ttf", ".otf"))]

    def best(*names):
        for name in names:
            for file in files:
                if file.endswith(name):
                    return file
        return files[0] if files else None

    return (best("DejaVuSans-Bold.ttf", "-Bold.ttf"),
            best("DejaVuSansMono.ttf", "Mono.ttf", "Mono-Regular.ttf"))


class Kit:
    def __init__(self, cache, backgrounds):
        self.bold, self.mono = fonts()
        self.backgrounds = backgrounds
        self.pictures = {}
        for name, (size, red, green, blue, alpha) in PICTURES.items():
            self.pictures[name] = cache.add(
                f"pictures/{name}", ".png",
                ["-f", "lavfi", "-i", f"nullsrc=s={size},format=rgba,geq=r='{red}':"
                 f"g='{green}':b='{blue}':a='{alpha}'", "-frames:v", "1"], step=0)

    def others(self, random, count):
        """Unrelated videos; the same again only where there are too few."""
        chosen = []
        while len(chosen) < count:
            left = count - len(chosen)
            chosen += random.sample(self.backgrounds, min(left, len(self.backgrounds)))
        return chosen

    def caption(self, words, size, x, y, colour, enable="1"):
        """A filter that writes a line."""
        if self.bold:
            words = words.replace("\\", "").replace("'", "").replace(":", r"\:")
            return (f"drawtext=fontfile={self.bold}:text='{words}':fontsize={size}:"
                    f"x='{x}':y='{y}':fontcolor={colour}:borderw=2:bordercolor=black:"
                    f"enable='{enable}'")
        # Without a font, a bar as long as the line.
        width = round(0.6 * size * len(words))
        x = x.replace("text_w", str(width)).replace("w-", "iw-")
        y = y.replace("h*", "ih*")
        return (f"drawbox=x='{x}':y='{y}':w={width}:h={size}:color={colour}:t=fill:"
                f"enable='{enable}'")

    def clock(self, start, size):
        """A filter that writes date and time; `start` in seconds since 1970."""
        if self.mono:
            return (f"drawtext=fontfile={self.mono}:fontsize={size}:x=w*0.03:y=h*0.03:"
                    r"text='%{pts\:gmtime\:" + str(start) +
                    r"\:%Y-%m-%d %H\\\:%M\\\:%S}':"
                    "fontcolor=white:box=1:boxcolor=black@0.5")
        return (f"drawbox=x=iw*0.03:y=ih*0.03:w={11 * size}:h={size}:color=white:t=fill,"
                f"drawbox=x=iw*0.03:y=ih*0.03:w={size}:h={size}:color=black:t=fill:"
                "enable='lt(mod(t,2),1)'")

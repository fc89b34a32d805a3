"""Why systems refuse things, as Python tells it: `desktop.language.told` finds it in sentences.

Windows says so in its own language already.
"""

from engine.wording import mark

REASONS = (
    mark("Permission denied"),
    mark("Operation not permitted"),
    mark("No such file or directory"),
    mark("Not a directory"),
    mark("Is a directory"),
    mark("Directory not empty"),
    mark("File exists"),
    mark("File name too long"),
    mark("File too large"),
    mark("Read-only file system"),
    mark("No space left on device"),
    mark("Disk quota exceeded"),
    mark("Device or resource busy"),
    mark("Input/output error"),
    mark("Too many open files"),
    mark("Too many levels of symbolic links"),
    mark("Stale file handle"),
    mark("Transport endpoint is not connected"),
    mark("Host is down"),
    mark("Connection refused"),
    mark("Connection timed out"),
    mark("Address already in use"),
    mark("Cannot assign requested address"),
)

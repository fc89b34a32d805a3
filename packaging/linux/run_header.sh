#!/bin/sh
# Image Embedding in one file. It unpacks itself once into your data folder and starts from there;
# to be rid of it, delete this file and that folder. The archive begins after the last line.
set -e
place="${XDG_DATA_HOME:-$HOME/.local/share}/image-embedding/@NAME@"
if [ ! -x "$place/image-embedding" ]; then
    echo "Unpacking Image Embedding into $place, which takes a minute the first time" >&2
    command -v zstd >/dev/null || {
        echo "error: zstd is missing; install it with the package manager, then start again" >&2
        exit 1
    }
    mkdir -p "${place%/*}"
    # Whole or not at all, also where two start at once.
    part=$(mktemp -d "$place.XXXXXX")
    trap 'rm -rf "$part"' EXIT
    tail -n +@LINES@ "$0" | tar -x --zstd -C "$part" --no-same-owner --strip-components=3 ./opt/image-embedding
    mv -T "$part" "$place" 2>/dev/null || [ -x "$place/image-embedding" ]
    rm -rf "$part"
    trap - EXIT
fi
exec "$place/image-embedding" "$@"

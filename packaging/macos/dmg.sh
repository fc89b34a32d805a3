#!/bin/sh
# Sign the bundle that build.py has made and put it on a disk image:
#   packaging/macos/dmg.sh full            signed ad hoc: opened by right-click and Open
#   SIGN_AS="Developer ID Application: …" NOTARY_PROFILE=… packaging/macos/dmg.sh full
# Not tried yet: this was written without a Mac at hand.
set -eu
edition="${1:-full}"
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
app="$root/dist/$edition/Image Embedding.app"
version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$root/engine/__init__.py")
dmg="$root/dist/$edition/image-embedding-$edition-$version-$(uname -m).dmg"
sign_as="${SIGN_AS:--}"
runtime=""
[ "$sign_as" = "-" ] || runtime="--options runtime --timestamp"

sign() {
    # shellcheck disable=SC2086
    codesign --force $runtime --entitlements "$here/entitlements.plist" --sign "$sign_as" "$1"
}

# From the inside out: the helper of the web view is a bundle within the bundle.
find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' \) -print | while read -r file; do
    sign "$file"
done
find "$app/Contents" -type d -name 'QtWebEngineProcess.app' -print | while read -r helper; do
    sign "$helper"
done
sign "$app"
codesign --verify --deep --strict "$app"

place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cp -R "$app" "$place/"
ln -s /Applications "$place/Applications"
hdiutil create -volname "Image Embedding" -srcfolder "$place" -ov -format ULMO "$dmg"
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$dmg" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$dmg"
fi
echo "$dmg"

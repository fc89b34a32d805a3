#!/bin/sh
# Install and try what deb.py has made, as root: packaging/linux/try_packages.sh [full|lite]
# The self-test runs without a network, as root and as an ordinary user, from where the package
# installs it, from a read-only folder whose name has spaces and letters of other scripts, and
# from the file that unpacks itself. It needs Xvfb, unshare and setpriv, and a user called nobody.
set -eu
edition="${1:-full}"
root=$(cd "$(dirname "$0")/../.." && pwd)
out="$root/dist/$edition"
place=$(mktemp -d)
display=":${TRY_DISPLAY:-91}"
user=$(id -u nobody)
chmod 755 "$place"

Xvfb "$display" -screen 0 1500x950x24 -noreset -nolisten tcp >/dev/null 2>&1 &
server=$!
folder="$place/ein Ort mit Leerzeichen – জায়গা"
mkdir "$folder"
end() {
    umount --lazy "$folder" 2>/dev/null || true
    kill "$server" 2>/dev/null || true
    rm -rf --one-file-system "$place"
}
trap end EXIT
sleep 2

failed=0
# try_it NAME ROOT-OR-USER PROGRAM...
try_it() {
    name="$1" who="$2"
    shift 2
    home="$place/home of $who"
    mkdir -p "$home/run"
    chmod 700 "$home/run"
    as=""
    if [ "$who" = user ]; then
        chown -R "$user" "$home"
        as="setpriv --reuid=$user --regid=$user --clear-groups"
    fi
    echo "== $name, as $who, without a network"
    # shellcheck disable=SC2016,SC2086
    unshare --net sh -c 'ip link set lo up 2>/dev/null; exec "$@"' sh \
        env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME="$home" XDG_RUNTIME_DIR="$home/run" \
        TMPDIR="$home" DISPLAY="$display" $as "$@" self-test 2>"$place/said" || {
        failed=1
        tail -n 20 "$place/said"
    }
}

dpkg --install "$out"/*.deb
try_it "installed by dpkg" root /usr/bin/image-embedding
try_it "installed by dpkg" user /usr/bin/image-embedding
mount --bind /opt/image-embedding "$folder"
mount -o remount,bind,ro "$folder"
try_it "read-only, in a name with spaces" user "$folder/image-embedding"
# A process of the program may still be ending.
umount --lazy "$folder"
dpkg --remove "$(dpkg-deb --field "$out"/*.deb Package)"
try_it "the file that unpacks itself" user "$out"/*.run
exit "$failed"

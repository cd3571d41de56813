#!/usr/bin/env bash
# Deploys infra/template.yaml with the real functions on emulators that others wrote, drops
# lists into the bucket and watches accounts come of it. See README.md.
#
# `tests/e2e/run.sh [moto|zone]…` runs in the worlds that are named, or in both, side by side.
# Nothing leaves this machine.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
logs=$target/e2e-logs

nice cargo build --release -p intake -p provision -p handover
nice cargo build -p landing-zone --example serve

venv=$target/e2e-venv
if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -r tests/e2e/requirements.txt

rm -rf "$logs"
mkdir -p "$logs"
[ $# -gt 0 ] || set -- moto zone
runs=()
trap 'kill "${runs[@]}" 2>/dev/null || true; wait' EXIT
for world in "$@"; do
    mkdir "$logs/$world"
    PYTHONDONTWRITEBYTECODE=1 "$venv/bin/python" tests/e2e/drive.py "$world" \
        "$PWD" "$target/release" "$target/debug/examples/serve" "$logs" &
    runs+=($!)
done
failed=0
for run in "${runs[@]}"; do
    wait "$run" || failed=1
done
runs=()
echo "the logs are in $logs"
exit "$failed"

# For the other scripts, which source it: where the workspace lies, and one build folder for all its packages.

set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd)
export LAB_ROOT=$root
export SWIFTPM_BUILD_DIR=${SWIFTPM_BUILD_DIR:-$root/.build}
logs=$SWIFTPM_BUILD_DIR/logs

say() { printf "%s\n" "$@"; }

fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# Every model package, as NN_name. A folder that begins with an underscore is no model.
models() { (cd "$root/models" && find . -mindepth 2 -maxdepth 2 -path './[0-9]*/Package.swift' -printf '%P\n' | sort | sed 's|/.*||'); }

# Every Swift file that is ours, each ended by a zero byte.
swift_files() { (cd "$root" && git ls-files -z --cached --others --exclude-standard -- '*.swift'); }

# Names the data folder for tests: LAB_DATA, else shared/data beside the workspace, else none.
find_data() {
  if [[ -z ${LAB_DATA:-} && -d $root/../shared/data ]]; then
    LAB_DATA=$(cd -- "$root/../shared/data" && pwd)
    export LAB_DATA
  fi
  [[ -n ${LAB_DATA:-} ]] || say "LAB_DATA is not set: what needs a downloaded data set is skipped"
}

# build NAME ARGUMENTS...: `swift build` in the present folder. Everything it says is kept in logs/NAME.log; shown is how
# far it came, a line every fifteen seconds, or, when it fails, the errors.
build() {
  local name=$1 line told=$SECONDS
  shift
  mkdir -p "$logs"
  say "building $name"
  touch Package.swift  # or SwiftPM does not see files that were added to the shared modules since the last build
  if ! swift build "$@" </dev/null 2>&1 | tee "$logs/$name.log" | while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] && ((SECONDS - told >= 15)); then
      told=$SECONDS
      say "  ${BASH_REMATCH[1]} steps of ${BASH_REMATCH[2]} or more"
    fi
  done; then
    grep -E '^[^ ].*error:' "$logs/$name.log" | sort -u | head -40 >&2 || tail -40 "$logs/$name.log" >&2
    fail "building $name failed; the whole output is in $logs/$name.log"
  fi
}

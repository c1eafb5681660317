#!/usr/bin/env bash
# Builds once and runs every test project. Arguments go to each of them: ./test.sh --filter-class '*RingTests'
# The last line is "N passed, N failed, N skipped". Exit code 1 when a test failed, a project broke, or no test ran.
#
# Tests against an S3 server take the endpoint in S3JOURNAL_TEST_ENDPOINT (with S3JOURNAL_TEST_ACCESS_KEY and _SECRET_KEY),
# else a container, else Ceph's gateway by eng/s3-server.sh, and end what they started. Packages for the gateway are
# installed under CI=true, as root, or with --with-s3; else these tests are skipped and say how.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

for argument; do
  shift
  if [[ $argument == --with-s3 ]]; then export S3JOURNAL_TEST_WITH_S3=1; else set -- "$@" "$argument"; fi
done

passed=0 failed=0 skipped=0 broken=0

# What the proofs did; eng/chaos.sh collects it over its rounds.
if [[ -z ${S3JOURNAL_TESTS_FIGURES:-} ]]; then
  S3JOURNAL_TESTS_FIGURES=$(mktemp)
  export S3JOURNAL_TESTS_FIGURES
  figures=$S3JOURNAL_TESTS_FIGURES
fi

finish() {
  [[ -n ${figures:-} ]] && column -t -s $'\t' < "$figures"
  echo "$passed passed, $failed failed, $skipped skipped"
  ((failed == 0 && broken == 0 && passed > 0))
  exit $?
}

# The number behind a word of the run's summary.
count() {
  sed -nE "s/^ *$1: ([0-9]+)\$/\1/p" "$output" | tail -n 1
}

output=$(mktemp)
trap 'rm -f "$output" ${figures:+"$figures"}' EXIT

if ! dotnet build Sinks.sln -c Release --nologo -v quiet; then
  echo "The build failed." >&2
  broken=1
  finish
fi

while IFS= read -r project; do
  echo "== $project"
  dotnet test --project "$project" -c Release --no-build --no-progress "$@" 2>&1 | tee "$output"
  code=${PIPESTATUS[0]}
  p=$(count succeeded) f=$(count failed) s=$(count skipped)
  passed=$((passed + ${p:-0})) failed=$((failed + ${f:-0})) skipped=$((skipped + ${s:-0}))

  # 8: no test of this project matched the arguments (another's may), or all were skipped. 2: tests failed, and are counted.
  if [[ $code -eq 8 && ($# -gt 0 || ${s:-0} -gt 0) ]] || [[ $code -eq 2 && ${f:-0} -gt 0 ]]; then
    continue
  elif [[ $code -ne 0 || -z $p ]]; then
    echo "$project ended with code $code." >&2
    broken=$((broken + 1))
  fi
done < <(find tests -name '*.Tests.csproj' | sort)

finish

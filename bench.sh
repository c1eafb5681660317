#!/usr/bin/env bash
# Measures the journal against its peers, side by side (tests/Benchmarks). On a machine that does nothing else: about 15 minutes.
#
#   ./bench.sh                  measures, writes docs/performance.json and makes docs/performance.md of it
#   ./bench.sh --quick          one short pair each, about a minute, to see that it works: into artifacts/, docs stay as they are
#   ./bench.sh --only GROUP     that group alone (may be repeated; any other argument of the program too), into artifacts/
#   ./bench.sh --only GROUP --merge  that group alone, into docs/performance.json in place of what it has of it
#   ./bench.sh --report         makes docs/performance.md anew, of docs/performance.json and tests/Benchmarks/remarks.md
#   ./bench.sh --check          whether that would change it
#
# --with-s3 installs the S3 server (eng/s3-server.sh) when it is missing; without a server its group is left out.
# S3JOURNAL_TEST_ENDPOINT and its siblings name a server that already runs.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

install='' partial='' merge='' arguments=()
for argument in "$@"; do
  case $argument in
    --with-s3) install=--install ;;
    --report | --check)
      exec dotnet run -c Release --project tests/Benchmarks -- report ${argument/--report/}
      ;;
    --merge) merge=1 && arguments+=(--merge) ;;
    *) partial=1 && arguments+=("$argument") ;;
  esac
done

if [[ -z ${S3JOURNAL_TEST_ENDPOINT:-} ]]; then
  server=$(mktemp -d)
  trap 'eng/s3-server.sh stop "$server" --purge > /dev/null 2>&1; rm -rf "$server"' EXIT
  if environment=$(eng/s3-server.sh start "$server" --owner $$ $install); then eval "$environment"; fi
fi

output=docs/performance.json
if [[ $partial && ! $merge ]]; then
  mkdir -p artifacts
  output=artifacts/performance.json
fi
dotnet build tests/Benchmarks -c Release --nologo -v quiet
dotnet run -c Release --no-build --project tests/Benchmarks -- run --output "$output" ${arguments[@]+"${arguments[@]}"}
if [[ $partial && ! $merge ]]; then
  dotnet run -c Release --no-build --project tests/Benchmarks -- report --input "$output" > artifacts/performance.md
else
  dotnet run -c Release --no-build --project tests/Benchmarks -- report
fi

#!/usr/bin/env bash
# Runs the long form of every proof (docs/guarantees.md) and prints one table of what each did.
#   eng/chaos.sh                 each once: the counts that the page names
#   eng/chaos.sh --minutes 600   again and again with new seeds until that time has passed; each round is run to its end
#   eng/chaos.sh -- ARGS         ARGS go to each test project: -- --filter-class '*CrashStates*'
# A failure prints its seed; S3JOURNAL_TESTS_SEED=N repeats it. Exit code 1 when anything failed.
set -uo pipefail
cd "$(dirname "$0")/.."

minutes=0
while (($#)); do
  case $1 in
    --minutes) minutes=${2:?--minutes needs a number}; shift 2 ;;
    --) shift; break ;;
    *) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
  esac
done
[[ $minutes =~ ^[0-9]+$ ]] || { echo "--minutes takes a whole number, not '$minutes'." >&2; exit 2; }

end=$((SECONDS + minutes * 60)) rounds=0 failed=0
S3JOURNAL_TESTS_FIGURES=$(mktemp)
export S3JOURNAL_TESTS_FIGURES S3JOURNAL_TESTS_LONG=1
trap 'rm -f "$S3JOURNAL_TESTS_FIGURES"' EXIT

while ((rounds == 0 || SECONDS < end)); do
  rounds=$((rounds + 1))
  ./test.sh --filter-trait Long=yes "$@" || failed=$((failed + 1))
done

echo
column -t -s $'\t' < "$S3JOURNAL_TESTS_FIGURES"
echo "$rounds rounds, $failed with failures, $((SECONDS / 60)) minutes"
((failed == 0))

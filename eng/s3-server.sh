#!/usr/bin/env bash
# A throw-away S3 server for tests: Ceph's radosgw with one monitor and one storage daemon, plain processes on
# loopback, objects in memory. Needs no root once ceph-mon, ceph-osd and radosgw are installed.
#
#   eng/s3-server.sh start [DIR] [--port N] [--owner PID] [--install]
#       Starts it and prints endpoint and keys as lines for a shell. What already runs is left alone; a gateway that
#       was killed is started again and finds its objects. Each DIR is a server of its own, on ports of its own.
#       --port N     the gateway's port; without it a free one is found, and kept over restarts
#       --owner PID  when that process has ended, the server is stopped and DIR deleted
#       --install    installs the packages when they are missing (Debian, Ubuntu; as root, or by sudo)
#   eng/s3-server.sh env [DIR]                     prints endpoint and keys again
#   eng/s3-server.sh user NAME KEY SECRET [DIR]    adds a user, who may do nothing with others' buckets
#   eng/s3-server.sh stop [DIR] [--purge]          stops it; its objects are gone. --purge deletes DIR
#
# DIR/run/gateway.pid, storage.pid and monitor.pid are there to be killed (-KILL) or stopped (-STOP, -CONT) by tests.
# Exit code 3: there is no server to be had on this machine, and the line on standard error says how to get one.
set -euo pipefail

readonly packages=(ceph-mon ceph-osd radosgw)
readonly host=127.0.0.1 patience=60

fail() { echo "s3-server: $*" >&2; exit 1; }
unavailable() { echo "$*" >&2; exit 3; }

verb=${1:-} dir='' port='' owner='' install='' purge='' user=()
[[ $# -eq 0 ]] || shift
if [[ $verb == user ]]; then
  [[ $# -ge 3 ]] || fail "user takes NAME, KEY and SECRET."
  user=("$1" "$2" "$3")
  shift 3
fi
while [[ $# -gt 0 ]]; do
  case $1 in
    --port) port=${2:?} && shift ;;
    --owner) owner=${2:?} && shift ;;
    --install) install=1 ;;
    --purge) purge=1 ;;
    -*) fail "what is $1? The head of $0 lists what there is." ;;
    *) dir=$1 ;;
  esac
  shift
done
dir=$(realpath -m "${dir:-${TMPDIR:-/tmp}/s3journal-server-$(id -u)}")
export CEPH_CONF=$dir/ceph.conf
unset CEPH_ARGS

# --- processes -------------------------------------------------------------------------------------------------------

# Ours is a process that lives and was started with this directory's configuration: a number alone may be another's by now.
alive() {
  local pid
  pid=$(cat "$dir/run/$1.pid" 2> /dev/null) && [[ -n $pid ]] &&
    grep -qs '^State:.[^ZX]' "/proc/$pid/status" && grep -qszxF "CEPH_CONF=$CEPH_CONF" "/proc/$pid/environ"
}

# In a session of its own, so that Ctrl-C in a terminal does not reach it; the lock (9) is not handed on.
spawn() {
  local name=$1
  shift
  rm -f "$dir/run/$name.pid"
  setsid -f bash -c 'echo $$ > "$0.new"; mv "$0.new" "$0"; exec "$@"' "$dir/run/$name.pid" "$@" >> "$dir/log/$name.out" 2>&1 < /dev/null 9>&-
  await "start of $name" test -s "$dir/run/$name.pid"
}

await() {
  local what=$1 end=$((SECONDS + patience))
  shift
  until "$@"; do
    ((SECONDS < end)) || { tail -qn 3 "$dir"/log/*.out >&2; fail "no $what in ${patience} s; see $dir/log."; }
    sleep 0.05
  done
}

end() {
  local name=$1 pid
  if alive "$name"; then
    pid=$(cat "$dir/run/$name.pid")
    [[ $pid == "$$" ]] && return
    kill -KILL "$pid" 2> /dev/null || true # nothing in it is worth an orderly end
    await "end of $name" eval "! alive $name"
  fi
  rm -f "$dir/run/$name.pid"
}

# --- verbs -----------------------------------------------------------------------------------------------------------

installed() { command -v ceph-mon && command -v ceph-osd && command -v radosgw && command -v radosgw-admin; } > /dev/null

install_packages() {
  command -v apt-get > /dev/null || unavailable "Install ${packages[*]}: this machine has no apt-get to do it with."
  local root=() log
  [[ $(id -u) -eq 0 ]] || root=(sudo -n)
  log=$(mktemp)
  echo "s3-server: installing ${packages[*]}" >&2
  # One at a time; a policy-rc.d that says no keeps the packages from starting services of the system.
  "${root[@]}" flock /run/lock/s3journal-install env DEBIAN_FRONTEND=noninteractive bash -c '
    policy=/usr/sbin/policy-rc.d
    if [[ ! -e $policy ]]; then
      trap "rm -f $policy" EXIT
      printf "#!/bin/sh\nexit 101\n" > $policy && chmod 755 $policy
    fi
    apt-get update -qq && apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"' bash "${packages[@]}" > "$log" 2>&1 ||
    unavailable "${packages[*]} could not be installed: $(tail -n 1 "$log") (all of it: $log)"
  rm -f "$log"
}

configure() {
  local base=${port:-$((20000 + RANDOM % 12000))}
  mkdir -p "$dir"/{monitor,storage,gateway,log,run}
  chmod 700 "$dir"
  cat > "$CEPH_CONF" << CONF
[global]
fsid = $(cat /proc/sys/kernel/random/uuid)
mon_host = [v2:$host:$((base + 1))]
public_addr = $host
cluster_addr = $host
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
# Without authentication there is no "secure" mode, which the gateway would ask the monitor for.
ms_mon_client_mode = crc
ms_client_mode = crc
ms_cluster_mode = crc
ms_service_mode = crc
keyring = $dir/keyring
run_dir = $dir/run
admin_socket =
log_file = $dir/log/\$name.log
mon_cluster_log_file = $dir/log/cluster.log
crash_dir = $dir/log
log_to_stderr = false
err_to_stderr = true
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
rgw_rados_pool_pg_num_min = 4
rgw_override_bucket_index_max_shards = 1
[mon]
mon_data = $dir/monitor
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_data_avail_crit = 1
mon_data_avail_warn = 2
mon_max_pg_per_osd = 1000
paxos_propose_interval = 0.02
paxos_min_wait = 0.01
[osd]
osd_data = $dir/storage
osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_journal =
osd_class_load_list = *
osd_class_default_list = *
[client.rgw]
rgw_data = $dir/gateway
rgw_frontends = beast endpoint=$host:$base
rgw_dns_name = localhost
rgw_thread_pool_size = 64
rgw_enable_ops_log = false
rgw_enable_usage_log = false
rgw_run_sync_thread = false
rgw_enable_apis = s3, admin
CONF
  cat > "$dir/s3.env" << ENV
export S3JOURNAL_TEST_ENDPOINT=http://$host:$base
export S3JOURNAL_TEST_ACCESS_KEY=testaccesskey
export S3JOURNAL_TEST_SECRET_KEY=test$(tr -d - < /proc/sys/kernel/random/uuid)
export S3JOURNAL_TEST_REGION=us-east-1
ENV
}

taken() { (exec 3<> "/dev/tcp/$host/$1") 2> /dev/null; }

gateway_port() { sed -n "s/.*beast endpoint=$host://p" "$CEPH_CONF"; }

gateway_answers() {
  alive gateway || return 2
  local line=''
  { exec 3<> "/dev/tcp/$host/$(gateway_port)" && printf 'GET / HTTP/1.0\r\nHost: %s\r\n\r\n' "$host" >&3 && IFS= read -r -t 2 line <&3; exec 3>&-; } 2> /dev/null || true
  [[ $line == HTTP/1.*" 200"* ]]
}

gateway_settled() { gateway_answers || [[ $? -eq 2 ]]; }

start_gateway() {
  alive gateway || spawn gateway radosgw -f -n client.rgw
  await "answer from the gateway" gateway_settled
  alive gateway
}

storage_is_up() { ! alive storage || timeout 10 ceph --connect-timeout 10 osd stat 2> /dev/null | grep -q ' 1 up'; }

storage_number() { ! alive monitor || [[ $(timeout 10 ceph --connect-timeout 10 osd new "$1" 2> /dev/null) == 0 ]]; }

# False when another took one of our ports in the meantime.
start_cluster() {
  local id base
  configure
  base=$(gateway_port)
  if taken "$base" || taken $((base + 1)); then return 1; fi
  watch

  id=$(cat /proc/sys/kernel/random/uuid)
  {
    ceph-authtool --create-keyring "$dir/keyring" --gen-key -n mon. --cap mon 'allow *'
    ceph-authtool "$dir/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    monmaptool --create --clobber --fsid "$(sed -n 's/^fsid = //p' "$CEPH_CONF")" --addv a "[v2:$host:$((base + 1))]" "$dir/monmap"
    ceph-mon --mkfs -i a --monmap "$dir/monmap" --keyring "$dir/keyring"
  } >> "$dir/log/setup.out" 2>&1 || fail "the monitor could not be set up; see $dir/log/setup.out."
  spawn monitor ceph-mon -f -i a
  await "answer from the monitor" storage_number "$id"
  alive monitor || return 1

  ceph-osd --mkfs -i 0 --osd-uuid "$id" >> "$dir/log/setup.out" 2>&1 || fail "the storage could not be set up; see $dir/log/setup.out."
  spawn storage ceph-osd -f -i 0
  await "answer from the storage" storage_is_up
  alive storage || return 1

  . "$dir/s3.env"
  add_user test "$S3JOURNAL_TEST_ACCESS_KEY" "$S3JOURNAL_TEST_SECRET_KEY"
  start_gateway
}

add_user() {
  timeout "$patience" radosgw-admin user create --uid="$1" --display-name="$1" --access-key="$2" --secret-key="$3" >> "$dir/log/setup.out" 2>&1 ||
    fail "the user $1 could not be added; see $dir/log/setup.out."
}

# Deletes only what this script made.
delete_directory() {
  [[ ! -e $dir/ceph.conf && -n $(ls -A "$dir" 2> /dev/null) ]] && fail "$dir is not empty, and not a server's."
  rm -rf "$dir"
}

stop() {
  local name
  for name in gateway storage monitor watch; do end "$name"; done
}

# One start or stop of a server at a time.
lock() {
  mkdir -p "$(dirname "$dir")"
  exec 9> "$dir.lock"
  flock -w 300 9 || fail "another start or stop holds $dir.lock."
}

watch() {
  [[ -z $owner ]] || alive watch ||
    spawn watch bash -c 'while kill -0 "$1"; do sleep 1; done; exec "$2" stop "$3" --purge' bash "$owner" "$(realpath "$0")" "$dir"
}

start() {
  if ! installed; then
    [[ $install ]] || unavailable "There is no S3 server on this machine: ./test.sh --with-s3 installs one (${packages[*]}; 70 MB), or start Docker."
    install_packages
  fi

  lock
  if alive monitor && alive storage; then
    watch
    start_gateway || fail "the gateway ended; see $dir/log."
  else
    local tries=0
    [[ -e $dir/s3.env && -z $port ]] && port=$(gateway_port)
    until stop && delete_directory && start_cluster; do
      ((++tries < 5)) || { tail -qn 3 "$dir"/log/*.out >&2; fail "five starts failed; see $dir/log."; }
      [[ ! $port ]] || ((tries < 2)) || fail "port $port or the one above is taken, or nothing can be started; see $dir/log."
    done
  fi

  cat "$dir/s3.env"
}

case $verb in
  start) start ;;
  env) cat "$dir/s3.env" ;;
  user) add_user "${user[@]}" ;;
  stop)
    lock
    stop
    if [[ $purge ]]; then delete_directory && rm -f "$dir.lock"; fi
    ;;
  *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

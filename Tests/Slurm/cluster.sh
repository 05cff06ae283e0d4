#!/bin/bash
# Runs pipelines on a real Slurm, which is started on this machine for the time of the test, and strikes it:
# whatever happens, the artifacts are byte for byte those of a run without it.
#
#     apt-get install slurm-wlm munge
#     Tests/Slurm/cluster.sh .build/release/winnow [TEST…]
#
# The tests: twelve, scancel, stage-killed, slurmd-killed, run-killed, timed-out, quickstart, node-lost. Without names
# all are run but the last three, which take minutes; the quickstart needs the package dataset-fashion-mnist.
# NODES=2 makes two nodes of this machine, which node-lost needs: the first that works is lost, and does not come back.
#
# Needs root, since Slurm's daemons do. Where Slurm is not installed or does not start, says so and ends with 77.
set -u

winnow=$(realpath "${1:-.build/release/winnow}")
wanted=${*:2}
: "${wanted:=twelve scancel stage-killed slurmd-killed run-killed}"
for name in $wanted; do
  case $name in
    twelve | scancel | stage-killed | slurmd-killed | run-killed | timed-out | quickstart | node-lost) ;;
    *) echo "there is no test '$name'"; exit 64 ;;
  esac
done
skip() { echo "skipped: $*"; exit 77; }
for command in slurmctld slurmd munged sbatch; do
  if ! command -v $command > /dev/null; then
    skip "there is no $command (apt-get install slurm-wlm munge)"
  fi
done
[ "$(id -u)" = 0 ] || skip "Slurm's daemons need root"
[ -x "$winnow" ] || { echo "there is no winnow at '$winnow'"; exit 1; }

nodes=${NODES:-1}
[[ " $wanted " == *" node-lost "* && $nodes -lt 2 ]] && { echo "node-lost needs NODES=2"; exit 64; }

place=$(mktemp -d -t winnow-slurm-XXXXXX)
export SLURM_CONF=$place/slurm.conf
export WINNOW_THREADS=1
failures=0
munge_process=

note() { echo "$(date +%T) $*"; }
fail() { note "FAILED: $*"; failures=$((failures + 1)); }

# --- Slurm

start_slurm() {
  mkdir -p "$place"/{state,log,munge}
  chmod 711 "$place" "$place/munge"
  dd if=/dev/urandom of="$place/munge/key" bs=1024 count=1 2> /dev/null
  chmod 400 "$place/munge/key"
  munged --foreground --force --key-file="$place/munge/key" --socket="$place/munge/socket" \
    --pid-file="$place/munge/pid" --log-file="$place/log/munged" --seed-file="$place/munge/seed" > "$place/log/munged-output" 2>&1 &
  munge_process=$!
  local host cpus memory node
  host=$(hostname -s)
  cpus=$(($(nproc) / nodes))
  memory=$(awk -v nodes="$nodes" '/MemTotal/ { print int($2 / 1024 * 0.8 / nodes) }' /proc/meminfo)
  cat > "$SLURM_CONF" << END
ClusterName=winnow
SlurmctldHost=$host
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$place/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmctldPort=26817
StateSaveLocation=$place/state
SlurmdSpoolDir=$place/spool-%n
SlurmctldPidFile=$place/slurmctld.pid
SlurmdPidFile=$place/slurmd-%n.pid
SlurmctldLogFile=$place/log/slurmctld
SlurmdLogFile=$place/log/slurmd-%n
SlurmdTimeout=10
SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0
KillWait=5
MpiDefault=none
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP OverSubscribe=FORCE:4
END
  for ((node = 1; node <= nodes; node++)); do
    mkdir "$place/spool-node$node"
    echo "NodeName=node$node NodeHostname=$host Port=$((26817 + node)) CPUs=$cpus RealMemory=$memory State=UNKNOWN" \
      >> "$SLURM_CONF"
  done
  sleep 1
  slurmctld || return 1
  for ((node = 1; node <= nodes; node++)); do start_node node$node || return 1; done
}

start_node() { # name
  slurmd -N "$1"
  # Without a controller, every question waits for a while.
  local last=$((SECONDS + 60))
  while [ $SECONDS -lt $last ]; do
    timeout 10 sinfo --noheader --nodes="$1" --format=%T 2> /dev/null | grep -qE "^(idle|mixed|allocated)$" && return
    sleep 0.3
  done
  note "$1 does not come up"
  tail -5 "$place"/log/*
  return 1
}

end_process() { [ -s "$1" ] && kill "$2" "$(cat "$1")" 2> /dev/null; }

stop_slurm() {
  scancel --user=root 2> /dev/null
  sleep 1
  local file
  for file in "$place"/slurmd-*.pid; do end_process "$file" -TERM; done
  end_process "$place/slurmctld.pid" -TERM
  sleep 1
  [ -n "$munge_process" ] && kill "$munge_process" 2> /dev/null
  rm -rf "$place"
}
trap stop_slurm EXIT
trap 'exit 1' INT TERM

# --- Pipelines

# Images by a small generator: four classes, each bright in a corner of its own.
make_data() {
  mkdir -p "$place/data"
  python3 - "$place/data" << 'END'
import random, struct, sys
random.seed(1)
def write(part, count):
    labels = [number % 4 for number in range(count)]
    pixels = bytearray()
    for label in labels:
        for row in range(32):
            for column in range(32):
                bright = (row // 16, column // 16) == (label // 2, label % 2)
                pixels.append((140 if bright else 20) + random.randrange(80))
    with open(f"{sys.argv[1]}/{part}-images-idx3-ubyte", "wb") as file:
        file.write(struct.pack(">IIII", 0x803, count, 32, 32) + pixels)
    with open(f"{sys.argv[1]}/{part}-labels-idx1-ubyte", "wb") as file:
        file.write(struct.pack(">II", 0x801, count) + bytes(labels))
write("train", 600)
write("t10k", 200)
END
}

sweep() {
  cat << END
each seed = $*

stage train : load
    path  = ../data
    split = train

stage test : load
    path  = ../data
    split = test

stage received : poison
    images <- train
    attack = badnets-all2one
    rate   = 10%
    seed   = \$seed

stage model : train
    images <- received
    width  = 8
    batch  = 32
    epochs = \$epochs
    seed   = \$seed

stage evaluation : evaluate
    model  <- model
    images <- test

stage table : table
    evaluations <- evaluation[*]

let epochs = 3
END
}

# A folder with a manifest, and the same built without Slurm beside it.
prepare() { # name, epochs, seeds…
  local name=$1 epochs=$2
  shift 2
  for folder in "$place/$name" "$place/$name-here"; do
    mkdir -p "$folder"
    sweep "$@" | sed "s/^let epochs = .*//; 1i let epochs = $epochs" > "$folder/sweep.pipeline"
    printf 'partition = main\ncpus = 1\npatience = 2\nretries = 5\n' > "$folder/cluster"
  done
  (cd "$place/$name-here" && "$winnow" run sweep.pipeline > log 2>&1) || fail "the run here: $(tail -3 "$place/$name-here/log")"
}

# Starts a run on Slurm; its process is $process.
start_run() { # name
  (cd "$place/$1" && exec "$winnow" run sweep.pipeline --on slurm --checkpoint 1 >> log 2>&1) &
  process=$!
}

cluster_run() { # name
  start_run "$1"
  wait $process
}

expect_equal() { # name, pipeline if not sweep
  local count=0 file
  for file in "$place/$1-here/artifacts/${2:-sweep}"/*.h5; do
    cmp -s "$file" "$place/$1/artifacts/${2:-sweep}/${file##*/}" || fail "$1: ${file##*/} has other bytes"
    count=$((count + 1))
  done
  [ -z "$(ls "$place/$1/artifacts/jobs" 2> /dev/null)" ] || fail "$1: jobs are left"
  note "ok: $1, $count artifacts, equal bytes; jobs submitted: $(grep -c ': job [0-9]*, whose' "$place/$1/log"), lost: $(grep -c 'without a result' "$place/$1/log")"
}

# Waits until a job of the pipeline trains a model and has saved a checkpoint.
wait_for_training() { # name
  for _ in $(seq 1800); do
    ls "$place/$1"/artifacts/checkpoints/*.record > /dev/null 2>&1 && return 0
    sleep 0.1
  done
  fail "$1: no job trains"
  return 1
}

# The node of the running job.
working_node() { squeue --noheader --me --states=RUNNING --format=%N | head -1; }

running_job() { squeue --noheader --me --states=RUNNING --format=%i | head -1; }

# The processes of stages at work.
working_processes() { # name, the node or nothing for all
  local process
  for process in $(pgrep -x "$(basename "$winnow")"); do
    if tr '\0' ' ' < /proc/$process/cmdline | grep -q " work " \
      && [ "$(readlink /proc/$process/cwd)" = "$place/$1" ] \
      && { [ -z "${2:-}" ] || tr '\0' '\n' < /proc/$process/environ | grep -qx "SLURMD_NODENAME=$2"; }; then
      echo "$process"
    fi
  done
}

working_process() { working_processes "$@" | head -1; }

is_wanted() { [[ " $wanted " == *" $1 "* ]]; }

struck() { # name, a command that strikes
  local name=$1
  is_wanted "$name" || return 0
  prepare "$name" 25 1 2
  start_run "$name"
  wait_for_training "$name" && { eval "$2" || fail "$name: there was nothing to strike"; }
  wait $process || fail "$name: the run failed: $(tail -3 "$place/$name/log")"
  expect_equal "$name"
}

twelve_copies() {
  prepare twelve 3 1 2 3 4 5 6 7 8 9 10 11 12
  cluster_run twelve || fail "twelve: $(tail -3 "$place/twelve/log")"
  expect_equal twelve
}

# The run itself is killed; the jobs go on, and the next run takes up what they did.
run_killed() {
  prepare run-killed 25 1 2
  start_run run-killed
  wait_for_training run-killed && kill -9 $process
  wait $process 2> /dev/null
  cluster_run run-killed || fail "run-killed: $(tail -3 "$place/run-killed/log")"
  grep -q "goes on as job" "$place/run-killed/log" || fail "run-killed: no job was taken up"
  expect_equal run-killed
}

# The training takes longer than a job may: the next one goes on from its checkpoint.
timed_out() {
  prepare timed-out "$1" 1
  printf 'time = 1\n' >> "$place/timed-out/cluster"
  cluster_run timed-out || fail "timed-out: $(tail -3 "$place/timed-out/log")"
  grep -q "without a result" "$place/timed-out/log" || fail "timed-out: no job was too long"
  expect_equal timed-out
}

quickstart() {
  local manifest folder
  manifest=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../../pipelines/quickstart.pipeline")
  for folder in quickstart quickstart-here; do
    mkdir -p "$place/$folder"
    printf 'partition = main\ncpus = 1\n' > "$place/$folder/cluster"
  done
  (cd "$place/quickstart-here" && "$winnow" run "$manifest" > log 2>&1) \
    || fail "the quickstart here: $(tail -3 "$place/quickstart-here/log")"
  (cd "$place/quickstart" && "$winnow" run "$manifest" --on slurm > log 2>&1) \
    || fail "quickstart: $(tail -3 "$place/quickstart/log")"
  expect_equal quickstart quickstart
}

# --- The tests

start_slurm || skip "Slurm does not start here"
make_data
note "$(sinfo --version), $(nproc) CPUs, nodes: $nodes"

is_wanted twelve && twelve_copies
struck scancel 'scancel "$(running_job)"'
struck stage-killed 'kill -9 "$(working_process stage-killed)"'
struck slurmd-killed \
  'node=$(working_node) && end_process "$place/slurmd-$node.pid" -9 && kill -9 "$(working_process slurmd-killed "$node")" \
    && sleep 2 && start_node "$node"'

# The node does not come back before the other has done the work.
lost_node=
struck node-lost \
  'lost_node=$(working_node) && end_process "$place/slurmd-$lost_node.pid" -9 \
    && for victim in $(working_processes node-lost "$lost_node"); do kill -9 $victim; done'
if [ -n "$lost_node" ]; then
  note "$(sinfo --noheader --Node --format='%N %T' | paste -sd, | sed 's/,/, /g')"
  start_node "$lost_node"
fi

is_wanted run-killed && run_killed
is_wanted timed-out && timed_out 180
is_wanted quickstart && quickstart

[ $failures = 0 ] && note "all equal" || { note "$failures failures"; exit 1; }

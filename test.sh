#!/usr/bin/env bash
# Usage: ./test.sh [all|quick|unit|e2e|exact|containers|images|bench|NAME...]
#        ./test.sh faults [--seeds N] [--seed S]
#        ./test.sh fuzz [--seconds N] [--seed S]
#   all    formatter, analyzers, every test (the default)
#   quick  the unit tests that take seconds; no formatter
#   unit   every test project but EndToEnd and Faults
#   e2e    EndToEnd alone
#   exact  every hard source cut into chunks of every length, and through a fleet (all: each source by one of the lengths, and a
#          choice of them through a fleet)
#   faults processes, lines and servers of a fleet fail by N seeded schedules (default: 24, each kind of fault in turn; all: 3)
#          or by that of one seed, and what every job left behind is checked
#   containers  the tests of RabbitMQ, PostgreSQL and Azure Blob Storage and of a fleet on them, with the servers out of containers;
#          makes their images, and starts a container engine, where there are none
#   images the images of coordinator and workers are built, and one job goes through a fleet of them; starts a container engine, and makes
#          the servers' images, where there are none (all: without the image for CUDA, on the distribution's servers; where no engine can
#          be started that is said, and neither passed nor failed)
#   fuzz   broken model files against the ONNX reader and admission, for N seconds (default: 60; all: 60 beside the other tests; unit: 5),
#          from the seed on that a failure names
#   bench  the benchmarks; bench kernels: those of pixels against scalar code and OpenCV
#   NAME   one test project: Media stands for tests/Media.Tests
# The last line is "N passed, N failed"; the exit code is 0 only where nothing failed.
set -euo pipefail
root=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
cd "$root"
export MASSTRANSIT_USAGE_TELEMETRY=false ORT_DISABLE_TELEMETRY=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
bin=artifacts/bin
no_device='No device but the CPU can be used here\.'
passed=0
failed=0

finish() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
    exit
}

# Servers that a test has started run on from project to project.
stop_services() { [ ! -f artifacts/services/services.env ] || eng/services.sh down; }

stop_all() {
    [ -z "$fuzzing" ] || kill "$fuzzing" 2>/dev/null || true
    stop_services
}

test_projects() { find tests -mindepth 1 -maxdepth 1 -name '*.Tests' -printf '%f\n' | LC_ALL=C sort; }

choose() {
    case $1 in
        all) test_projects ;;
        unit) test_projects | grep -v -E '^(EndToEnd|Faults)' ;;
        quick) test_projects | grep -v -E '^(Deploy|EndToEnd|Faults|House|ModelPack)' ;;
        e2e) echo EndToEnd.Tests ;;
        exact) printf '%s\n' Media.Tests EndToEnd.Tests ;;
        faults) echo Faults.Tests ;;
        *)
            [ -d "tests/${1%.Tests}.Tests" ] || { echo "test.sh: there is no test project ${1%.Tests}.Tests" >&2; return 1; }
            echo "${1%.Tests}.Tests"
            ;;
    esac
}

# How long each test took is in artifacts/test-NAME.xml.
run_tests() { dotnet "$bin/$1/release/FaceFusion.Batch.$1.dll" -noColor -noLogo -xml "artifacts/test-$1.xml" "${@:2}" </dev/null; }

# On a shared machine a test of processes and deadlines can run out of time. In CI up to three failed ones get a second try, which is
# said aloud with the first one's log; what fails twice has failed.
second_try() {
    local log=$1 project=$2 names=() name methods=()
    mapfile -t names < <(sed -n 's/^ *\(FaceFusion\.[A-Za-z0-9_.]*\).* \[FAIL\]$/\1/p' "$log" | sort -u)
    # What fuzzing finds is no accident, and a shorter run would not come to it.
    [ "${CI:-}" = true ] && [ "$log" != "$fuzz_log" ] && [ "${#names[@]}" -ge 1 ] && [ "${#names[@]}" -le 3 ] || return 1
    cat "$log"
    for name in "${names[@]}"; do methods+=(-method "$name"); done
    echo "   SECOND TRY of ${names[*]}"
    run_tests "$project" "${methods[@]}" >"$log.second" 2>&1 || { cat "$log.second"; return 1; }
}

# Counts the last summary line of an xunit executable: "Total: 5, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s".
count_project() {
    local project=$1 log=$2 code=$3 summary
    summary=$(grep -E 'Total: [0-9]+, Errors:' "$log" | tail -n 1 || true)
    if [[ $summary =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
        # A skipped test has failed, but for want of an accelerator: that is neither, and said.
        local excused
        excused=$(grep -c "^ *$no_device\$" "$log" || true)
        local bad=$((BASH_REMATCH[2] + BASH_REMATCH[3] + BASH_REMATCH[4] - excused))
        local good=$((BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5])) only_failed=$((bad == BASH_REMATCH[3]))
        [ "$code" = 0 ] || [ "$bad" -gt 0 ] || bad=1
        if [ "$bad" -gt 0 ] && [ "$only_failed" = 1 ] && second_try "$log" "$project"; then
            good=$((good + bad))
            bad=0
        elif [ "$bad" -gt 0 ]; then
            cat "$log"
        fi
        failed=$((failed + bad))
        passed=$((passed + good))
        [ "$excused" = 0 ] || grep -B 1 "^ *$no_device\$" "$log" | grep -v '^--$' | sed 's/^ */   /'
        echo "   ${summary#"${summary%%Total*}"}"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "   $project ended with $code and without a summary"
    fi
}

run_project() {
    local log=artifacts/test-$1.log code=0 options=("${only[@]}")
    echo "== $1"
    # They run beside the others.
    [ -z "$fuzzing" ] || [ "$1" != Faces.Tests ] || options=(-class- "$fuzz_class")
    run_tests "$1" "${options[@]}" >"$log" 2>&1 || code=$?
    count_project "$1" "$log" "$code"
}

# Fuzzing is work of one thread that nobody waits for: it runs from the first project on, and gives way to all of them.
start_fuzzing() {
    FFB_FUZZ_SECONDS=${FFB_FUZZ_SECONDS:-60} nice -n 10 dotnet "$bin/Faces.Tests/release/FaceFusion.Batch.Faces.Tests.dll" \
        -noColor -noLogo -class "$fuzz_class" >"$fuzz_log" 2>&1 </dev/null &
    fuzzing=$!
}

end_fuzzing() {
    local code=0
    echo "== Fuzzing"
    wait "$fuzzing" || code=$?
    fuzzing=
    count_project Faces.Tests "$fuzz_log" "$code"
    show_fuzzing
}

show_fuzzing() { [ ! -f artifacts/fuzz/summary.txt ] || cat artifacts/fuzz/summary.txt; }

# A machine may lack a container engine and be unable to start one: that is neither passed nor failed, and said. Nothing else is excused.
run_images() {
    local log=artifacts/test-images.log summary
    echo "== images"
    if ! eng/images.sh engine >"$log" 2>&1; then
        echo "   not run: $(tail -n 1 "$log")"
        return
    fi
    { deploy/docker/build.sh coordinator worker-cpu && FFB_SERVICES=native deploy/docker/try.sh; } >>"$log" 2>&1 || true
    summary=$(tail -n 1 "$log")
    if [[ $summary =~ ^([0-9]+)\ passed,\ ([0-9]+)\ failed$ ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        [ "${BASH_REMATCH[2]}" = 0 ] || cat "$log" artifacts/docker/try/checks.log 2>/dev/null || true
        sed -nE 's/^(ffb-.* MB |not run|[0-9]+ s$)/   \1/p' "$log"
        echo "   $summary"
    else
        failed=$((failed + 1))
        cat "$log"
        echo "   images ended without a summary"
    fi
}

fuzz_class='*.OnnxFuzzTests'
fuzz_log=artifacts/test-fuzz.log
fuzzing=
only=()
what=("${@:-all}")
if [ "${what[0]}" = exact ]; then
    export FFB_ALL_SOURCES=1
    only=(-class '*ExactnessTests')
fi
if [ "${what[0]}" = faults ]; then
    export FFB_FAULT_SEEDS=24
    while [ $# -gt 1 ]; do
        case $2 in
            --seeds) export FFB_FAULT_SEEDS=${3:?--seeds needs a number} ;;
            --seed) export FFB_FAULT_SEEDS=1 FFB_FAULT_FROM=${3:?--seed needs a number} ;;
            *) echo "test.sh: faults takes --seeds N and --seed S, not $2" >&2 && failed=1 && finish ;;
        esac
        shift 2
    done
    what=(faults)
fi
if [ "${what[0]}" = containers ]; then
    eng/images.sh && eng/services.sh down || { failed=1; finish; }
    export FFB_SERVICES=containers
    only=(-class 'FaceFusion.Batch.Storage.Tests.*' -class 'FaceFusion.Batch.Hosting.Tests.*' -class '*.JobLedgerTests' -class '*.CommitTests' -class '*.RealFleetTests')
    what=(Storage Hosting Coordinator EndToEnd)
fi
if [ "${what[0]}" = images ]; then
    eng/images.sh && deploy/docker/build.sh || { failed=1; finish; }
    exec deploy/docker/try.sh
fi
if [ "${what[0]}" = fuzz ]; then
    export FFB_FUZZ_SECONDS=60
    while [ $# -gt 1 ]; do
        case $2 in
            --seconds) export FFB_FUZZ_SECONDS=${3:?--seconds needs a number} ;;
            --seed) export FFB_FUZZ_SEED=${3:?--seed needs a number} ;;
            *) echo "test.sh: fuzz takes --seconds N and --seed S, not $2" >&2 && failed=1 && finish ;;
        esac
        shift 2
    done
    what=(Faces)
    only=(-class "$fuzz_class")
fi
chosen=()
# The words behind bench are the benchmarks' own.
for name in "${what[@]}"; do
    [ "${what[0]}" = bench ] || mapfile -t -O "${#chosen[@]}" chosen < <(choose "$name")
done
[ "${what[0]}" = bench ] || [ "${#chosen[@]}" -gt 0 ] || { failed=1; finish; }

eng/setup.sh test || { failed=1; finish; }
if [[ " ${chosen[*]:-} " == *" EndToEnd.Tests "* ]]; then
    # From end to end is with the program that users run, compiled ahead of time.
    eng/setup.sh run || { failed=1; finish; }
    export FFB_PROGRAM=$root/artifacts/run/ffb/FaceFusion.Batch.Cli.dll
fi

if [ "${what[0]}" = bench ]; then
    if [ "${2:-}" = kernels ] && ! /usr/bin/python3 -c 'import cv2' 2>/dev/null; then
        artifacts=artifacts
        . eng/install.sh
        install python3 python3-opencv "OpenCV for Python is needed to compare with"
    fi
    exec dotnet "$bin/Benchmarks/release/FaceFusion.Batch.Benchmarks.dll" "${@:2}"
fi
if [ "${what[0]}" = all ]; then
    echo "== formatter"
    if dotnet tool restore >artifacts/tools.log 2>&1 && dotnet csharpier check . >artifacts/format.log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        cat artifacts/tools.log artifacts/format.log 2>/dev/null
    fi
fi
trap stop_all EXIT
rm -f artifacts/fuzz/summary.txt
[ "${what[0]}" != all ] || start_fuzzing
for project in "${chosen[@]}"; do
    run_project "$project"
done
[ "${what[0]}" != all ] || run_images
[ -z "$fuzzing" ] || end_fuzzing
[[ "${only[*]}" != *"$fuzz_class"* ]] || show_fuzzing
[ "${what[0]}" != faults ] || cat "$(printf '%s\n' artifacts/faults/*/table.txt | tail -n 1)"
finish

#!/bin/sh
# How many times a bare `java Hello` does a whole `llm-latency estimate` take?
#
# Needs hyperfine and a JDK: that of JAVA_HOME, else the one on the path. Each round times both commands one after the
# other, in turns which goes first, and gives one ratio. What slows the whole machine down slows both, so the median of
# the ratios is steadier than either time. Writes nothing outside a temporary folder, except that the launcher may make
# its start-up archive in the user's cache folder; that is waited for.
set -eu

usage() {
    cat <<END
usage: ${0##*/} [-l LAUNCHER] [-r ROUNDS]
  -l LAUNCHER  the program to time; default: target/llm-latency/bin/llm-latency of this repository
  -r ROUNDS    pairs of measurements; default: 21
END
}

fail() {
    printf '%s: %s\n' "${0##*/}" "$1" >&2
    exit 2
}

# One word of a command line for hyperfine, whatever characters it has.
quoted() {
    printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

launcher=
rounds=21
while getopts l:r:h option; do
    case $option in
        l) launcher=$OPTARG ;;
        r) rounds=$OPTARG ;;
        h)
            usage
            exit 0
            ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done
shift $((OPTIND - 1))
[ $# -eq 0 ] || fail "nothing expected at '$1'"
case $rounds in
    '' | *[!0-9]* | 0) fail "'$rounds' is not a number of rounds, such as 21" ;;
esac
if [ -z "$launcher" ]; then
    root=$(cd "$(dirname "$0")/../.." && pwd)
    launcher=$root/target/llm-latency/bin/llm-latency
fi
[ -x "$launcher" ] || fail "no program at $launcher; build it with 'mvn -q package', or name one with -l"
command -v hyperfine >/dev/null || fail "hyperfine is missing; it is a package of that name in most distributions"
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
else
    java=$(command -v java) || fail "no Java found; set JAVA_HOME to a JDK"
fi
javac=${java%java}javac
[ -x "$javac" ] || javac=$(readlink -f "$java" | sed 's/java$/javac/')
[ -x "$javac" ] || fail "no compiler beside $java; set JAVA_HOME to a JDK"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 130' INT TERM
cat >"$folder/Hello.java" <<'END'
public class Hello {
    public static void main(String[] arguments) {
        System.out.println("Hello");
    }
}
END
"$javac" -d "$folder" "$folder/Hello.java"

# The first run may start to make an archive in the background; timing it meanwhile would be unfair.
"$launcher" estimate --model 7b --gpu rtx4090 --dtype fp16 >/dev/null
lock=${XDG_CACHE_HOME:-${HOME:-/nonexistent}/.cache}/llm-latency/lock
waited=0
while [ -d "$lock" ] && [ "$waited" -lt 120 ]; do
    [ "$waited" -gt 0 ] || echo "waiting for the start-up archive"
    sleep 1
    waited=$((waited + 1))
done

hello="$(quoted "$java") -cp $(quoted "$folder") Hello"
estimate="$(quoted "$launcher") estimate --model 7b --gpu rtx4090 --dtype fp16"

# Times one command a few times; prints the median in seconds. Many short rounds beat few long ones on a busy machine.
median_of() {
    hyperfine -N --style none --warmup 1 --runs 5 --command-name "$1" --export-csv "$folder/times.csv" "$2" \
        >/dev/null 2>"$folder/messages" || {
        cat "$folder/messages" >&2
        fail "'$1' could not be timed"
    }
    awk -F, 'NR == 2 { print $4 }' "$folder/times.csv"
}

"$java" -version 2>&1 | sed -n 1p
echo "round  java Hello, ms  estimate, ms  ratio"
round=1
while [ "$round" -le "$rounds" ]; do
    if [ $((round % 2)) -eq 1 ]; then
        h=$(median_of hello "$hello")
        e=$(median_of estimate "$estimate")
    else
        e=$(median_of estimate "$estimate")
        h=$(median_of hello "$hello")
    fi
    printf '%s %s\n' "$h" "$e" >>"$folder/pairs"
    awk -v n="$round" -v h="$h" -v e="$e" 'BEGIN { printf "%5d  %14.1f  %12.1f  %5.2f\n", n, h * 1e3, e * 1e3, e / h }'
    round=$((round + 1))
done

awk '{ print $2 / $1 }' "$folder/pairs" | sort -n | awk '
    { ratio[NR] = $1 }
    END {
        middle = (ratio[int((NR + 1) / 2)] + ratio[int((NR + 2) / 2)]) / 2
        printf "median ratio %.2f of %d rounds (%.2f to %.2f)\n", middle, NR, ratio[1], ratio[NR]
    }'

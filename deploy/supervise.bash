# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Children by name, restarted when they die; sourced by deploy/run. All that
# happens is the end of a child, a timer included, or a signal, whose trap must
# call wake_up; both are met in one wait: next_end. Reads of deploy/run: services,
# as_user (the words that change the user), run_lock and state_lock (descriptors
# no child may inherit), and limit_cgroup.
#
#   launch NAME COMMAND...   starts a service
#   set_timer NAME SECONDS   an end to come
#   next_end                 waits; sets ended and status
#   restart_later NAME       tells how it ended, sets the timer "again NAME"
#   wait_for SECONDS NAME... until all have ended, or for so long
#   signal SIGNAL NAME, cancel NAME

short_life=5    # seconds: who dies earlier waits twice as long next time
longest_wait=10 # seconds

declare -A pid_of=()     # service or timer -> pid
declare -A name_of=()    # pid -> service or timer
declare -A started_at=() # service -> SECONDS
declare -A wait_s=()     # service -> its next back-off
ended='' status=0        # of the child that ended last

# Each in a session of its own, so that a terminal's Ctrl-C comes here alone
# and the order of the end is ours; and each ends should this script be killed
# (PDEATHSIG, which must be set after the change of user, that clears it).
launch() { # NAME COMMAND...
	local name=$1
	shift
	(
		exec {run_lock}<&- {state_lock}<&- {wake}<&-
		if [[ $name == load && -n $limit_cgroup ]]; then
			echo "$BASHPID" >"$limit_cgroup/cgroup.procs"
		fi
		exec setsid env --default-signal=INT,QUIT \
			"${as_user[@]}" --pdeathsig TERM "$@"
	) </dev/null &
	remember "$name" $!
	started_at[$name]=$SECONDS
}

remember() { # NAME PID
	pid_of[$1]=$2
	name_of[$2]=$1
}

# A timer is a child that only sleeps: its end is an event like a death.
set_timer() { # NAME SECONDS
	(exec {run_lock}<&- {state_lock}<&- {wake}<&- && exec sleep "$2") </dev/null &
	remember "$1" $!
}

forget() { # NAME
	unset "name_of[${pid_of[$1]}]" "pid_of[$1]"
}

cancel() { # NAME
	[[ -n ${pid_of[$1]-} ]] || return 0
	kill "${pid_of[$1]}" 2>/dev/null || true
	forget "$1"
}

# A signal is a byte in a pipe of one's own, so that none is lost between looking
# and waiting, as it would be with wait -n alone.
exec {wake}<> <(:)
wake_up() {
	printf . >&"$wake"
}

# Sets gone to a child of ours that has ended, or to nothing.
find_gone() {
	for gone in "${!name_of[@]}"; do
		kill -0 "$gone" 2>/dev/null || return 0
	done
	gone=''
}

# Waits until a child ends or a signal came; sets ended to its name, which is
# empty for a signal, and status. bash's own line about a killed job says less
# than ours.
next_end() {
	local gone
	status=0
	ended=''
	find_gone
	if [[ -z $gone ]]; then
		# A child's end is looked for, not trapped: bash 5.2 may run such
		# a trap within a $(...), and then takes it for a syntax error.
		read -r -t 0.2 -n 1 -u "$wake" || true
		return 0
	fi
	wait "$gone" 2>/dev/null || status=$?
	ended=${name_of[$gone]}
	forget "$ended"
	# What a service leaves of its session goes with it: a killed nginx
	# master's workers would keep the port.
	[[ " ${services[*]} " != *" $ended "* ]] ||
		kill -KILL -- "-$gone" 2>/dev/null || true
}

how_it_ended() { # STATUS
	if (($1 > 128)); then
		printf 'was ended by SIG%s\n' "$(kill -l "$1")"
	else
		printf 'ended with status %d\n' "$1"
	fi
}

# A second, and twice as long each time while it keeps dying young.
restart_later() { # NAME
	local wait=${wait_s[$1]:-1}
	((SECONDS - started_at[$1] < short_life)) || wait=1
	say "$1 $(how_it_ended "$status"); starting it again in $wait s"
	wait_s[$1]=$((wait * 2 < longest_wait ? wait * 2 : longest_wait))
	set_timer "again $1" "$wait"
}

wait_for() { # SECONDS NAME...
	local patience=$1 name
	shift
	set_timer patience "$patience"
	for name; do
		while [[ -n ${pid_of[$name]-} ]]; do
			next_end
			[[ $ended != patience ]] || return 0
		done
	done
	cancel patience
}

signal() { # SIGNAL NAME
	[[ -z ${pid_of[$2]-} ]] || kill "-$1" "${pid_of[$2]}" 2>/dev/null || true
}

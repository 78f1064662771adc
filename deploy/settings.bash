# shellcheck shell=bash
# SPDX-License-Identifier: MIT
#
# Settings, directories, port and user of deploy/run, which sources this: all
# that can fail before anything starts. Uses its root, oomlab, say and fail;
# sets as_user, made and copy there, and exports the settings.

default_directories() {
	local shared=/dev/shm
	if ((EUID == 0)); then
		[[ $(stat -f -c %T /run) != tmpfs ]] || shared=/run
		: "${OOMLAB_RUN:=$shared/oomlab}"
		: "${OOMLAB_STATE:=/var/lib/oomlab}"
		: "${OOMLAB_SCRATCH:=/var/tmp/oomlab}"
	else
		if [[ -w ${XDG_RUNTIME_DIR:-/nowhere} ]]; then
			: "${OOMLAB_RUN:=$XDG_RUNTIME_DIR/oomlab}"
		fi
		: "${OOMLAB_RUN:=$shared/oomlab-$UID}"
		: "${OOMLAB_STATE:=${XDG_STATE_HOME:-${HOME:-/nowhere}/.local/state}/oomlab}"
		: "${OOMLAB_SCRATCH:=${XDG_CACHE_HOME:-${HOME:-/nowhere}/.cache}/oomlab}"
	fi
	: "${OOMLAB_TEMPLATES:=$root/templates}"
	: "${OOMLAB_LISTEN:=127.0.0.1}"
	export OOMLAB_RUN OOMLAB_STATE OOMLAB_SCRATCH OOMLAB_TEMPLATES \
		OOMLAB_LISTEN
}

# oomlab itself checks its settings and says in one line what is wrong.
read_settings() {
	local lines name value
	[[ -x $oomlab ]] || fail 1 "$oomlab is not there: make builds it"
	lines=$("$oomlab" settings) || exit 2
	while IFS='=' read -r name value; do
		case $name in
		OOMLAB_PORT) port=$value ;;
		OOMLAB_LIMIT) limit=$value ;;
		OOMLAB_GUARD) guard=$value ;;
		esac
	done <<<"$lines"
	export OOMLAB_PORT=$port
}

choose_user() {
	as_user=(setpriv --no-new-privs)
	owner=()
	kernel_log=()
	((EUID == 0)) || return 0
	# /dev/kmsg wants CAP_SYSLOG where kernel.dmesg_restrict is 1. The watch
	# keeps that one capability through the change of user.
	if setpriv --inh-caps=+syslog --ambient-caps=+syslog true 2>/dev/null
	then
		kernel_log=(--inh-caps=-all,+syslog --ambient-caps=-all,+syslog)
	fi
	user=${OOMLAB_USER:-www-data}
	group=$(id -gn "$user" 2>/dev/null) ||
		fail 2 "OOMLAB_USER: there is no user $user"
	(($(id -u "$user") != 0)) ||
		fail 2 "OOMLAB_USER: $user is root, which nothing here runs as"
	as_user+=(--reuid "$user" --regid "$group" --init-groups)
	owner=(-o "$user" -g "$group")
}

make_directory() { # NAME
	local dir=${!1}
	[[ $dir == /* ]] || fail 2 "$1: got '$dir', allowed is an absolute path"
	if [[ ! -e $dir ]]; then
		mkdir -p "$(dirname "$dir")" 2>/dev/null || true
		install -d -m 0770 "${owner[@]}" "$dir" 2>/dev/null ||
			fail 1 "$1: $dir cannot be made"
		made+=("$dir")
	fi
	"${as_user[@]}" test -d "$dir" -a -w "$dir" -a -x "$dir" ||
		fail 1 "$1: $dir cannot be written by ${user:-$(id -un)}"
}

# The lock is the kernel's and the directory's own: it ends with this script,
# and there is no file to go stale. No child inherits the descriptors.
lock_directories() {
	exec {run_lock}<"$OOMLAB_RUN" {state_lock}<"$OOMLAB_STATE"
	flock -n "$run_lock" ||
		fail 1 "another oomlab runs on OOMLAB_RUN=$OOMLAB_RUN"
	[[ $OOMLAB_RUN -ef $OOMLAB_STATE ]] || flock -n "$state_lock" ||
		fail 1 "another oomlab runs on OOMLAB_STATE=$OOMLAB_STATE"
}

# Somebody who listens, on this address, on all of them, or on an address this
# one takes in: /proc/net/tcp tells who bind(2) would collide with. A listener
# on [::] may take IPv4 too, which only a connection shows.
port_taken() {
	local hex address=$OOMLAB_LISTEN a b c d
	hex=$(printf '%04X' "$port")
	if [[ $address == [0-9]* ]]; then
		IFS=. read -r a b c d <<<"$address"
		address=$(printf '%02X%02X%02X%02X' "$d" "$c" "$b" "$a")
		awk -v port="$hex" -v ours="$address" '
			$4 == "0A" && split($2, at, ":") && at[2] == port &&
				(ours == "00000000" || at[1] == ours ||
				at[1] == "00000000") { taken = 1 }
			END { exit !taken }' /proc/net/tcp && return 0
	fi
	(: <>"/dev/tcp/$ask_at/$port") 2>/dev/null
}

check_port() {
	local tries
	case $OOMLAB_LISTEN in
	0.0.0.0) ask_at=127.0.0.1 ;;
	'[::]') ask_at=::1 ;;
	*) ask_at=${OOMLAB_LISTEN//[\[\]]/} ;;
	esac
	# A second, for the nginx of a run that was just killed.
	for ((tries = 0; tries < 10; tries++)); do
		port_taken || return 0
		sleep 0.1
	done
	fail 1 "port $port is in use: stop who listens there, or choose another" \
		"by OOMLAB_PORT"
}

# A checkout below /root is nothing that the service's user can read.
copy_if_unreadable() {
	! "${as_user[@]}" test -x "$oomlab" -a -r "$OOMLAB_TEMPLATES" -a \
		-r "$root/nginx/static" || return 0
	((EUID == 0)) || return 0
	copy=/var/lib/oomlab-copy-$port
	rm -rf "$copy"
	(umask 022 && mkdir "$copy")
	cp -R "$OOMLAB_TEMPLATES" "$copy/templates"
	cp -R "$root/nginx" "$copy/nginx"
	cp "$oomlab" "$copy/oomlab"
	chmod -R a+rX "$copy"
	say "$user cannot read $root: running a copy, $copy"
	oomlab=$copy/oomlab
	OOMLAB_TEMPLATES=$copy/templates
}

write_nginx_conf() {
	export OOMLAB_NGINX=$OOMLAB_RUN/nginx
	nginx_conf=$OOMLAB_NGINX/nginx.conf
	"${as_user[@]}" mkdir -p "$OOMLAB_NGINX"
	"${as_user[@]}" "${copy:-$root}/nginx/render" "$nginx_conf" || exit $?
}

make_limit() {
	limit_own
	if [[ $limit == none ]]; then
		limit_why='OOMLAB_LIMIT is none'
	elif ((EUID == 0)); then
		limit_make_cgroup "oomlab-$port" "$limit" || true
	else
		limit_make_scope "$limit" || true
	fi
}

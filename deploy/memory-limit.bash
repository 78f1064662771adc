# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# A memory limit for load alone, as far as this machine allows; sourced by
# deploy/run. Root gets a cgroup of its own, v1 or v2, below the one that make
# run was started in or an ancestor; anybody else a scope of the user's systemd
# where there is one that really has the memory controller. Each is checked by
# reading it back, for a limit that is not there must not be told.
#
#   limit_own                    finds limit_version, limit_mount, limit_dir
#   limit_make_cgroup NAME BYTES sets limit_cgroup; 1 with limit_why
#   limit_make_scope BYTES       sets limit_scope (words to put before a
#                                command); 1 with limit_why
#   limit_in_force DIRECTORY     prints the tightest limit from there up, in
#                                bytes, or nothing
#   limit_remove                 removes limit_cgroup, waits for its processes
#
# Kernel documents: admin-guide/cgroup-v1/memory.rst, admin-guide/cgroup-v2.rst.

limit_version='' # 1, 2, or empty: no memory controller can be seen
limit_mount=''   # where its hierarchy is mounted
limit_dir=''     # this shell's own directory there
limit_cgroup=''  # the directory made here
# shellcheck disable=SC2034 # for deploy/run
limit_scope=()
limit_why=''      # why there is none, for a person
limit_patience=15 # seconds that an earlier run's processes have to end

# "MOUNT-POINT ROOT" of the first mount of a type whose options have a word.
limit_mount_of() { # FSTYPE [OPTION]
	awk -v type="$1" -v option="${2-}" '{
		for (i = 7; $i != "-"; i++)
			;
		if ($(i + 1) == type && (option == "" ||
			index("," $(i + 3) ",", "," option ",")))
			print $5, $4
	}' /proc/self/mountinfo | head -n 1
}

# 4:memory:/user.slice                                  (v1)
# 0::/user.slice/user-0.slice/session-1.scope           (v2)
limit_own() {
	local line path root
	line=$(grep -E '^[0-9]+:([^:]*,)?memory(,[^:]*)?:/' /proc/self/cgroup) &&
		read -r limit_mount root <<<"$(limit_mount_of cgroup memory)" &&
		[[ -n $limit_mount ]] && limit_version=1
	if [[ -z $limit_version ]]; then
		line=$(grep '^0::/' /proc/self/cgroup) || return 0
		read -r limit_mount root <<<"$(limit_mount_of cgroup2)"
		[[ -n $limit_mount ]] || return 0
		grep -qw memory "$limit_mount/cgroup.controllers" || return 0
		limit_version=2
	fi
	path=${line#*:*:}
	# Inside a container the mount may begin at this very cgroup.
	[[ $root == / ]] || path=${path#"$root"}
	limit_dir=$limit_mount${path%/}
	[[ -d $limit_dir ]] || limit_dir=$limit_mount
}

# An earlier run that was killed may have left it, its load still draining.
limit_wait_empty() { # DIRECTORY
	local tries
	for ((tries = 0; tries < limit_patience * 10; tries++)); do
		! rmdir "$1" 2>/dev/null || return 0
		[[ -d $1 ]] || return 0
		sleep 0.1
	done
	return 1
}

limit_mkdir() { # PARENT NAME
	local dir=$1/$2
	if [[ -d $dir ]] && ! limit_wait_empty "$dir"; then
		limit_why="$dir still has the processes $(
			paste -sd ' ' "$dir/cgroup.procs"
		) of an earlier run: end them"
		return 1
	fi
	if ! mkdir "$dir" 2>/dev/null; then
		limit_why="$1 takes no cgroup from here"
		return 1
	fi
	limit_cgroup=$dir
}

limit_write_v1() { # BYTES
	local memsw=$limit_cgroup/memory.memsw.limit_in_bytes
	echo "$1" >"$limit_cgroup/memory.limit_in_bytes" || return 1
	# Memory and swap together. Without swap accounting there is no such
	# file, and swappiness alone keeps it small.
	[[ ! -e $memsw ]] || echo "$1" >"$memsw" || return 1
	echo 0 >"$limit_cgroup/memory.swappiness" || true
}

limit_write_v2() { # BYTES
	local swap=$limit_cgroup/memory.swap.max
	echo "$1" >"$limit_cgroup/memory.max" || return 1
	[[ ! -e $swap ]] || echo 0 >"$swap"
}

# v2 allows no processes beside child cgroups: the nearest one, from here up,
# that hands the memory controller down already is where a new one fits.
limit_parent_v2() {
	local dir=$limit_dir
	until grep -qw memory "$dir/cgroup.subtree_control" 2>/dev/null; do
		[[ $dir != "$limit_mount" ]] || return 1
		dir=${dir%/*}
	done
	printf '%s\n' "$dir"
}

limit_make_cgroup() { # NAME BYTES
	local parent=$limit_dir
	if [[ -z $limit_version ]]; then
		limit_why='no memory cgroup can be seen'
		return 1
	fi
	if ((limit_version == 2)) && ! parent=$(limit_parent_v2); then
		limit_why="nothing from $limit_dir up hands memory down"
		return 1
	fi
	limit_mkdir "$parent" "$1" || return 1
	if ! "limit_write_v$limit_version" "$2" 2>/dev/null; then
		limit_why="$limit_cgroup takes no limit"
		rmdir "$limit_cgroup"
		limit_cgroup=''
		return 1
	fi
}

# The scope's limit is read where it should be: on cgroup v1, or where the
# controller is not delegated, systemd takes the property and does nothing.
limit_make_scope() { # BYTES
	local scope mount root seen
	scope=(systemd-run --user --scope --quiet --collect
		-p "MemoryMax=$1" -p MemorySwapMax=0 --)
	limit_why='only root can make a cgroup, and no systemd of a user session'
	limit_why+=' limits memory here'
	command -v systemd-run >/dev/null || return 1
	read -r mount root <<<"$(limit_mount_of cgroup2)"
	[[ -n $mount && -n $root ]] || return 1
	# shellcheck disable=SC2016 # for the inner shell
	seen=$(timeout 10 "${scope[@]}" sh -c '
		cat "$1$(sed -n s/^0:://p /proc/self/cgroup)/memory.max"' \
		sh "$mount" 2>/dev/null </dev/null) || return 1
	# The kernel rounds down to pages.
	[[ $seen =~ ^[0-9]+$ ]] || return 1
	((seen <= $1 && seen > $1 - 65536)) || return 1
	# shellcheck disable=SC2034 # for deploy/run
	limit_scope=("${scope[@]}")
	limit_why=''
}

limit_in_force() { # DIRECTORY
	local dir=$1 least='' here total
	[[ -n $limit_version ]] || return 0
	total=$(sed -n 's/^MemTotal: *\([0-9]*\) kB$/\1/p' /proc/meminfo)
	if ((limit_version == 1)); then
		least=$(sed -n 's/^hierarchical_memory_limit //p' \
			"$dir/memory.stat")
	else
		while :; do
			here=$(cat "$dir/memory.max" 2>/dev/null) || here=max
			[[ $here == max || (-n $least && $here -ge $least) ]] ||
				least=$here
			[[ $dir != "$limit_mount" ]] || break
			dir=${dir%/*}
		done
	fi
	# One above the machine's memory, 9223372036854771712 with it, is none.
	[[ -z $least ]] || ((${#least} > 18 || least >= total * 1024)) ||
		printf '%s\n' "$least"
}

limit_remove() {
	[[ -n $limit_cgroup ]] || return 0
	limit_wait_empty "$limit_cgroup"
}

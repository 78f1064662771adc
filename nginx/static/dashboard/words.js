/* SPDX-License-Identifier: MIT */
/*
 * Figures as a person reads them, in the units that oomlab's other pages use:
 * bytes by powers of 1024, one decimal; times of day in the reader's own zone.
 * What is unknown is a dash, never 0.
 */
const UNITS = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

export const UNKNOWN = "–";

export function bytes(count) {
	if (count === null || count === undefined)
		return UNKNOWN;
	let unit = 0;

	while (Math.abs(count) >= 1024 && unit < UNITS.length - 1) {
		count /= 1024;
		unit++;
	}
	return unit === 0 ? `${count} B` : `${count.toFixed(1)} ${UNITS[unit]}`;
}

/* Of milliseconds, the two largest parts: "1 h 4 min", "12 s". */
export function duration(ms) {
	const seconds = Math.max(0, Math.round(ms / 1000));
	const minutes = Math.floor(seconds / 60);
	const hours = Math.floor(minutes / 60);

	if (hours)
		return `${hours} h ${minutes % 60} min`;
	return minutes ? `${minutes} min ${seconds % 60} s` : `${seconds} s`;
}

/* With its day, where that is not today. */
export function clock(ms) {
	const time = new Date(ms);
	const today = time.toDateString() === new Date().toDateString();

	return today ? time.toLocaleTimeString([], {hour12: false})
		: time.toLocaleString([], {hour12: false});
}

export function count(number, one, many = `${one}s`) {
	return `${number} ${number === 1 ? one : many}`;
}

/* A load goes by the first digits of its id, as its process does: oom:9aebc206 */
export function short(id) {
	return id.slice(0, 8);
}

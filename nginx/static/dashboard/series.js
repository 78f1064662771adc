/* SPDX-License-Identifier: MIT */
/*
 * What each plot draws: a row a line, with how it is told from the others. The
 * colours are Okabe and Ito's, which people of any colour vision tell apart,
 * two of them a shade off where the page would swallow them; beside its colour
 * each line has a dash of its own, and its name and figure stand in the legend.
 */
const LIGHT = {
	blue: "#0072b2", vermillion: "#d55e00", green: "#007a59",
	purple: "#a8557f", orange: "#b87700", sky: "#2a86bd", grey: "#6b6b6b",
};
const DARK = {
	blue: "#56b4e9", vermillion: "#ff8a3d", green: "#2fc79b",
	purple: "#e0a3c6", orange: "#e69f00", sky: "#9ad4f5", grey: "#a8a8a8",
};
const DASHES = {
	solid: null, dashed: [9, 4], dotted: [2, 3], dashdot: [9, 3, 2, 3],
	long: [16, 4],
};

const dark = matchMedia("(prefers-color-scheme: dark)");

/* callback() when the system changes from light to dark or back. */
export function whenSchemeChanges(callback) {
	dark.addEventListener("change", callback);
}

export function colour(name) {
	return (dark.matches ? DARK : LIGHT)[name];
}

export function ink() {
	return dark.matches ? {text: "#e8e8e6", grid: "#45453f", mark: "#fdba74"}
		: {text: "#1b1b1b", grid: "#c9c9c4", mark: "#9a3412"};
}

export function dash(name) {
	return DASHES[name];
}

export const CGROUP = [
	{label: "usage", of: (one) => one.usage, colour: "blue", dash: "solid",
		width: 2.5, fill: true},
	{label: "limit", of: (one) => one.limit, colour: "vermillion",
		dash: "dashed", width: 2},
	{label: "headroom", of: (one) => one.headroom, colour: "green",
		dash: "dotted", width: 2},
	{label: "working set", of: (one) => one.working, colour: "purple",
		dash: "dashdot", width: 1.5},
];

export const HOST = [
	{label: "available", of: (one) => one.available, colour: "blue",
		dash: "solid", width: 2.5},
	{label: "free", of: (one) => one.free, colour: "orange", dash: "dashed",
		width: 2},
];

/* The workers that were largest in what is shown get a band each, and keep its
 * look for as long as they have one; the others share the last. */
const BANDS = [
	{colour: "blue", dash: "solid"}, {colour: "orange", dash: "dashed"},
	{colour: "green", dash: "dotted"}, {colour: "purple", dash: "dashdot"},
	{colour: "sky", dash: "long"}, {colour: "vermillion", dash: "solid"},
];
const OTHERS = {label: "others", colour: "grey", dash: "dotted", width: 1,
	fill: true};
const looks = new Map(); /* slot to its place in BANDS */

const WORTH_A_BAND = 1 / 50; /* of the most that all had at once */

function largestSlots(points) {
	const peaks = new Map();
	let most = 0;

	for (const point of points) {
		most = Math.max(most, point.rssInAll);
		for (const [slot, rss] of point.rss)
			peaks.set(slot, Math.max(rss, peaks.get(slot) ?? 0));
	}
	return [...peaks].filter(([, rss]) => rss > most * WORTH_A_BAND)
		.sort((a, b) => b[1] - a[1]).slice(0, BANDS.length)
		.map(([slot]) => slot).sort((a, b) => a - b);
}

function giveLooks(slots) {
	for (const slot of looks.keys()) {
		if (!slots.includes(slot))
			looks.delete(slot);
	}
	for (const slot of slots) {
		if (!looks.has(slot)) {
			const taken = [...looks.values()];
			looks.set(slot, BANDS.findIndex((_, i) =>
				!taken.includes(i)));
		}
	}
}

function rssOf(point, slot) {
	return point.rss.find((one) => one[0] === slot)?.[1] ?? 0;
}

export function workerSeries(points) {
	const slots = largestSlots(points);

	giveLooks(slots);
	return [...slots.map((slot) => ({
		...BANDS[looks.get(slot)], label: `worker ${slot}`, width: 1.5,
		fill: true, of: (point) => rssOf(point, slot),
	})), {
		...OTHERS,
		of: (point) => Math.max(0, slots.reduce(
			(left, slot) => left - rssOf(point, slot), point.rssInAll)),
	}];
}

/* SPDX-License-Identifier: MIT */
/*
 * What /memory has told, as far back as the page shows and no farther. A sample
 * is cut down to what is drawn and put into its bucket; of a bucket the sample
 * with the highest usage stays, as the watch itself thins, so that a peak is
 * never lost to a wider view. Kills are kept by their id: none is there twice.
 */
const WORKERS_KEPT = 12; /* of a sample, the largest */
const KILLS_KEPT = 1000;
const SETTLE_MS = 2000;

/* span: all of it, in ms; bucket: a point's width; step: what the watch is
 * asked to thin to at the start. At most span/bucket points, 3,000. */
export const WINDOWS = {
	"5m": {from: "5m", span: 300e3, bucket: 100, step: "1s"},
	"1h": {from: "1h", span: 3600e3, bucket: 10e3, step: "10s"},
	"24h": {from: "24h", span: 86400e3, bucket: 120e3, step: "2m"},
};

/* The workers, null where the sample has none: it is one that a death told of,
 * or load is down. */
function compactWorkers(workers) {
	if (!workers)
		return {rss: null, rssInAll: null, busy: null, idle: null};
	const largest = workers.map((one) => [one.slot, one.rss_bytes ?? 0])
		.sort((a, b) => b[1] - a[1]);

	return {
		rss: largest.slice(0, WORKERS_KEPT),
		rssInAll: largest.reduce((sum, one) => sum + one[1], 0),
		busy: workers.filter((one) => one.load).length,
		idle: workers.filter((one) => one.state === "idle").length,
	};
}

function compact(told) {
	return {
		at: Date.parse(told.at),
		usage: told.cgroup?.usage_bytes ?? null,
		working: told.cgroup?.working_set_bytes ?? null,
		limit: told.cgroup?.limit_bytes ?? null,
		headroom: told.cgroup?.headroom_bytes ?? null,
		free: told.host?.free_bytes ?? null,
		available: told.host?.available_bytes ?? null,
		...compactWorkers(told.workers),
	};
}

export class History {
	constructor(view) {
		this.view = view;
		this.points = [];      /* oldest first */
		this.kills = new Map(); /* id to {id, at, verdict, url} */
		this.latest = null;    /* the newest sample, compact */
		this.latestAt = null;  /* its time as it was told */
		this.busyAt = -Infinity; /* when a load was last under way */
	}

	/* From when on to ask. A death is settled, and the readings from just
	 * before it are told, up to a second later: so while a load is under way,
	 * and shortly after, the last seconds are asked for again. */
	get from() {
		if (this.latest === null)
			return this.view.from;
		if (this.latest.busy !== 0)
			this.busyAt = this.latest.at;
		const settled = this.latest.at - this.busyAt > 2 * SETTLE_MS;

		return settled ? this.latestAt
			: new Date(this.latest.at - SETTLE_MS).toISOString();
	}

	/* Takes an answer's samples, in the place of those of the same time; true
	 * when a kill was new. */
	add(samples) {
		const before = this.kills.size;

		if (samples.length)
			this.rewind(Date.parse(samples[0].at));
		for (const told of samples)
			this.addOne(told);
		this.forgetOld();
		return this.kills.size > before;
	}

	rewind(at) {
		while (this.points.length && this.points.at(-1).at >= at)
			this.points.pop();
	}

	addOne(told) {
		for (const kill of told.kills ?? [])
			this.kills.set(kill.id, {...kill, at: Date.parse(kill.at)});
		const sample = compact(told);

		this.place(sample);
		if (sample.at >= (this.latest?.at ?? 0)) {
			this.latest = sample;
			this.latestAt = told.at;
		}
	}

	place(sample) {
		const bucket = (one) => Math.floor(one.at / this.view.bucket);
		const last = this.points.at(-1);

		if (!last || bucket(last) !== bucket(sample))
			this.points.push(sample);
		else if ((sample.usage ?? -1) >= (last.usage ?? -1))
			this.points[this.points.length - 1] = sample;
	}

	forgetOld() {
		const start = (this.latest?.at ?? 0) - this.view.span;
		const kept = this.points.findIndex((one) => one.at >= start);

		if (kept > 0)
			this.points.splice(0, kept);
		for (const [id, kill] of this.kills) {
			if (kill.at < start || this.kills.size > KILLS_KEPT)
				this.kills.delete(id);
		}
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * Kills, as marks on the plots: links that lie over the canvas, so that they
 * are reached and opened as any link is. Kills nearer to each other than a
 * mark is wide share one; it lists them below the first plot. Only the
 * first plot's are stops of the tab key: the others show the same kills again.
 */
import {byId, keep, make, say, setAttribute} from "./dom.js";
import {clock, count, short} from "./words.js";

const APART_PX = 44; /* a mark with a count of two digits, and a finger */

/* Clusters of kills, oldest first, each with its place. */
function cluster(kills, xOf) {
	const found = [];

	for (const kill of kills) {
		const x = xOf(kill.at);
		const last = found.at(-1);

		if (last && x - last.x < APART_PX)
			last.kills.push(kill);
		else
			found.push({x, key: kill.id, kills: [kill]});
	}
	return found;
}

function title({kills}) {
	if (kills.length === 1)
		return `Killed at ${clock(kills[0].at)}: ${kills[0].verdict}, ` +
			`${short(kills[0].id)}`;
	return `${count(kills.length, "kill")} from ${clock(kills[0].at)} to ` +
		`${clock(kills.at(-1).at)}: list them`;
}

function link(kill) {
	return make("a", {href: kill.url}, `${clock(kill.at)} ${kill.verdict}, ` +
		short(kill.id));
}

/* A kill alone is a link to its post-mortem, several are a button. */
function create(one, reachable, pick) {
	const single = one.kills.length === 1;
	const mark = single ? make("a", {href: one.kills[0].url, class: "mark"})
		: make("button", {type: "button", class: "mark"});

	if (!reachable)
		mark.tabIndex = -1;
	if (!single)
		mark.addEventListener("click", () => pick(mark.kills));
	return make("li", {}, mark);
}

function update(item, one) {
	const mark = item.firstChild;

	mark.kills = one.kills;
	item.style.left = `${one.x}px`;
	setAttribute(mark, "aria-label", title(one));
	setAttribute(mark, "title", title(one));
	say(mark, one.kills.length === 1 ? "✕" : `✕${one.kills.length}`);
}

/* Draws the marks of one plot. layer: its list; graph: a Dygraph. */
export function drawMarks(layer, graph, kills, reachable) {
	const [start, end] = graph.xAxisRange();
	const shown = [...kills].filter((one) => one.at >= start && one.at <= end)
		.sort((a, b) => a.at - b.at);
	const held = document.activeElement;
	const gone = keep(layer, cluster(shown, (at) => graph.toDomXCoord(at)),
		(one) => `${one.key} ${one.kills.length > 1}`,
		(one) => create(one, reachable, showPicked), update);

	if (gone.some((item) => item.firstChild === held))
		moveFocus(layer, held.kills);
}

/* Two marks that became one: who was at either is at it. */
function moveFocus(layer, kills) {
	const ids = new Set(kills?.map((one) => one.id));

	for (const {firstChild: mark} of layer.children) {
		if (mark.kills.some((one) => ids.has(one.id))) {
			mark.focus();
			return;
		}
	}
}

let opener = null;

function showPicked(kills) {
	const panel = byId("picked");

	opener = document.activeElement;
	say(byId("picked-title"), title({kills}).replace(": list them", ""));
	panel.querySelector("ul").replaceChildren(
		...kills.map((kill) => make("li", {}, link(kill))));
	panel.hidden = false;
	panel.focus();
}

function closePicked() {
	byId("picked").hidden = true;
	(opener?.isConnected ? opener : byId("window")).focus();
}

export function startMarks() {
	const panel = byId("picked");

	panel.querySelector("button").addEventListener("click", closePicked);
	panel.addEventListener("keydown", (event) => {
		if (event.key === "Escape")
			closePicked();
	});
}

/* SPDX-License-Identifier: MIT */
/*
 * The loads under way: what each was asked, how far it is, how old, and a
 * button that gives its memory back. A row stays the same element for as long
 * as its load lives, so that a button does not go from under a finger.
 */
import {Problem, ask} from "./ask.js";
import {byId, keep, make, say, setAttribute} from "./dom.js";
import {bytes, count, duration, short} from "./words.js";

let again = () => {}; /* asks for the list at once */

export function startWorkers(refresh) {
	again = refresh;
	byId("release-all").addEventListener("click", releaseAll);
}

function bar() {
	return make("div", {role: "progressbar", "aria-valuemin": 0,
		"aria-valuemax": 100}, make("div"));
}

function create(load) {
	const name = short(load.id);
	const button = make("button", {type: "button",
		"aria-label": `Release load ${name}`}, "Release");
	const progress = bar();

	setAttribute(progress, "aria-label", `Load ${name}`);
	button.addEventListener("click", () => release(load.id, button));
	return make("li", {},
		make("a", {href: `/loads/${load.id}`, class: "name"}, name),
		make("span", {class: "asked"}), progress,
		make("span", {class: "far"}), button);
}

function share(load) {
	if (load.state === "holding" || !load.requested_bytes)
		return 100;
	return Math.min(100, Math.floor(
		100 * (load.resident_bytes ?? 0) / load.requested_bytes));
}

/* What is left of a hold, in words that need no clock of the reader's own. */
function timeLeft(load, now) {
	const end = Date.parse(load.ends_at ?? "");

	return load.state === "holding" && end > now
		? `, ${duration(end - now)} left` : "";
}

function update(item, load, now) {
	const [, asked, progress, far] = item.children;
	const percent = share(load);
	const reached = `${bytes(load.resident_bytes)} of ` +
		bytes(load.requested_bytes);

	say(asked, `${load.kind}, worker ${load.worker.slot}, pid ` +
		`${load.worker.pid}, score ${load.oom_score_adj}`);
	setAttribute(progress, "aria-valuenow", percent);
	setAttribute(progress, "aria-valuetext", `${percent} %, ${reached}`);
	setAttribute(progress, "data-state", load.state);
	progress.firstChild.style.width = `${percent}%`;
	say(far, `${load.state}, ${reached}${timeLeft(load, now)}; ` +
		`${duration(now - Date.parse(load.started_at))} old`);
}

/* loads: /loads' list; now: the server's time, in ms. */
export function showWorkers(loads, now) {
	const busy = loads.filter((one) => one.state !== "ended");
	const list = byId("loads");
	const held = document.activeElement;
	const gone = keep(list, busy, (one) => one.id, create,
		(item, load) => update(item, load, now));

	const all = byId("release-all");

	byId("no-loads").hidden = busy.length > 0;
	all.disabled = busy.length === 0;
	if (gone.some((item) => item.contains(held)) ||
		(all.disabled && held === all))
		byId("workers").focus();
}

export function showPool(sample, pool) {
	if (sample && sample.busy === null)
		return;
	say(byId("pool"), sample ? `${sample.busy} busy` +
		(pool ? ` of ${pool.max}` : "") + `, ${sample.idle} idle` : "");
}

/* One that has ended meanwhile was what was wanted. */
function unlessOver(error) {
	if (error instanceof Problem && [404, 410].includes(error.status))
		return "It has ended already.";
	return `It could not be released: ${error.message}`;
}

async function release(id, button) {
	const said = byId("released");

	if (button.getAttribute("aria-disabled"))
		return;
	setAttribute(button, "aria-disabled", "true"); /* keeps the focus */
	say(said, `Releasing ${short(id)} …`);
	try {
		await ask(`/loads/${id}`, {method: "DELETE"});
		say(said, `Released ${short(id)}: its memory is free.`);
	} catch (error) {
		say(said, unlessOver(error));
		setAttribute(button, "aria-disabled", null);
	}
	again();
}

async function releaseAll() {
	const said = byId("released");

	say(said, "Releasing all …");
	try {
		const told = await ask("/loads", {method: "DELETE"});
		say(said, `Released ${count(told.released, "load")}.`);
	} catch (error) {
		say(said, unlessOver(error));
	}
	again();
}

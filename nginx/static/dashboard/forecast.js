/* SPDX-License-Identifier: MIT */
/*
 * The forecast beside the form: what a load with these parameters would meet,
 * asked while one types, a moment after the last key. A question that a later
 * one has overtaken is given up.
 */
import {Problem, ask} from "./ask.js";
import {byId, make} from "./dom.js";
import {bytes} from "./words.js";

const TYPING_MS = 300;

let timer = 0;
let under = null; /* of the question under way */

export function willKill(told) {
	return told?.fits === false && told.victims.length > 0;
}

function isThis(victim) {
	return victim.name === "oom:this";
}

function fits(told) {
	if (willKill(told))
		return (isThis(told.victims[0]) ? "It will be killed"
			: "It will bring a kill") + ": the OOM killer strikes at " +
			`${bytes(told.kill_at_bytes)} of ` +
			`${bytes(told.requested_bytes)}.`;
	if (told.fits === false)
		return `It does not fit: ${bytes(told.requested_bytes)}.`;
	return told.fits ? `It fits: ${bytes(told.requested_bytes)}.`
		: "Whether it fits cannot be told.";
}

function binding(limit) {
	if (!limit?.level)
		return "No limit is known.";
	return `The ${limit.level} limit binds` +
		(limit.path ? ` (${limit.path})` : "") + `: ${bytes(limit.bytes)}, ` +
		`headroom ${bytes(limit.headroom_bytes)}.`;
}

function victim(told) {
	const [one] = told.victims;

	if (!one)
		return [];
	const name = isThis(one) ? "this load itself" : one.name;

	return [make("p", {}, `Likely victim: ${name}, badness ${one.badness}, ` +
		`${bytes(one.rss_bytes)} resident.`)];
}

function show(told) {
	byId("forecast").replaceChildren(
		make("p", {class: willKill(told) ? "warnings" : "verdict"},
			make("strong", {}, fits(told))),
		make("p", {}, binding(told.limit)), ...victim(told),
		...told.warnings.map((one) => make("p", {},
			make("code", {}, one.code), `: ${one.says}`)));
}

export function showNothing(text) {
	byId("forecast").replaceChildren(make("p", {class: "soft"}, text));
}

/* Asks now. onRefused(problem's JSON) when a parameter is refused. Resolves
 * to what is foreseen, null when that cannot be told or was overtaken. */
export async function foresee(query, onRefused) {
	clearTimeout(timer);
	under?.abort();
	const mine = under = new AbortController();

	try {
		const told = await ask(`/forecast?${query}`, {signal: mine.signal});
		show(told);
		return told;
	} catch (error) {
		if (error.name !== "AbortError")
			tellWhyNot(error, onRefused);
		return null;
	}
}

function tellWhyNot(error, onRefused) {
	showNothing(error instanceof Problem ? error.message
		: "No forecast: the watch does not answer.");
	if (error instanceof Problem)
		onRefused(error.told);
}

/* The same a moment after the last key. */
export function foreseeSoon(query, onRefused) {
	clearTimeout(timer);
	under?.abort();
	timer = setTimeout(() => foresee(query, onRefused), TYPING_MS);
}

/* SPDX-License-Identifier: MIT */
/*
 * The ancestor's storm, from a page. A browser keeps six connections to a host,
 * and GET / holds one until its memory is free again: six at a time are no
 * storm. So each request is POST /loads for the very amount that GET / takes:
 * it is answered as soon as it is under way, and the next goes out. Two of the
 * six connections are left to those who watch.
 */
import {ask} from "./ask.js";
import {byId, say, setAttribute} from "./dom.js";
import {count} from "./words.js";

const MOST = 256; /* OOMLAB_MAX's own upper bound */
const AT_A_TIME = 4;
const TELL_MS = 1000;
const ONE = {kind: "rows", size: "920500000", for: "0s"};

function wanted() {
	const input = byId("storm-count");
	const number = Number(input.value);
	const good = /^\d+$/.test(input.value) && number >= 1 && number <= MOST;

	setAttribute(input, "aria-invalid", good ? null : "true");
	say(byId("storm-error"), good ? "" : `Allowed: 1..${MOST}`);
	if (!good)
		input.focus();
	return good ? number : 0;
}

/* Once a second and at the end: whoever has it read to them hears it all. */
function tell(tally, over) {
	if (!over && performance.now() - tally.toldAt < TELL_MS)
		return;
	tally.toldAt = performance.now();
	const rest = tally.not ? `, ${tally.not} not (${tally.why})` : "";

	say(byId("storm-said"), `${count(tally.started, "request")} of ` +
		`${tally.all} under way${rest}` + (over
		? ". How each ends is among the events." : " …"));
}

/* Takes from the tally until all are asked for. */
async function askOn(tally) {
	while (tally.asked < tally.all) {
		tally.asked++;
		try {
			await ask("/loads", {method: "POST",
				body: new URLSearchParams(ONE)});
			tally.started++;
		} catch (error) {
			tally.not++;
			tally.why = error.told?.outcome ?? error.message;
		}
		tell(tally, false);
	}
}

async function storm(all) {
	const tally = {all, asked: 0, started: 0, not: 0, why: "",
		toldAt: 0};

	await Promise.all(Array.from({length: AT_A_TIME}, () => askOn(tally)));
	tell(tally, true);
}

export function startStorm(refresh) {
	const button = byId("storm-start");

	say(byId("storm-host"), location.host);
	byId("storm-form").addEventListener("submit", async (event) => {
		event.preventDefault();
		const all = button.getAttribute("aria-disabled") ? 0 : wanted();

		if (!all)
			return;
		button.setAttribute("aria-disabled", "true");
		refresh();
		await storm(all);
		button.removeAttribute("aria-disabled");
	});
}

/* SPDX-License-Identifier: MIT */
/*
 * The latest events, newest first, each a link to what is known of it.
 */
import {byId, keep, make, say} from "./dom.js";
import {bytes, clock, short} from "./words.js";

function create(event) {
	const time = make("time", {datetime: event.at}, clock(Date.parse(event.at)));

	return make("li", {}, time, " ", make("a", {href: event.url}), make("p"));
}

/* A verdict may be known better later. */
function what(event) {
	return event.verdict
		? `${event.kind}: ${event.verdict}, ${event.certainty}`
		: `${event.kind}: ${event.outcome ?? ""}`.replace(/: $/, "");
}

/* A load's figures say more in a line than its sentence does in four. */
function figures(one) {
	return one.requested_bytes === null ? one.detail ?? ""
		: `${short(one.id)}: ${bytes(one.resident_bytes)} of ` +
			`${bytes(one.requested_bytes)} resident`;
}

export function showEvents(events) {
	keep(byId("event-list"), events, (one) => one.id, create, (item, one) => {
		say(item.querySelector("a"), what(one));
		say(item.lastChild, figures(one));
	});
	byId("no-events").hidden = events.length > 0;
}

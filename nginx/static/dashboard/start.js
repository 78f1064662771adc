/* SPDX-License-Identifier: MIT */
/*
 * The form that starts a load. One that will bring a kill wants a second
 * press, with the warning before one's eyes; whatever is changed in between
 * takes the first press back.
 */
import {Problem, ask} from "./ask.js";
import {byId, make, say} from "./dom.js";
import {asked, forgive, refuse, showFields} from "./fields.js";
import {foresee, foreseeSoon, showNothing, willKill} from "./forecast.js";
import {short} from "./words.js";

const START = "Start";
const START_ANYWAY = "Start it all the same";

let armed = null; /* the query that was pressed once */
let again = () => {};

function disarm() {
	armed = null;
	say(byId("load-start"), START);
}

/* A refusal while one types is shown, but moves nothing. */
function refused(told) {
	refuse(byId("load-form"), told);
}

function changed() {
	const form = byId("load-form");
	const query = asked(form);

	disarm();
	forgive(form);
	say(byId("load-said"), "");
	if (query.has("size"))
		foreseeSoon(query, refused);
	else
		showNothing("Type a size: what it would meet is told here.");
}

/* The first press of two; false when this was the second, or none is wanted.
 * Asked anew: what was foreseen while one typed is of before the loads that came
 * since. Whoever types on meanwhile has pressed for something else. */
async function wantsSecondPress(query) {
	const told = await foresee(query, refused);

	if (String(asked(byId("load-form"))) !== String(query))
		return true;
	if (!willKill(told) || armed === String(query))
		return false;
	armed = String(query);
	say(byId("load-start"), START_ANYWAY);
	say(byId("load-said"), "This load will bring a kill. Press again to " +
		"start it all the same.");
	return true;
}

function started(load) {
	byId("load-said").replaceChildren("Started: ",
		make("a", {href: `/loads/${load.id}`}, short(load.id)));
}

function failed(error) {
	const form = byId("load-form");

	if (error instanceof Problem && refuse(form, error.told)) {
		form.querySelector("[aria-invalid]").focus();
		say(byId("load-said"), "Nothing was started.");
		return;
	}
	say(byId("load-said"), `Not started: ${error.message}`);
}

async function start(query) {
	if (await wantsSecondPress(query))
		return;
	disarm();
	try {
		started(await ask("/loads", {method: "POST", body: query}));
		again();
	} catch (error) {
		failed(error);
	}
}

async function submitted(event) {
	const button = byId("load-start");

	event.preventDefault();
	if (button.getAttribute("aria-disabled"))
		return;
	button.setAttribute("aria-disabled", "true"); /* keeps the focus */
	try {
		await start(asked(byId("load-form")));
	} finally {
		button.removeAttribute("aria-disabled");
	}
}

/* Once /openapi.json is there. */
export function makeForm(document) {
	showFields(document);
}

export function startForm(refresh) {
	const form = byId("load-form");

	again = refresh;
	form.addEventListener("input", changed);
	form.addEventListener("submit", submitted);
}

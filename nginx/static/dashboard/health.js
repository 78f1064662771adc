/* SPDX-License-Identifier: MIT */
/*
 * Says what is wrong, in a live region, and says nothing while all is well but
 * for the first seconds after: that it goes on again. The watch is down when
 * nobody answers; load is when the watch says so.
 */
import {useToken, whenTokenWanted} from "./ask.js";
import {byId, keep, make, say} from "./dom.js";
import {clock} from "./words.js";

const GOOD_NEWS_MS = 10000;

const health = {watchDown: null, loadDown: null, warnings: [], news: [],
	startedAt: null, problems: new Map()};

function lines() {
	const found = [];

	if (health.watchDown)
		found.push({bad: true, text: "The watch does not answer since " +
			`${clock(health.watchDown)}: what is shown is from before. ` +
			"It is started again by itself, and this page goes on by " +
			"itself."});
	if (health.loadDown)
		found.push({bad: true, text: "Load is down since " +
			`${clock(health.loadDown)}: no load can be started. This page ` +
			"goes on by itself when it is back."});
	for (const one of health.warnings)
		found.push({bad: true, text: `${one.code}: ${one.says}`});
	for (const text of health.problems.values())
		found.push({bad: true, text});
	for (const {text} of health.news)
		found.push({bad: false, text});
	return found;
}

function show() {
	const now = Date.now();

	health.news = health.news.filter((one) => one.until > now);
	keep(byId("health"), lines(), (one) => one.text,
		(one) => make("p", {class: one.bad ? "warnings" : "news"}),
		(item, one) => say(item, one.text));
}

function goodNews(text) {
	health.news.push({text, until: Date.now() + GOOD_NEWS_MS});
	setTimeout(show, GOOD_NEWS_MS + 100);
}

export function watchIsDown() {
	health.watchDown ??= Date.now();
	show();
}

export function watchAnswers() {
	if (!health.watchDown)
		return;
	health.watchDown = null;
	goodNews("The watch answers again.");
	show();
}

/* What a part of the page was refused, in the watch's words; null: nothing. */
export function takeProblem(part, text) {
	if (text === null ? !health.problems.delete(part)
		: health.problems.get(part) === text)
		return;
	if (text !== null)
		health.problems.set(part, text);
	show();
}

/* Load is back within a second, so nobody may have seen it down. */
function tellRestart(down, startedAt) {
	const before = health.startedAt;

	if (!down && health.loadDown)
		goodNews("Load is up again.");
	else if (!down && before && startedAt && startedAt !== before)
		goodNews("Load has been started again, at " +
			`${clock(Date.parse(startedAt))}.`);
	health.startedAt = startedAt ?? before;
}

/* status: /status' JSON. */
export function takeStatus(status) {
	const down = status.master?.alive === false ||
		status.warnings.some((one) => one.code === "load-down");

	tellRestart(down, status.master?.started_at ?? null);
	health.loadDown = down ? health.loadDown ?? Date.now() : null;
	health.warnings = status.warnings.filter((one) =>
		one.code !== "load-down");
	show();
}

export function isLoadDown() {
	return health.loadDown !== null;
}

export function startHealth() {
	const form = byId("token");

	whenTokenWanted(() => {
		form.hidden = false;
	});
	form.addEventListener("submit", (event) => {
		event.preventDefault();
		useToken(byId("token-field").value);
		byId("token-field").value = "";
		form.hidden = true;
		goodNews("The token is used from now on; ask again.");
		show();
	});
}

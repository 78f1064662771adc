/* SPDX-License-Identifier: MIT */
/*
 * The dashboard's clock. One timer, one question after another, so that a slow
 * answer makes the page slower and never a crowd: each second the samples that
 * are new and, while there is one, the loads under way; seldom what changes
 * seldom. A tab that nobody looks at asks seldom, and one whose watch is down
 * asks on, for that is how it learns that it is back.
 */
import {Down, Problem, ask} from "./ask.js";
import {byId, say} from "./dom.js";
import {showEvents} from "./events.js";
import {isLoadDown, startHealth, takeProblem, takeStatus, watchAnswers,
	watchIsDown} from "./health.js";
import {History, WINDOWS} from "./history.js";
import {drawMarks, startMarks} from "./marks.js";
import {Plot} from "./plot.js";
import {CGROUP, HOST, whenSchemeChanges, workerSeries} from "./series.js";
import {makeForm, startForm} from "./start.js";
import {startStorm} from "./storm.js";
import {bytes} from "./words.js";
import {showPool, showWorkers, startWorkers} from "./workers.js";

const TURN_MS = 1000;
const HIDDEN_MS = 15000;
const SELDOM_MS = 5000;
const DOWN_MS = 1000;      /* load is down: /status tells when it is back */
const ANEW_MS = 120000;    /* away for longer: begin again, thinned */
const NEVER = -Infinity;

const plots = [
	{id: "plot-cgroup", plot: null, series: () => CGROUP},
	{id: "plot-workers", plot: null, series: workerSeries, stacked: true,
		known: (point) => point.rss !== null},
	{id: "plot-host", plot: null, series: () => HOST},
];
const last = {memory: NEVER, status: NEVER, events: NEVER, drawn: NEVER};
let history = new History(WINDOWS["5m"]);
let pool = null;
let formMade = false;
let busyBefore = false;
let running = false; /* a turn is under way */
let wanted = false;  /* and another is wanted right after it */
let timer = 0;

function since(what) {
	return performance.now() - last[what];
}

function ranAt(what) {
	last[what] = performance.now();
}

function draw() {
	for (const one of plots) {
		const layer = byId(one.id).querySelector(".marks");

		one.plot.draw(history.points, history.view.span, (graph) =>
			drawMarks(layer, graph, history.kills.values(),
				one === plots[0]));
	}
}

function tellFinding() {
	const now = history.latest;
	const text = now && now.usage !== null
		? `${bytes(now.usage)} of ${now.limit === null ? "no limit"
			: bytes(now.limit)} in use` : "Usage unknown";

	say(byId("finding"), text);
	document.title = `oomlab: ${text}`;
}

/* What is new since the last answer, or the whole window. True when a kill is
 * among it. */
async function askMemory() {
	const whole = history.latestAt === null || since("memory") > ANEW_MS;

	if (whole)
		history = new History(history.view);
	const asking = history;
	const told = await ask("/memory?" + new URLSearchParams(whole
		? {from: history.from, step: history.view.step}
		: {from: history.from}));

	ranAt("memory");
	return asking === history && history.add(told.samples);
}

async function askLoads() {
	const busy = history.latest?.busy !== 0; /* null: unknown */

	if (!busy && !busyBefore)
		return;
	const told = await ask("/loads?state=busy");
	busyBefore = told.loads.length > 0;
	showWorkers(told.loads, history.latest?.at ?? Date.now());
}

async function askStatus() {
	const status = await ask("/status");

	ranAt("status");
	pool = status.pool;
	takeStatus(status);
}

async function askEvents() {
	const told = await ask("/events?limit=20");

	ranAt("events");
	showEvents(told.events);
}

async function askForm() {
	makeForm(await ask("/openapi.json"));
	formMade = true;
}

/* A part that is refused, in the watch's words, leaves the others going. */
async function unlessRefused(part) {
	try {
		const told = await part();

		takeProblem(part.name, null);
		return told;
	} catch (error) {
		if (!(error instanceof Problem))
			throw error;
		takeProblem(part.name, error.message);
		return undefined;
	}
}

async function askAll() {
	const killed = await unlessRefused(askMemory);
	const blind = history.latest?.usage === null || isLoadDown();

	draw();
	tellFinding();
	await unlessRefused(askLoads);
	if (since("status") > (blind ? DOWN_MS : SELDOM_MS))
		await unlessRefused(askStatus);
	if (killed || since("events") > SELDOM_MS)
		await unlessRefused(askEvents);
	if (!formMade)
		await unlessRefused(askForm);
	showPool(history.latest, pool);
	watchAnswers();
}

/* Never two at once: who wants one meanwhile gets it right after. */
async function turn() {
	const begun = performance.now();

	wanted = running;
	if (running)
		return;
	running = true;
	clearTimeout(timer);
	try {
		await askAll();
	} catch (error) {
		if (error instanceof Down)
			watchIsDown();
		else
			console.error(error); /* the page's own fault: go on */
	}
	running = false;
	timer = setTimeout(turn, pause(performance.now() - begun));
}

function pause(took) {
	if (wanted)
		return 0;
	return document.hidden ? HIDDEN_MS : Math.max(100, TURN_MS - took);
}

function changeWindow() {
	history = new History(WINDOWS[byId("window").value]);
	turn();
}

/* What was started or released is looked at without waiting for the clock. */
function refresh() {
	busyBefore = true;
	turn();
}

for (const one of plots)
	one.plot = new Plot(byId(one.id), one.series, one);
startMarks();
startHealth();
startWorkers(refresh);
startForm(refresh);
startStorm(refresh);
byId("window").addEventListener("change", changeWindow);
whenSchemeChanges(draw);
document.addEventListener("visibilitychange", () => {
	if (!document.hidden)
		turn();
});
turn();

/* SPDX-License-Identifier: MIT */
/*
 * All that the page asks of its server, and it asks nobody else. Three things
 * can come of it: an answer; a Problem, which the server has put into words
 * (RFC 9457); or Down, nobody there who would say anything.
 */
const PATIENCE_MS = 15000; /* releasing waits up to ten seconds */
const NOBODY = [502, 503, 504];

export class Problem extends Error {
	constructor(status, told) {
		super(told.detail || told.title || `status ${status}`);
		this.status = status;
		this.told = told;
	}
}

export class Down extends Error {}

let token = ""; /* only here: a reload forgets it */
let onRefused = () => {};

export function useToken(text) {
	token = text;
}

/* Who is told that a token is wanted. */
export function whenTokenWanted(callback) {
	onRefused = callback;
}

function headers(body) {
	const all = {Accept: "application/json"};

	if (body)
		all["Content-Type"] = "application/x-www-form-urlencoded";
	if (token)
		all.Authorization = `Bearer ${token}`;
	return all;
}

async function read(response) {
	try {
		return response.status === 204 ? null : await response.json();
	} catch {
		throw new Down(`status ${response.status} without an answer`);
	}
}

/* What nginx says for a watch that is down names no request; whatever load and
 * watch say themselves, a 503 too, has its id. */
function isNobody(status, told) {
	return NOBODY.includes(status) && !told?.id;
}

/* options: method, body (URLSearchParams), signal. Rejects with Problem, Down,
 * or the AbortError of that signal. */
export async function ask(path, options = {}) {
	const timer = new AbortController();
	const waited = setTimeout(() => timer.abort(), PATIENCE_MS);
	const stop = () => timer.abort();

	options.signal?.addEventListener("abort", stop);
	try {
		return await talk(path, options, timer.signal);
	} catch (error) {
		if (options.signal?.aborted)
			throw new DOMException("no longer wanted", "AbortError");
		throw error instanceof Problem ? error : new Down(error.message);
	} finally {
		clearTimeout(waited);
		options.signal?.removeEventListener("abort", stop);
	}
}

async function talk(path, {method = "GET", body}, signal) {
	const response = await fetch(path, {
		method, body, signal, headers: headers(body),
		cache: "no-store", credentials: "same-origin", redirect: "error",
	});
	const told = await read(response);

	if (response.ok)
		return told;
	if (response.status === 401)
		onRefused();
	if (isNobody(response.status, told))
		throw new Down(told?.detail || `status ${response.status}`);
	throw new Problem(response.status, told || {});
}

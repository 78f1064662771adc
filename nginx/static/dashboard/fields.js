/* SPDX-License-Identifier: MIT */
/*
 * The form's fields, made from /openapi.json, which the server makes from its
 * own table of parameters: a new row of that table is a new field here. The
 * server alone judges what is typed; what it refuses is shown at the field
 * that it names.
 */
import {byId, make, say, setAttribute} from "./dom.js";

const ROUTE = ["/loads", "post"];

function parameters(document) {
	const [path, method] = ROUTE;
	const named = document.components?.parameters ?? {};

	return document.paths[path][method].parameters
		.map((one) => one.$ref ? named[one.$ref.split("/").pop()] : one)
		.filter((one) => one.in === "query" && one.name !== "format");
}

/* A POST may have it in its body, so its own "required" is no. */
function isRequired(row) {
	return row.required || row["x-oomlab-required"] === true;
}

function choice(row, id) {
	const preset = row.schema.default;
	const none = make("option", {value: ""},
		preset ? `${preset} (default)` : "not given");

	return make("select", {id, name: row.name}, none,
		...row.schema.enum.filter((word) => word !== preset)
			.map((word) => make("option", {value: word}, word)));
}

function line(row, id) {
	const preset = row.schema?.default;

	return make("input", {
		id, name: row.name, type: "text", autocomplete: "off",
		spellcheck: "false", placeholder: preset ?? null,
		required: isRequired(row),
		inputmode: row["x-oomlab-type"] === "integer" ? "numeric" : null,
	});
}

function field(row) {
	const id = `field-${row.name}`;
	const input = row.schema?.enum ? choice(row, id) : line(row, id);
	const allowed = row["x-oomlab-allowed"];

	setAttribute(input, "aria-describedby", `${id}-error ${id}-help`);
	if (allowed)
		input.title = `allowed: ${allowed}`;
	return make("div", {class: `field ${row.name}`},
		make("label", {for: id}, row.name, isRequired(row) ? " (required)" : ""),
		input,
		make("p", {id: `${id}-error`, class: "error"}),
		make("p", {id: `${id}-help`, class: "soft"}, row.description));
}

/* Fills the form's place for fields. */
export function showFields(document) {
	const rows = parameters(document);

	rows.sort((a, b) => isRequired(b) - isRequired(a));
	byId("fields").replaceChildren(...rows.map(field));
}

/* What is filled in, as a query; the rest is the server's default. */
export function asked(form) {
	const query = new URLSearchParams();

	for (const input of form.querySelectorAll("[name]")) {
		if (input.value.trim())
			query.set(input.name, input.value.trim());
	}
	return query;
}

/* Shows a refusal at the field that it names; false when there is none such. */
export function refuse(form, told) {
	forgive(form);
	const input = told.parameter &&
		form.querySelector(`[name="${CSS.escape(told.parameter)}"]`);

	if (!input)
		return false;
	setAttribute(input, "aria-invalid", "true");
	say(byId(`${input.id}-error`), told.allowed
		? `${told.got ? `${told.got}: not so. ` : ""}Allowed: ${told.allowed}`
		: told.detail);
	return true;
}

export function forgive(form) {
	for (const input of form.querySelectorAll("[aria-invalid]")) {
		setAttribute(input, "aria-invalid", null);
		say(byId(`${input.id}-error`), "");
	}
}

/* SPDX-License-Identifier: MIT */
/*
 * The few things that every part of the page does to its document. Text goes
 * in as text, never as markup: what the server says is not trusted to be none.
 */

export function byId(id) {
	return document.getElementById(id);
}

/* An element with attributes and children, which are elements or text. An
 * attribute that is null or false is left out, one that is true is empty. */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);

	for (const [name, value] of Object.entries(attributes)) {
		if (value !== null && value !== false)
			element.setAttribute(name, value === true ? "" : value);
	}
	element.append(...children);
	return element;
}

/* Only what differs is written: a text that is set again moves a selection,
 * and a live region says it again. */
export function say(element, text) {
	if (element.textContent !== text)
		element.textContent = text;
}

export function setAttribute(element, name, value) {
	if (value === null)
		element.removeAttribute(name);
	else if (element.getAttribute(name) !== String(value))
		element.setAttribute(name, value);
}

/* Brings a list's children in line with items, an element for each key, and
 * leaves those alone that stay: focus, hover and selection survive. Returns
 * the children that went. */
export function keep(list, items, keyOf, create, update) {
	const old = new Map([...list.children].map((child) =>
		[child.dataset.key, child]));
	let place = list.firstElementChild;

	for (const item of items) {
		const key = String(keyOf(item));
		let child = old.get(key);

		if (!child) {
			child = create(item);
			child.dataset.key = key;
		}
		old.delete(key);
		update(child, item);
		if (child === place)
			place = place.nextElementSibling;
		else
			list.insertBefore(child, place);
	}
	return discard(old.values());
}

function discard(children) {
	const gone = [...children];

	for (const child of gone)
		child.remove();
	return gone;
}

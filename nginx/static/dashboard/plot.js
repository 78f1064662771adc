/* SPDX-License-Identifier: MIT */
/*
 * One plot: dygraphs draws the lines, this says which, puts the names and the
 * figures beside them (those under the pointer while it points at some, else
 * the latest), and says in words what the picture shows. Marks are marks.js'.
 */
/* global Dygraph */
import {make, keep, say, setAttribute} from "./dom.js";
import {colour, dash, ink} from "./series.js";
import {UNKNOWN, bytes, clock} from "./words.js";

const HOLE_MS = 3000; /* no sample for so long, or three points: a gap */
const SVG = "http://www.w3.org/2000/svg";

/* The page has legends of its own, and dygraphs' would set a style inline,
 * which the page's policy forbids. */
Dygraph.PLUGINS = Dygraph.PLUGINS.filter((one) =>
	one !== Dygraph.Plugins.Legend);

/* A tick on a whole power of two has no decimals. */
function tick(value) {
	return bytes(value).replace(/\.0 /, " ");
}

/* Four or so, at a round number of the unit that the highest is told in. */
function ticks(low, high) {
	const unit = 1024 ** Math.floor(Math.log(Math.max(high, 1)) /
		Math.log(1024));
	const most = high / unit;
	const step = [.1, .25, .5, 1, 2, 4, 5, 10, 20, 25, 50, 100, 128, 200, 256]
		.find((one) => most / one <= 5) ?? 256;
	const found = [];

	for (let value = 0; value <= most; value += step)
		found.push({v: value * unit, label: tick(value * unit)});
	return found;
}

function swatch() {
	const picture = document.createElementNS(SVG, "svg");
	const line = document.createElementNS(SVG, "line");

	for (const [name, value] of [["viewBox", "0 0 28 8"], ["width", 28],
		["height", 8], ["aria-hidden", "true"]])
		picture.setAttribute(name, value);
	for (const [name, value] of [["x2", 28], ["y1", 4], ["y2", 4],
		["stroke-width", 3]])
		line.setAttribute(name, value);
	picture.append(line);
	return picture;
}

export class Plot {
	/* options: stacked; known(point), false for one that has no figures here */
	constructor(figure, seriesOf, {stacked = false, known = () => true}) {
		this.canvas = figure.querySelector(".canvas");
		this.legend = figure.querySelector(".legend");
		this.caption = figure.querySelector("figcaption").textContent;
		this.seriesOf = seriesOf;
		this.stacked = stacked;
		this.known = known;
		this.pointed = null; /* the row under the pointer */
		this.graph = null;
		this.rows = [];
	}

	/* points are a History's; onDrawn is called when the picture is there. */
	draw(all, span, onDrawn) {
		const points = all.filter(this.known);

		this.series = this.seriesOf(points);
		this.rows = this.toRows(points, span);
		this.onDrawn = onDrawn;
		if (this.graph && points.length) /* of none it complains */
			this.graph.updateOptions(this.dress(points, span));
		else if (points.length)
			this.graph = new Dygraph(this.canvas, this.rows, {
				...this.fixed(), ...this.dress(points, span)});
		this.tell(points.at(-1));
	}

	/* A hole in time is drawn as one, not as a line across it. */
	toRows(points, span) {
		const hole = Math.max(HOLE_MS, 3 * span / 1000);
		const rows = [];
		let before = null;

		for (const point of points) {
			if (before !== null && point.at - before > hole)
				rows.push([new Date(before + 1),
					...this.series.map(() => null)]);
			rows.push([new Date(point.at),
				...this.series.map((one) => one.of(point))]);
			before = point.at;
		}
		return rows;
	}

	fixed() {
		return {
			interactionModel: {}, drawGapEdgePoints: true,
			highlightCircleSize: 4, stackedGraphNaNFill: "none",
			animatedZooms: false, stackedGraph: this.stacked,
			highlightCallback: (event, x) => this.point(x),
			unhighlightCallback: () => this.point(null),
			drawCallback: (graph) => this.onDrawn?.(graph),
		};
	}

	/* What changes with the figures or with light and dark. */
	dress(points, span) {
		const end = points.at(-1)?.at ?? Date.now();
		const {text, grid} = ink();
		const series = {};

		for (const one of this.series)
			series[one.label] = {
				color: colour(one.colour), strokeWidth: one.width,
				strokePattern: dash(one.dash), fillGraph: !!one.fill,
			};
		return {
			file: this.rows, series, fillAlpha: this.stacked ? .35 : .15,
			labels: ["time", ...this.series.map((one) => one.label)],
			dateWindow: [end - span, end], gridLineColor: grid,
			axisLineColor: text, valueRange: [0, this.highest() * 1.08],
			axes: {
				x: {pixelsPerLabel: 70},
				y: {axisLabelWidth: 66, ticker: ticks},
			},
		};
	}

	highest() {
		const sum = this.stacked;
		let most = 1;

		for (const [, ...values] of this.rows)
			most = Math.max(most, sum
				? values.reduce((all, one) => all + (one ?? 0), 0)
				: Math.max(...values));
		return most;
	}

	point(at) {
		this.pointed = at;
		this.tellLegend();
	}

	row() {
		return this.pointed === null ? this.rows.at(-1)
			: this.rows.find(([time]) => time.getTime() === this.pointed);
	}

	tell(last) {
		this.tellLegend();
		setAttribute(this.canvas, "aria-label", `${this.caption}. ` + (last
			? `At ${clock(last.at)}: ` + this.series.map((one) =>
				`${one.label} ${bytes(one.of(last))}`).join(", ")
			: "No sample yet."));
	}

	tellLegend() {
		const row = this.row();

		keep(this.legend, this.series, (one) => one.label,
			() => make("li", {}, swatch(), make("span")),
			(item, one) => {
				const line = item.querySelector("line");
				const value = row?.[1 + this.series.indexOf(one)];

				setAttribute(line, "stroke", colour(one.colour));
				setAttribute(line, "stroke-dasharray",
					dash(one.dash)?.join(" ") ?? null);
				say(item.lastChild, `${one.label} ` +
					(value === undefined ? UNKNOWN : bytes(value)));
			});
	}
}

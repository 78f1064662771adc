/* SPDX-License-Identifier: MIT */
/*
 * The bridge to ctemplate. Templates are kept in a cache of our own, read once
 * and never looked at on disk again, so that a forked worker shares them and
 * an answer needs no file. No exception crosses into C: a dictionary that
 * could not take something remembers it, and expanding it fails.
 */
#include "views/template.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <list>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <ctemplate/template.h>

struct template_dictionary {
	ctemplate::TemplateDictionary *inner; /* ctemplate's child, or owned */
	struct template_dictionary *root;     /* itself, of the outermost */
	bool failed;			      /* of the root: no memory */
	std::list<template_dictionary> elements; /* their addresses stay */
};

/* Never destroyed: a worker may still expand while the process exits. */
static ctemplate::TemplateCache *cache()
{
	static ctemplate::TemplateCache *one = new ctemplate::TemplateCache;

	return one;
}

/* What has been loaded, and the markers of what each includes: asked for
 * another name, ctemplate would go and look for such a file. */
static std::map<std::string, std::set<std::string>> &loaded()
{
	static auto *names = new std::map<std::string, std::set<std::string>>;

	return *names;
}

/* {{>NAV}} is nav.tpl. */
static std::string included_file(const std::string &marker)
{
	std::string name;

	for (char c : marker)
		name += static_cast<char>(std::tolower(c));
	return name + ".tpl";
}

static std::set<std::string> included_in(const std::string &text)
{
	std::set<std::string> found;

	for (size_t at = text.find("{{>"); at != std::string::npos;
		at = text.find("{{>", at + 3))
		found.insert(text.substr(at + 3, text.find("}}", at) - at - 3));
	return found;
}

static bool ends_with(const std::string &text, const std::string &end)
{
	return text.size() >= end.size() &&
	       text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/* Where the line that begins at start ends if it holds nothing but comments,
 * pragmas, includes and section markers, which are put into markers; else
 * start. */
static size_t standalone_end(
	const std::string &text, size_t start, std::string &markers)
{
	size_t at = text.find_first_not_of(" \t", start);

	markers.clear();
	while (at != std::string::npos && text.compare(at, 2, "{{") == 0 &&
		at + 2 < text.size() && std::strchr("#/!%>", text[at + 2])) {
		size_t end = text.find("}}", at);

		if (end == std::string::npos)
			return start;
		if (text[at + 2] != '!')
			markers.append(text, at, end + 2 - at);
		at = text.find_first_not_of(" \t", end + 2);
		if (at == std::string::npos)
			return text.size();
		if (text[at] == '\n')
			return at + 1;
	}
	return start;
}

/* ctemplate either keeps the newline behind a marker or drops every blank
 * line, and it wants its pragma before all else, comments' newlines included:
 * neither lets a template be laid out for a reader, so that is done here. */
static std::string tidy(const std::string &text)
{
	std::string out, markers;

	for (size_t at = 0; at < text.size();) {
		size_t end = standalone_end(text, at, markers);

		if (end > at) {
			out += markers;
		} else {
			end = text.find('\n', at);
			end = end == std::string::npos ? text.size() : end + 1;
			out.append(text, at, end - at);
		}
		at = end;
	}
	return out;
}

static int load(const std::string &directory, const std::string &name)
{
	const std::string path = directory + "/" + name;
	std::ifstream file(path, std::ios::binary);
	std::ostringstream source;

	if (!file || !(source << file.rdbuf())) {
		std::fprintf(stderr, "oomlab: template %s: cannot be read\n",
			path.c_str());
		return -1;
	}
	const std::string text = tidy(source.str());
	if (!ends_with(name, ".txt.tpl") &&
		text.compare(0, 14, "{{%AUTOESCAPE ") != 0) {
		std::fprintf(stderr,
			"oomlab: template %s: does not begin with "
			"{{%%AUTOESCAPE context=\"HTML\"}}\n",
			path.c_str());
		return -1;
	}
	loaded().erase(name);
	cache()->Delete(name);
	if (!cache()->StringToTemplateCache(
		    name, text, ctemplate::DO_NOT_STRIP)) {
		std::fprintf(stderr, "oomlab: template %s: is broken\n",
			path.c_str());
		return -1;
	}
	loaded()[name] = included_in(text);
	return 0;
}

/* An include sees nothing of its includer's but whose it is. */
static bool include(
	const std::string &name, ctemplate::TemplateDictionary *inner)
{
	const std::string stem = name.substr(0, name.find('.'));

	for (const std::string &marker : loaded().at(name)) {
		const std::string file = included_file(marker);

		if (loaded().count(file) == 0)
			return false;
		ctemplate::TemplateDictionary *part =
			inner->AddIncludeDictionary(marker);
		part->SetFilename(file);
		part->ShowSection("AT_" + stem);
	}
	return true;
}

static int expand(const char *name,
	const struct template_dictionary *dictionary, char **out,
	size_t *length)
{
	std::string text;

	if (loaded().count(name) == 0 || !include(name, dictionary->inner)) {
		errno = ENOENT;
		return -1;
	}
	if (!cache()->ExpandWithData(name, ctemplate::DO_NOT_STRIP,
		    dictionary->inner, nullptr, &text)) {
		errno = EINVAL;
		return -1;
	}
	*out = static_cast<char *>(std::malloc(text.size() + 1));
	if (!*out) {
		errno = ENOMEM;
		return -1;
	}
	std::memcpy(*out, text.c_str(), text.size() + 1);
	*length = text.size();
	return 0;
}

extern "C" int template_load(const char *directory, const char *name)
{
	try {
		return load(directory, name);
	} catch (...) {
		std::fprintf(stderr, "oomlab: template %s/%s: no memory\n",
			directory, name);
		return -1;
	}
}

extern "C" int template_whole(const char *name)
{
	try {
		for (const std::string &marker : loaded().at(name)) {
			const std::string file = included_file(marker);

			if (loaded().count(file) > 0)
				continue;
			std::fprintf(stderr,
				"oomlab: template %s: includes %s, which is "
				"not there\n",
				name, file.c_str());
			return -1;
		}
		return 0;
	} catch (...) {
		return -1;
	}
}

extern "C" struct template_dictionary *template_dictionary_new(void)
{
	struct template_dictionary *dictionary = nullptr;

	try {
		dictionary = new template_dictionary();
		dictionary->root = dictionary;
		dictionary->inner = new ctemplate::TemplateDictionary("view");
		return dictionary;
	} catch (...) {
		delete dictionary;
		return nullptr;
	}
}

extern "C" void template_dictionary_free(struct template_dictionary *dictionary)
{
	if (!dictionary)
		return;
	delete dictionary->inner; /* and all that it has given out */
	delete dictionary;
}

extern "C" void template_set(struct template_dictionary *dictionary,
	const char *name, const char *value)
{
	if (!dictionary)
		return;
	try {
		dictionary->inner->SetValue(name, value);
	} catch (...) {
		dictionary->root->failed = true;
	}
}

extern "C" void template_show(
	struct template_dictionary *dictionary, const char *section)
{
	if (!dictionary)
		return;
	try {
		dictionary->inner->ShowSection(section);
	} catch (...) {
		dictionary->root->failed = true;
	}
}

extern "C" struct template_dictionary *template_add(
	struct template_dictionary *dictionary, const char *section)
{
	if (!dictionary)
		return nullptr;
	try {
		dictionary->elements.emplace_back();
		struct template_dictionary *element =
			&dictionary->elements.back();
		element->root = dictionary->root;
		element->inner =
			dictionary->inner->AddSectionDictionary(section);
		return element;
	} catch (...) {
		dictionary->root->failed = true;
		return nullptr;
	}
}

extern "C" int template_expand(const char *name,
	const struct template_dictionary *dictionary, char **out,
	size_t *length)
{
	if (!dictionary || dictionary->root->failed) {
		errno = ENOMEM;
		return -1;
	}
	try {
		return expand(name, dictionary, out, length);
	} catch (...) {
		errno = ENOMEM;
		return -1;
	}
}

# SPDX-License-Identifier: MIT
"""The OpenAPI document as a test asks it: its operations, and whether an
answer is one that it describes."""
import re
import urllib.parse

import jsonschema

ID = re.compile("^[0-9a-f]{32}$")


class Operation:
    def __init__(self, document, path, method, row):
        self.document, self.path = document, path
        self.method, self.row = method.upper(), row

    def __repr__(self):
        return f"{self.method} {self.path}"

    @property
    def query(self):
        return [one for one in self.row["parameters"] if one["in"] == "query"]

    @property
    def properties(self):
        """Of a body of parameters, by name; {} if it takes none."""
        content = self.row.get("requestBody", {}).get("content", {})
        return content.get("application/json", {}).get("schema", {}) \
            .get("properties", {})

    @property
    def takes_text(self):
        return "multipart/form-data" in \
            self.row.get("requestBody", {}).get("content", {})

    def url(self, query, identity=None):
        path = self.path.replace("{id}", urllib.parse.quote(identity or "x"))
        return path + ("?" + urllib.parse.urlencode(query) if query else "")

    def response(self, status):
        """As it is documented, or None."""
        response = self.row["responses"].get(str(status))
        if response and "$ref" in response:
            return self.document.at(response["$ref"])
        return response

    def check(self, answer):
        """Fails unless the answer is one that is documented."""
        said = f"{self}: {answer.status} {answer.body[:300]}"
        response = self.response(answer.status)
        assert response, f"not documented: {said}"
        if self.method == "HEAD":
            assert answer.body == b"", said
            return
        types = {name.split(";")[0]: content
                 for name, content in response.get("content", {}).items()}
        if not types:
            assert answer.body == b"", said
            return
        assert answer.type in types, f"{answer.type}: {said}"
        schema = types[answer.type].get("schema")
        if schema:
            self.document.validate(schema, answer.json)


class Document:
    def __init__(self, tree):
        self.tree = tree

    def at(self, reference):
        """What "#/components/..." refers to."""
        place = self.tree
        for name in reference.removeprefix("#/").split("/"):
            place = place[name.replace("~1", "/").replace("~0", "~")]
        return place

    def operations(self):
        return [Operation(self, path, method, row)
                for path, item in self.tree["paths"].items()
                for method, row in item.items()]

    def operation(self, method, path):
        return Operation(self, path, method,
                         self.tree["paths"][path][method.lower()])

    def validate(self, schema, value):
        whole = {**schema, "components": self.tree["components"]}
        jsonschema.Draft202012Validator(whole).validate(value)

    def references(self):
        return [value for name, value in members(self.tree)
                if name == "$ref"]


def members(tree):
    """Every name and value, however deep."""
    if isinstance(tree, list):
        for element in tree:
            yield from members(element)
    elif isinstance(tree, dict):
        for name, value in tree.items():
            yield name, value
            yield from members(value)

#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The form of a declaration as its page and its JSON Schema tell it to a stranger, against our own reader and writer: the examples
of the page, every act that there is, and each of them with each member changed, must be called right or wrong by both.
usage: declaration_schema_test.py <declaration_reader>"""
import copy
import datetime
import json
import pathlib
import re
import subprocess
import sys

import jsonschema

MODEL = pathlib.Path(__file__).resolve().parents[4] / "sync/model"
PAGE = (MODEL / "declaration.md").read_text(encoding="utf-8")
SCHEMA = json.loads((MODEL / "declaration.schema.json").read_text(encoding="utf-8"))
UUID = "018bcfe5-6800-7075-9a14-fd964bfe8a3d"


def acts():
    """Both examples of the page, and every act with all members that it may have."""
    release, withdrawal = (json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.S))
    yield release
    yield withdrawal
    yield {**release, "resumes": UUID, "act_type": "confidentiality_release", "time": {**release["time"], "quality": "floor"}}
    open_end = {**release, "selection": {key: value for key, value in release["selection"].items() if key != "to"}}
    yield {**open_end, "act_type": "once_only_decision"}
    yield {**open_end, "act_type": "objection", "targets": [{"subject": True}, {"recipient": "a"}, {"entry": "E", "recipient": "a"}]}
    yield {**open_end, "act_type": "notice"}
    yield {**open_end, "act_type": "notice", "entry": {**release["entry"], "id": "DSGVO-15"},
           "selection": {**open_end["selection"], "sources": [], "categories": []}}
    yield {**withdrawal, "act_type": "objection", "entry": release["entry"], "selection": open_end["selection"]}
    yield {**withdrawal, "person": release["person"], "assurance": {**withdrawal["assurance"], "method": "provisional"}}
    slip = {**withdrawal, "slip_hash": release["slip_hash"], "assurance": {**withdrawal["assurance"], "method": "receipt_code", "level": "none"}}
    del slip["subject"]
    yield slip


def places(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from places(inner, (*path, key))


def at(document, path):
    for key in path:
        document = document[key]
    return document


def words():
    """Every word that stands in the schema: an act of another type, a method of another kind."""
    def walk(node):
        if isinstance(node, dict):
            yield from node.get("enum", ())
            for inner in node.values():
                yield from walk(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from walk(inner)
    return sorted(set(walk(SCHEMA)))


WORDS = words()


def changes(value):
    """What may stand in the place of this value: other types, other words, and each bound and the one behind it."""
    yield from (None, True, False, 0, -1, 1, 49, 50, 400, 401, 2**32 - 1, 2**32, 253402300799999, 253402300800000, 1.5, [], {})
    yield from ("", " ", "x", "x" * 128, "x" * 129, "x" * 400, "x" * 401, "a b", "ä", "ä" * 64, "ä" * 65, "ä" * 200, "ä" * 201, "x\n", "\x7f", "\u0085")
    if value in WORDS:
        yield from WORDS
    elif isinstance(value, str):
        yield from (value + "\n", value + "A", value[:-1], value[:-1] + "B", value.upper(), value.replace("-", " "), value + "=")
        yield from ("i" * 2, "i" * 35, "i" * 36, "i" * 64, "i" * 65, "A" * 21, "A" * 22, "A" * 23, "A" * 24, "A" * 25, "A" * 86, "A" * 87)
        yield from ("1984-  -  ", "    -07-01", "1984-7 -01", "2026-02-30", "2026-13-01", "2026-11-23", "2027-11-24", "2024-02-29", "0000-01-01")
        yield from ("2026-11-24T23:59:59.999Z", "2026-11-25T00:00:00.000Z", "2026-11-24T24:00:00.000Z", "2026-11-24T07:15:60.000Z",
                    "2026-02-30T07:15:00.000Z", "1969-12-31T23:59:59.999Z", "2026-11-24T07:15:00Z", "2026-11-24T07:15:00.250+00:00")
    if isinstance(value, list):
        yield from (value + value, [f"i{n}" for n in range(16)], [f"i{n}" for n in range(17)], [f"i{n}" for n in range(32)],
                    [f"i{n}" for n in range(33)], ["a b"], [1], [{"subject": True}], [{"subject": False}], [{"declaration": UUID}] * 32,
                    [{"declaration": UUID}] * 33, [{"declaration": UUID, "recipient": "a"}], [{"entry": "E"}], [{"recipient": "a", "x": 1}])


def changed(document):
    for path in places(document):
        value = at(document, path)
        if isinstance(value, dict):
            for key, more in (("x", 1), ("resumes", UUID), ("slip_hash", "A" * 43), ("to", "2027-01-01")):
                if key not in value:
                    other = copy.deepcopy(document)
                    at(other, path)[key] = more
                    yield other
        if not path:
            continue
        other = copy.deepcopy(document)
        del at(other, path[:-1])[path[-1]]
        yield other
        for to in changes(value):
            other = copy.deepcopy(document)
            at(other, path[:-1])[path[-1]] = to
            yield other


def beyond(declaration):
    """Whether one of the rules is broken that the page names because no schema can say them."""
    def day(text):
        if text.startswith("0000"):
            return datetime.date.min
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return None

    person = declaration.get("person", {})
    lines = ((person.get("family_name", ""), 400), (person.get("given_names", ""), 400), (declaration["place"]["site"], 128))
    if any(len(text.encode()) > bound for text, bound in lines):
        return True
    wall = day(declaration["time"]["wall"][:10])
    if wall is None:
        return True
    selection = declaration.get("selection")
    if selection is None:
        return False
    first, last = day(selection["from"]), day(selection.get("to", "9999-12-31"))
    if first is None or last is None or last < first:
        return True
    if declaration["time"]["quality"] == "floor":
        wall = (datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=declaration["time"]["floor_ms"])).date()
    return declaration["event"] == "given" and first < wall


def our_words(reader, lines):
    done = subprocess.run([reader], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    written = done.stdout.split("\n")[:-1]
    assert len(written) == len(lines), (len(written), len(lines))
    return written


def members_of(node):
    if isinstance(node, dict):
        yield from node.get("properties", ())
        for inner in node.values():
            yield from members_of(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from members_of(inner)


def main():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    validator = jsonschema.Draft202012Validator(SCHEMA)
    right = list(acts())
    for document, written in zip(right, our_words(sys.argv[1], [json.dumps(act) for act in right])):
        assert written, f"our reader refuses {document}"
        assert json.loads(written) == document, f"our writer says otherwise: {written}"
        validator.validate(json.loads(written))

    wrong, known = [], set()
    for document in (other for act in right for other in changed(act)):
        text = json.dumps(document, ensure_ascii=False)
        if text not in known:
            known.add(text)
            wrong.append((text, document))
    accepted = 0
    for (text, document), written in zip(wrong, our_words(sys.argv[1], [text for text, _ in wrong])):
        by_schema = validator.is_valid(document) and not beyond(document)
        assert by_schema == bool(written), f"the schema says {by_schema}, our reader {bool(written)}: {text}"
        accepted += by_schema
    assert len(wrong) > 5000 and 500 < accepted < len(wrong) / 2, (len(wrong), accepted)

    text = json.dumps(right[0])
    twice, large = text.replace('"targets": []', '"targets": [], "targets": []'), text[:-1] + " " * 16384 + "}"
    assert our_words(sys.argv[1], [text, twice, large])[1:] == ["", ""], "no member twice, 16 KiB at most"

    sources = (MODEL / "declaration_json.cpp").read_text(encoding="utf-8")
    read = set(re.findall(r'fields(?:\.\w+\(|, )"(\w+)"', sources))
    assert read == set(members_of(SCHEMA)), f"read but not in the schema, or the other way round: {read ^ set(members_of(SCHEMA))}"
    for member in read - {"catalogue_version", "version"}:
        assert re.search(rf'[`.{{"]{member}\b', PAGE.split("## Examples")[0]), f"the page does not name {member}"
    print(f"{len(right)} acts, {len(wrong)} changes of them, {accepted} of these right by schema and reader")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: EUPL-1.2
"""sync/backend/openapi/openapi.yaml as the tests use it: checked against OpenAPI's own schema, held against the table of routes, and
asked of every answer whether it was described. Debian's openapi-specification has the schema, python3-jsonschema the judge."""
import datetime
import json
import pathlib
import re
import urllib.parse
import uuid

import jsonschema
import yaml

SOURCE = pathlib.Path(__file__).resolve().parents[2]
FILE = SOURCE / "sync/backend/openapi/openapi.yaml"
OFFICIAL = pathlib.Path("/usr/share/openapi-specification/schemas/v3.0/schema.json")
METHODS = ("get", "post", "put", "delete", "patch", "options", "head")
ROLES = {"anybody": ["anybody"], "terminal": ["terminal"], "authority": ["authority"], "auditor": ["auditor"], "portal": ["portal"],
         "certified": ["terminal", "authority", "auditor"], "terminal_or_auditor": ["terminal", "auditor"]}
BODIES = {"none": [], "jose": ["application/jose"], "json": ["application/json"], "json_strict": ["application/json"],
          "json_optional": ["application/json"]}


def _plain(node):
    """A schema of OpenAPI 3.0 as a JSON Schema: `nullable` is its own word for a second type."""
    if isinstance(node, list):
        return [_plain(each) for each in node]
    if not isinstance(node, dict):
        return node
    out = {name: _plain(value) for name, value in node.items() if name != "nullable"}
    if node.get("nullable"):
        out["type"] = [node["type"], "null"]
    return out


class Description:
    def __init__(self, text=None):
        self.document = yaml.safe_load(text or FILE.read_text(encoding="utf-8"))
        self.schemas = _plain(self.document)
        self.resolver = jsonschema.RefResolver("", self.schemas)
        self.operations = {}
        for path, item in self.document["paths"].items():
            for method in METHODS:
                if method in item:
                    self.operations[(method.upper(), path)] = {**item[method], "shared": item.get("parameters", [])}

    def resolved(self, node):
        while isinstance(node, dict) and "$ref" in node:
            target = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    # What is wrong with the file itself.

    def faults(self):
        official = json.loads(OFFICIAL.read_text())
        out = [f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in jsonschema.Draft4Validator(official).iter_errors(self.document)]
        used = set(re.findall(r"#/components/[a-z]+/\w+", json.dumps(self.document)))
        made = {f"#/components/{kind}/{name}" for kind, each in self.document["components"].items() for name in each}
        out += [f"{name} is used and not there" for name in sorted(used - made)] + [f"{name} is there and not used" for name in sorted(made - used)]
        names = [operation["operationId"] for operation in self.operations.values()]
        out += [f"operationId {name} stands twice" for name in sorted({name for name in names if names.count(name) > 1})]
        tags = {tag["name"] for tag in self.document["tags"]}
        for (method, path), operation in self.operations.items():
            where = f"{method} {path}"
            declared = {self.resolved(each)["name"] for each in operation["shared"] + operation.get("parameters", []) if self.resolved(each)["in"] == "path"}
            out += [f"{where}: parameters of the path are {declared}"] if declared != set(re.findall(r"\{(\w+)\}", path)) else []
            out += [f"{where}: no summary"] if not operation.get("summary") else []
            out += [f"{where}: tag {tag} is not declared" for tag in operation.get("tags", [""]) if tag not in tags]
            out += [f"{where}: no x-roles"] if not operation.get("x-roles") else []
            out += [f"{where}: no default"] if "default" not in operation["responses"] else []
            if operation.get("x-roles") != ["anybody"] and "403" not in operation["responses"]:
                out.append(f"{where}: whom it refuses is not said (403)")
        return out

    # Against the code.

    @staticmethod
    def routes():
        """(method, path, roles, media types of the body) of every row of the backend's own table."""
        text = (SOURCE / "sync/backend/service/routes.cpp").read_text()
        table = text[text.index("constexpr Route table[]"):]
        rows = re.findall(r'\{Endpoint::\w+,\s*Method::(\w+),\s*"([^"]+)",\s*Role::(\w+),\s*Body::(\w+)\}', table[:table.index("};")])
        return {(method.upper(), path.replace("...}", "}"), tuple(ROLES[role]), tuple(BODIES[body])) for method, path, role, body in rows}

    def described(self):
        return {(method, path, tuple(operation["x-roles"]), tuple(sorted(self.resolved(operation.get("requestBody", {})).get("content", {}))))
                for (method, path), operation in self.operations.items()}

    # Against answers.

    def find(self, method, target):
        """The operation that a request belongs to, as (method, path); HEAD is GET's."""
        path = urllib.parse.urlsplit(target).path
        method = "GET" if method == "HEAD" else method
        for name, pattern in self.operations:
            rest = any(self.resolved(each).get("x-rest-of-path") for each in self.operations[(name, pattern)]["shared"])
            form = re.sub(r"\\\{\w+\\\}", ".+" if rest else "[^/]+", re.escape(pattern))
            if name == method and re.fullmatch(form + ("?" if pattern.endswith("/") else ""), path):
                return name, pattern
        return None

    def objections(self, method, target, answer):
        """What of this answer was not described; nothing = all of it was."""
        where = f"{method} {target[:80]} -> {answer.status}"
        kind = answer.headers.get("content-type", "").split(";")[0]
        found = self.find(method, target)
        if found is None:
            response = self.document["components"]["responses"]["Refused"]
        else:
            responses = self.operations[found]["responses"]
            response = self.resolved(responses.get(str(answer.status), responses["default"]))
        out = []
        if found and str(answer.status) not in responses and answer.status < 400:
            return [f"{where}: this success is not described"]
        content = response.get("content", {})
        if kind not in content and (kind or content):
            return [f"{where}: {kind or 'no type'} is not described"]
        for name, header in response.get("headers", {}).items():
            if self.resolved(header).get("required") and name.lower() not in answer.headers:
                out.append(f"{where}: no {name}")
        if not content:
            return out + ([f"{where}: a body is not described"] if answer.body else [])
        if kind.endswith("json"):
            body = answer.json()
            schema = _plain(content[kind]["schema"])
            errors = list(jsonschema.Draft4Validator(schema, resolver=self.resolver).iter_errors(body))
            out += [f"{where}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors]
            if "x-problems" in response and not errors:
                word = body["type"].rsplit(":", 1)[1]
                shared = self.document["components"]["responses"]["Refused"]["x-problems"]
                out += [f"{where}: the problem {word} is not described"] if word not in response["x-problems"] + shared else []
                out += [f"{where}: says status {body['status']}"] if body["status"] != answer.status else []
        elif content[kind].get("schema", {}).get("format") != "binary" and method != "HEAD":
            schema = _plain(content[kind]["schema"])
            text = answer.body.decode()
            out += [f"{where}: {error.message[-200:]}" for error in jsonschema.Draft4Validator(schema, resolver=self.resolver).iter_errors(text)]
        return out


    # Bodies by the schemas.

    def bodies(self, schema, full):
        """The least or the fullest bodies that a schema of an object allows, one for each of its alternatives."""
        schema = self.resolved(schema)
        out = []
        for each in schema.get("oneOf", [{}]):
            members = {**schema.get("properties", {}), **each.get("properties", {})}
            barred = [name for part in each.get("not", {}).get("anyOf", [each.get("not", {})]) for name in part.get("required", [])]
            needed = schema.get("required", []) + each.get("required", [])
            out.append({name: self.value(member, full) for name, member in members.items() if name in needed or (full and name not in barred)})
        return out

    def value(self, schema, full, number=0):
        """A value of the least or the greatest size; `number` makes those of one list differ."""
        name, schema = schema.get("$ref", "").rsplit("/", 1)[-1], self.resolved(schema)
        now = datetime.datetime.now(datetime.timezone.utc)
        known = {"Uuid": str(uuid.uuid4()), "Day": str((now + datetime.timedelta(days=2)).date()), "Time": now.strftime("%Y-%m-%dT%H:%M:%S.000Z")}
        if name in known:
            return known[name]
        if "enum" in schema:
            return schema["enum"][-1 if full else 0]
        if schema["type"] == "array":
            return [self.value(schema["items"], full, n) for n in range(schema["maxItems"] if full else schema["minItems"])]
        if schema["type"] == "string":
            size = schema["maxLength"] if full else schema["minLength"]
            return str(number).rjust(size, "x")[-size:]
        return {"boolean": True, "integer": 0}[schema["type"]]

    def misfit(self, method, target, body):
        """Why this body is not as described; nothing = it is."""
        found = self.find(method, target)
        content = self.resolved(self.operations[found].get("requestBody", {})).get("content", {}) if found else {}
        if "application/json" not in content or not body:
            return []
        judge = jsonschema.Draft4Validator(_plain(content["application/json"]["schema"]), resolver=self.resolver)
        return [f"{method} {target}: the body, {error.message[:200]}" for error in judge.iter_errors(json.loads(body))]


class Witness:
    """Stands beside every request that a Line makes."""

    def __init__(self, description, line_class):
        self.description, self.seen, self.objections = description, {}, []
        ask = line_class.ask

        def watched(line, method, target, *more, **options):
            answer = ask(line, method, target, *more, **options)
            self.note(method, target, answer)
            if answer.status < 300 and method == "POST":
                self.objections += description.misfit(method, target, more[0] if more else options.get("body"))
            return answer

        line_class.ask = watched

    def note(self, method, target, answer):
        if found := self.description.find(method, target):
            self.seen.setdefault(found, set()).add(answer.status)
        self.objections += self.description.objections(method, target, answer)

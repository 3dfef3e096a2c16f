#!/usr/bin/env python3
# SPDX-License-Identifier: EUPL-1.2
"""The backend's OpenAPI description: well-formed, the same as the table of routes, and true. Every answer that the running backend
gives to a client written by a stranger is held against it, each role is sent to each door, and each described status is provoked.
usage: openapi_test.py <folder of programs>"""
import hashlib
import json
import pathlib
import subprocess
import sys
import types
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "unit/sync/backend")]

import stranger_test  # noqa: E402
from openapi import FILE, Description, Witness  # noqa: E402
from stranger import Line, Terminal  # noqa: E402

# (operation, status) that this test cannot bring about, and where it is.
ELSEWHERE = {(path, "403"): "http_abuse_test.py, a certificate of an unknown role" for path in ("/v1/log/checkpoint", "/v1/log/growth", "/v1/log/inclusion")}
ELSEWHERE |= {("/v1/terminals/{terminal}/insight", "429"): "insight_routes_test.cpp", ("/v1/portal/links", "429"): "portal_test.cpp"}
# Bodies that are right but for the path, where an empty object is not.
BODIES = {"/v1/inbox/{declaration}/assignment": '{"file_number":"1"}'}


def expect(condition, what):
    if not condition:
        raise RuntimeError("not so: " + what)


def form(description):
    lint = subprocess.run(["yamllint", "--strict", "-c", FILE.parent / "yamllint.yaml", FILE], capture_output=True, text=True)
    expect(lint.returncode == 0, "yamllint is content: " + lint.stdout)
    expect(description.faults() == [], "\n".join(description.faults()))
    routes, described = description.routes(), description.described()
    expect(len(routes) >= 17, f"the table of routes was read: {routes}")
    expect(not routes - described, f"every route is described, with its roles and bodies: {sorted(routes - described)}")
    expect(not described - routes, f"nothing is described that is not there: {sorted(described - routes)}")


def canaries(description):
    """Falsified descriptions and answers: each must be called wrong."""
    text = FILE.read_text(encoding="utf-8")
    for change, to in (("operationId: health", "operationId: metrics"), ("x-roles: [anybody]", "x-role: [anybody]"), ("openapi: 3.0.3", "openapi: 4"),
                       ("#/components/schemas/Health", "#/components/schemas/Wealth"), ("summary: Whether the", "sumary: Whether the"), ("{name: terminal, in: path", "{name: terminals, in: path")):
        expect(change in text and Description(text.replace(change, to, 1)).faults(), f"{to} is a fault")
    short = Description(text.replace("  /v1/usable:", "  /v1/useable:"))
    expect(short.routes() - short.described() and short.described() - short.routes(), "a misspelt route is missing and one too many")

    def answer(status, kind, body):
        return types.SimpleNamespace(status=status, headers={"content-type": kind}, body=str(body).encode(), json=lambda: body)

    problem = {"type": "urn:freigabe:problem:not-allowed", "title": "x", "status": 403}
    for method, target, wrong in (
            ("GET", "/healthz", answer(200, "application/json", {"status": "ok", "log_size": 1})), ("GET", "/healthz", answer(200, "text/plain", "ok")),
            ("GET", "/healthz", answer(204, "application/json", {})), ("GET", "/v1/inbox", answer(403, "application/problem+json", {**problem, "status": 404})),
            ("GET", "/v1/inbox", answer(403, "application/problem+json", {**problem, "type": "urn:freigabe:problem:nonsense"})),
            ("GET", "/v1/inbox", answer(403, "text/html", "no")), ("GET", "/v1/nowhere", answer(200, "application/json", {}))):
        expect(description.objections(method, target, wrong), f"{method} {target} {wrong.body} is called wrong")


class Doors:
    """Each role's line, and what stands for the braces of a path."""

    def __init__(self, world, declaration):
        self.lines = {"terminal": world.terminal_line, "authority": world.agency, "auditor": world.auditor, "portal": world.portal}
        tag = world.terminal.scopes(declaration)[17:49].hex()
        self.right = {"terminal": world.terminal_id, "declaration": declaration["id"], "file": "agency.js", "tag": tag, "name": "0/000.p/1",
                      "version": "1", "sha256": world.target, "account": "acc-1"}
        self.wrong = {"terminal": world.terminal_id, "declaration": str(uuid.uuid4()), "file": "none.js", "tag": "00", "name": "7/999",
                      "version": "2", "sha256": "0" * 64, "account": "acc-9"}

    def ask(self, role, method, path, fill, query="", body=None, media_type="application/json"):
        for name, value in fill.items():
            path = path.replace("{" + name + "}", value)
        expect("{" not in path, f"something for the braces of {path}: add it to Doors")
        return self.lines[role].ask(method, path + query, body, media_type)


def media_type_of(description, operation):
    return next(iter(description.resolved(operation.get("requestBody", {})).get("content", {})), "application/json")


def roles(description, doors):
    """Every role at every door, and every method that is not there."""
    for (method, path), operation in description.operations.items():
        body, kind = ("{}", media_type_of(description, operation)) if method == "POST" else (None, None)
        allowed = operation["x-roles"]
        for role in doors.lines:
            answer = doors.ask(role, method, path, doors.right, "", body, kind)
            if allowed != ["anybody"] and role not in allowed:
                expect(answer.status == 403, f"{role} at {method} {path} is refused: {answer.status}")
            elif path != "/v1/enrolments":
                expect(answer.status != 403, f"{role} at {method} {path} may enter")
        role = next(iter(doors.lines)) if allowed == ["anybody"] else allowed[0]
        others = {name for name, other in description.operations if other == path}
        answer = doors.ask(role, "DELETE", path, doors.right)
        expect(answer.status == 405, f"DELETE {path} is 405: {answer.status}")
        allow = {word.strip() for word in answer.headers["allow"].split(",")}
        expect(allow - {"HEAD"} == others, f"Allow of {path} names what is described: {allow}")


def refusals(description, doors, witness):
    """What can be brought about the same way at every door where it is described, and was not seen yet."""
    for (method, path), operation in description.operations.items():
        role = operation["x-roles"][0] if operation["x-roles"] != ["anybody"] else "auditor"
        kind = media_type_of(description, operation)
        ways = {"400": (doors.right, "?after=x&from=x", "[" if method == "POST" else None, kind), "404": (doors.wrong, "", BODIES.get(path, "{}") if method == "POST" else None, kind),
                "413": (doors.right, "", " " * ((4 << 20) + 1), kind), "415": (doors.right, "", "{}", "text/plain")}
        for status, (fill, query, body, media_type) in ways.items():
            if status in operation["responses"] and int(status) not in witness.seen[(method, path)]:
                answer = doors.ask(role, method, path, fill, query, body, media_type)
                expect(str(answer.status) == status or (path, status) in ELSEWHERE, f"{method} {path}: {status} is brought about, not {answer.status} {answer.body[:200]}")


def bodies(description, doors):
    """What a generator makes of the description is read: the least and the fullest body of each operation, and none where none is needed.
    Batches and advance copies hold what a terminal seals and signs: of those, every body that was accepted is held against the schema."""
    sent = 0
    for (method, path), operation in description.operations.items():
        request = description.resolved(operation.get("requestBody", {}))
        if "application/json" not in request.get("content", {}) or operation["operationId"] in ("sendBatch", "sendAdvance"):
            continue
        schema = request["content"]["application/json"]["schema"]
        made = [json.dumps(each) for full in (False, True) for each in description.bodies(schema, full)]
        for body in made + ([] if request.get("required") else [None]):
            expect(not body or not description.misfit(method, path, body), f"{body} is a body of {path}")
            answer = doors.ask(operation["x-roles"][0], method, path, doors.right, "", body)
            refused = answer.status in (413, 415) or (answer.status == 400 and answer.problem() in ("message-bad", "file-number-bad"))
            expect(not refused, f"{method} {path} takes {body}, not {answer.status} {answer.body}")
            sent += 1
    expect(sent >= 18, f"so many bodies were made: {sent}")


def fork(world):
    """Another record at a known place."""
    twin = Terminal(world.terminal_id, world.terminal.site, world.terminal.views_key)
    twin.key = world.terminal.key
    twin.append("grant", stranger_test.consent(world))
    answer = world.terminal_line.ask("POST", world.path + "/batches", twin.batch(1, 1))
    expect(answer.status == 409 and answer.problem() == "fork", f"a fork is refused: {answer.body}")


def key_change(world):
    """The next journal key, twice, since an answer can be lost."""
    statement = world.terminal.change_key(2)
    for line_end in ("", "\n", "\r\n"):  # as a file has it
        answer = world.terminal_line.ask("POST", world.path + "/keys", statement + line_end, "application/jose")
        expect(answer.status == 201 and answer.json() == {"key": 2}, f"a stranger's key change is taken in: {answer.body}")


def log_of(world):
    expect(world.terminal_line.ask("GET", "/v1/log/growth?from=1").json()["proof"], "the log has grown since its first record")
    proofs = world.terminal_line.ask("GET", "/v1/log/inclusion?size=2&index=0,1").json()["inclusions"]
    expect([each["index"] for each in proofs] == [0, 1] and proofs[0]["proof"] == [proofs[1]["leaf"]], "two leaves prove each other")
    expect(world.terminal_line.ask("GET", "/v1/log/inclusion?size=99999&index=1").status == 404, "a size that the log has not")
    expect(world.terminal_line.ask("GET", "/v1/log/tile/entries/000.p/1").status == 403, "entries are the auditor's")


def down(world):
    """What comes down, whole, in a range, beyond its end, and not at all to who has it."""
    for path in (f"/v1/downstream/targets/{world.target}", "/v1/downstream/manifest", "/v1/downstream/root/1"):
        whole = world.terminal_line.ask("GET", path)
        tag = f'"{hashlib.sha256(whole.body).hexdigest()}"'
        expect(whole.headers["etag"] == tag, f"the ETag of {path} is the SHA-256 of the whole")
        for fields in ({"Range": "bytes=3-5"}, {"Range": "Bytes=3-5", "If-Range": tag}):
            part = world.auditor.ask("GET", path, headers=fields)
            expect(part.status == 206 and part.body == whole.body[3:6] and part.headers["content-range"] == f"bytes 3-5/{len(whole.body)}", f"a range is a part of the whole: {path}")
        expect(world.auditor.ask("GET", path, headers={"Range": "bytes=3-5", "If-Range": '"other"'}).body == whole.body, "a range of something else is none")
        head = world.auditor.ask("HEAD", path, headers={"Range": "bytes=3-5"})
        expect(head.status == 200 and head.headers["content-length"] == str(len(whole.body)), "HEAD has no ranges")
        expect(world.terminal_line.ask("GET", path, headers={"Range": f"bytes={len(whole.body)}-"}).status == 416, "there is nothing behind the end")
        expect(world.terminal_line.ask("GET", path, headers={"If-None-Match": tag}).status == 304, "who has it gets it not again")


def plain(world, description, witness):
    """The listener without certificates serves what anybody may have, and nothing else."""
    import http.client
    from stranger import Answer
    for method, path in description.operations:
        if method != "GET" or "{" in path:
            continue
        connection = http.client.HTTPConnection("127.0.0.1", world.plain_port, timeout=30)
        connection.request("GET", path)
        answer = Answer(connection.getresponse())
        connection.close()
        witness.note("GET", path, answer)
        served = description.operations[(method, path)]["x-roles"] == ["anybody"]
        expect(answer.status == (200 if served else 404), f"{path} at the plain listener: {answer.status}")


def coverage(description, witness):
    missing = []
    for name, operation in description.operations.items():
        for status in operation["responses"]:
            if status != "default" and int(status) not in witness.seen.get(name, set()) and (name[1], status) not in ELSEWHERE:
                missing.append(f"{name[0]} {name[1]} {status}")
    expect(not missing, f"every described status is brought about, or says in ELSEWHERE where it is: {missing}")
    expect(not witness.objections, "every answer is as described:\n" + "\n".join(witness.objections[:20]))


def main():
    description = Description()
    form(description)
    canaries(description)
    with stranger_test.World(sys.argv[1]) as world:
        world.start()
        witness = Witness(description, Line)
        world.terminal_line.ask("POST", "/v1/enrolments", "no token", "application/jose")
        stranger_test.enrolment(world)
        declaration, withdrawal = stranger_test.batches(world)
        stranger_test.desk(world, declaration, withdrawal)
        stranger_test.exchange(world, declaration)
        stranger_test.insight(world, declaration)
        stranger_test.wrong_requests(world)
        fork(world)
        log_of(world)
        down(world)
        key_change(world)
        doors = Doors(world, declaration)
        roles(description, doors)
        refusals(description, doors, witness)
        plain(world, description, witness)
        bodies(description, doors)
        coverage(description, witness)
    answers = sum(len(statuses) for statuses in witness.seen.values())
    print(f"openapi_test: {len(description.operations)} operations, {answers} kinds of answers as described: ok")


if __name__ == "__main__":
    main()

# SPDX-License-Identifier: EUPL-1.2
"""What the programs of an authority ask and say, by somebody who knows nothing but sync/backend/interface.md. Used by
stranger_test.py and by the test of the OpenAPI description."""
import datetime
import hashlib
import json
import os
import pathlib
import tempfile
import uuid

from stranger import b64, jose, unb64, verify_set

CHANGE = "urn:freigabe:event:change"


def moment(**ago):
    then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(**ago)
    return then.strftime("%Y-%m-%dT%H:%M:%S.") + f"{then.microsecond // 1000:03}Z"


def post(line, path, **members):
    return line.ask("POST", path, json.dumps(members))


def exchange(world, declaration):
    """After the desk's story: the person is file 4711 at the agency, the newest of three releases lives."""
    answer = world.agency.ask("GET", "/v1/changes").json()
    assert [change["n"] for change in answer["changes"]] == list(range(1, answer["last"] + 1)), answer
    kinds = [change["kind"] for change in answer["changes"]]
    assert sorted(kinds) == ["received"] * 3 + ["withdrawn"] * 2, kinds
    assert all(change["file_number"] == "4711" for change in answer["changes"])
    for change in answer["changes"]:
        payload = verify_set(change["set"], world.pki / "receipts.jwk")
        event = payload["events"][CHANGE]
        assert payload["aud"] == "musterstadt-agentur" and event["n"] == change["n"] and event["kind"] == change["kind"]
    assert world.agency.ask("GET", f"/v1/changes?after={answer['next']}").json()["changes"] == []
    access = {"file_number": "4711", "entry": "JBA-03", "categories": ["C07"], "purpose": "appointment", "system": "case-file", "at": moment()}
    first = str(uuid.uuid4())
    for _ in range(2):
        assert post(world.agency, "/v1/accesses", id=first, **access).json()["coverage"] == "covered"
    assert post(world.agency, "/v1/accesses", id=first, **{**access, "purpose": "other"}).problem() == "id-taken"
    without = str(uuid.uuid4())
    assert post(world.agency, "/v1/accesses", id=without, **{**access, "categories": ["C11"]}).problem() == "no-grant"
    assert post(world.office, "/v1/accesses", id=str(uuid.uuid4()), **access).problem() == "not-found", "not the office's file"
    listed = world.auditor.ask("GET", "/v1/uncovered").json()
    assert listed["total"] == 1 and listed["accesses"][0]["id"] == without, listed
    assert post(world.agency, "/v1/coverage", complete_until=moment(minutes=1)).status == 200
    until = str(datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=20))
    wish = {"id": str(uuid.uuid4()), "file_number": "4711", "entry": "JBA-05", "until": until}
    assert post(world.agency, "/v1/requests", **wish).status == 200
    assert post(world.agency, "/v1/requests", **{**wish, "entry": "JBA-01"}).problem() == "id-taken"
    assert post(world.office, "/v1/requests", **{**wish, "id": str(uuid.uuid4())}).problem() == "not-found"
    path = f"/v1/declarations/{declaration['id']}/applied"
    assert post(world.agency, path, state="withheld_by_source").problem() == "not-source"
    assert post(world.office, path, state="withheld_by_source", reason="entrusted").json()["reason"] == "entrusted"


def request_of(world, session, nonce, **members):
    """A terminal's question in its holder's name: signed by the journal key, sealed to the backend."""
    public = json.loads(jose("jwk", "pub", "-i", "-", data=session))
    payload = {"terminal": world.terminal_id, "subject": {"kind": "pseudonym", "value": b64(b"\x11" * 32)},
               "session": {name: public[name] for name in ("kty", "crv", "x", "y")}, "nonce": b64(nonce),
               "assurance": {"method": "eid_pin", "level": "hoch"}, "observed": 1, "from": 0, **members}
    token = world.terminal.sign({"typ": "freigabe-insight+jwt", "kid": world.terminal_id}, json.dumps(payload).encode())
    template = json.dumps({"protected": {"alg": "ECDH-ES+A256KW", "enc": "A256GCM"}})
    return jose("jwe", "enc", "-c", "-I", "-", "-k", str(world.pki / "views.jwk"), "-i", template, "-o", "-", data=token.encode()).decode().strip()


def opened(world, session, answer):
    """What the answer says to who holds the session's key, once the backend's signature has been verified."""
    with tempfile.TemporaryDirectory() as folder:
        key = pathlib.Path(folder) / "session.jwk"
        key.write_bytes(session)
        token = jose("jwe", "dec", "-i", "-", "-k", str(key), "-O", "-", data=answer.body)
    header = json.loads(unb64(token.decode().split(".")[0]))
    assert header["typ"] == "freigabe-insight-answer+jwt", header
    return json.loads(jose("jws", "ver", "-i", "-", "-k", str(world.pki / "receipts.jwk"), "-O", "-", data=token))


def insight(world, declaration):
    """After the exchange: the person looks at the terminal, and at home."""
    session, nonce = jose("jwk", "gen", "-i", '{"kty":"EC","crv":"P-256"}'), os.urandom(16)

    def ask(**members):
        return world.terminal_line.ask("POST", world.path + "/insight", request_of(world, session, nonce, **members), "application/jose")

    page = opened(world, session, ask())
    assert page["nonce"] == b64(nonce) and page["terminal"] == world.terminal_id and page["log_size"] == 4, page
    rows = {}
    for row in page["rows"]:
        (kind, content), = row.items()
        rows.setdefault(kind, []).append(content)
    assert len(rows["release"]) == 3 and rows["release"][0]["declaration"] == declaration["id"], rows
    assert {access["coverage"] for access in rows["access"]} == {"covered", "none"}, rows["access"]
    assert [wish["entry"] for wish in rows["request"]] == ["JBA-05"]
    source = {row["authority"]: row for row in rows["source"]}
    assert source["musterstadt-agentur"]["matched"] and source["musterstadt-agentur"]["complete_until"]
    assert not source["musterstadt-jugendamt"]["reports"]
    assert ask(assurance={"method": "staff_attested", "level": "normal"}).problem() == "not-allowed"
    assert ask(invitation={"code": "a.b.c", "birth_date": "2007-03-14"}).problem() == "slip-refused"
    code = "ABCD-EFGH-JKLM-NPQR-STUV"
    assert opened(world, session, ask(link=b64(hashlib.sha256(code.replace("-", "").encode()).digest())))["rows"] == []
    assert post(world.portal, "/v1/portal/links", account="acc-1", code="ABCD-EFGH-JKLM-NPQR-STUW").problem() == "not-allowed"
    assert post(world.portal, "/v1/portal/links", account="acc-1", code=code.lower()).status == 201
    assert post(world.portal, "/v1/portal/links", account="acc-2", code=code).problem() == "not-allowed", "once"
    home = world.portal.ask("GET", "/v1/portal/accounts/acc-1/insight").json()
    assert home["rows"] == page["rows"], "the portal shows what the card shows"
    records = world.portal.ask("GET", "/v1/portal/accounts/acc-1/consents").json()
    assert records["complete"] and len(records["records"]) == 3, records
    assert {record["schema_version"] for record in records["records"]} == {"ISO/IEC TS 27560:2023"}, records
    assert [event["event_state"] for event in records["records"][-1]["event"]] == ["given", "withdrawn"]
    assert world.portal.ask("GET", "/v1/portal/accounts/acc-2/insight").problem() == "not-found"
    assert world.agency.ask("GET", "/v1/statistics").json()["months"] == [], "no month is over"

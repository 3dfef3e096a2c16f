# SPDX-License-Identifier: EUPL-1.2
"""Attacks 5 and 11: two machines with one identity, and a backend that has forgotten."""
import json
import shutil

from attack_base import Attack
from hostile import evidence
from processes import Process, wait_until


class Clone(Attack):
    number, name = 5, "cloned-terminal"
    title = "A cloned terminal"
    expected = ("Somebody copies the terminal’s disk with all its keys. Both machines record under one identity: the backend notices the fork at the "
                "first record that two machines put in one place, keeps it in quarantine and raises its alarm. A copy cannot be told from a disk that "
                "came out of a backup until both have spoken, so it goes on under a new number; what the citizen takes back there counts, nothing "
                "counts twice, and the real terminal works on. Then the copy is found out: what was given there since does not count, and nothing more can "
                "be given there.")
    rules = (
        ("the fork was not noticed", lambda s: s["forks_after"] > s["forks_before"]),
        ("what the clone recorded was not kept", lambda s: s["quarantined"] >= 1),
        ("nobody was alarmed", lambda s: s["alarm_lines"] >= 1),
        ("a release given at the clone lives", lambda s: s["clone_grant_state"] != "alive"),
        ("the clone was told that its release arrived", lambda s: not s["clone_grant_acknowledged"]),
        ("what the citizen took back at the clone did not count", lambda s: s["alive_before_clone"] >= 1 and s["alive_after_clone"] == 0),
        ("the real terminal could not work on", lambda s: s["alive_after_giving_at_home"] == 1),
        ("a release given at the clone later lives", lambda s: s["later_grant_state"] != "alive"),
        ("the clone was not found out", lambda s: s["clone_found_out"]),
        ("the clone goes on taking releases", lambda s: s["clone_screen_in_the_end"] == "failed"),
    )
    weak = (
        ("the last writer wins", lambda s: {"forks_after": s["forks_before"]}), ("what contradicts is thrown away", {"quarantined": 0}),
        ("the fork is kept quietly", {"alarm_lines": 0}), ("the clone's release lives", {"clone_grant_state": "alive"}),
        ("the clone gets its receipt", {"clone_grant_acknowledged": True}), ("a clone's withdrawals are dropped", lambda s: {"alive_after_clone": s["alive_before_clone"]}),
        ("a fork closes the terminal", {"alive_after_giving_at_home": 0}), ("the clone's new number is believed for ever", {"later_grant_state": "alive"}),
        ("nobody looks at whose numbers these are", {"clone_found_out": False}), ("a copy is only named", {"clone_screen_in_the_end": "done"}),
    )

    @classmethod
    def strike(cls, world):
        site = world.site
        home, clone = site.state, world.folder / "clone"
        if not clone.exists():
            world.copy_disk("clone")
            world.give("given-at-home")
            world.wait_acknowledged(world.rows())
        # At home it went on meanwhile: the clone's next record will stand where another one stands.
        seen = {"forks_before": world.metric("forks_total"), "alive_before_clone": world.alive()}
        site.syncd.stop()
        site.kiosk.stop()
        try:
            site.state = clone
            seen.update(cls._at_clone(world, home, clone))
        finally:
            site.state = home
        world.open_kiosk()
        site.start_syncd()
        # Records of the real terminal stand behind the place where the clone contradicted it.
        world.give("given-at-home-again")
        rows = world.rows()
        world.wait_acknowledged(rows)
        seen.update({"alive_after_giving_at_home": world.alive(), "rows_at_home": rows})
        site.syncd.stop()
        site.kiosk.stop()
        try:
            site.state = clone
            seen.update(cls._found_out(world, clone))
        finally:
            site.state = home
        world.open_kiosk()
        site.start_syncd()
        return seen

    @classmethod
    def _found_out(cls, world, clone):
        """Both have spoken: the clone gives once more under its own number, is found out, and cannot again."""
        site = world.site
        world.open_kiosk()
        world.give("given-at-the-clone-later")
        grant = evidence(world, "SELECT leaf FROM record ORDER BY position DESC LIMIT 1")[0][0]

        def found():
            return evidence(world, "SELECT count(*) FROM alarm WHERE kind = 5")[0][0] > 0

        syncd = Process("syncd-of-clone-later", [site.bin / "freigabe-syncd", clone / "syncd.json"], site.logs)
        try:
            world.settle(found, 60)
            return {"clone_found_out": found(), "clone_screen_in_the_end": world.try_to_give("refused-at-the-clone"),
                    "later_grant_state": cls._state_of(world, grant)}
        finally:
            syncd.stop()
            site.kiosk.stop()

    @staticmethod
    def _state_of(world, grant):
        states = {row[0]: row[1] for row in world.database("SELECT leaf, state FROM part")}
        return "unknown to the rule" if grant not in states else "alive" if states[grant] == 0 else "ended"

    @classmethod
    def _at_clone(cls, world, home, clone):
        site = world.site
        config = json.loads((clone / "syncd.json").read_text().replace(str(home), str(clone)))
        (clone / "syncd.json").write_text(json.dumps(config))
        log = site.logs / "backend.log"
        told = log.read_text().count("fork_quarantined ")
        before = world.metric("forks_total")
        world.open_kiosk()
        world.give("given-at-the-clone")
        grant = evidence(world, "SELECT leaf FROM record ORDER BY position DESC LIMIT 1")[0][0]
        syncd = site.running[-1:] and Process("syncd-of-clone", [site.bin / "freigabe-syncd", clone / "syncd.json"], site.logs)
        try:
            wait_until(lambda: world.metric("forks_total") > before, "the fork to be noticed", 60)
            world.take_back("taken-back-at-the-clone")
            wait_until(lambda: world.alive() == 0, "the clone's withdrawal to arrive", 60)
        finally:
            syncd.stop()
        acknowledged = evidence(world, "SELECT count(*) FROM receipt t JOIN record r ON r.position = t.position WHERE r.leaf = x'" + grant.hex() + "'")
        site.kiosk.stop()
        return {"forks_after": world.metric("forks_total"), "quarantined": world.metric("quarantined_records"),
                "alarm_lines": log.read_text().count("fork_quarantined ") - told,
                "clone_grant_state": cls._state_of(world, grant),
                "clone_grant_acknowledged": acknowledged[0][0] > 0, "alive_after_clone": world.alive()}


class OldBackup(Attack):
    number, name = 11, "old-backup"
    title = "A backend from an old backup"
    expected = ("The backend is restored from a copy that lacks most of what it had acknowledged. The terminal notices and raises its alarm, keeps every "
                "record and every receipt, goes on recording, and brings the backend what it lost.")
    rules = (
        ("the old copy was not old", lambda s: s["log_of_backup"] < s["log_before"]),
        ("the terminal did not notice", lambda s: s["noticed_lines"] >= 1),
        ("the terminal lost a record or a receipt", lambda s: s["journal_whole"] and s["receipts_kept"] >= s["receipts_before"]),
        ("the citizen could not give a release", lambda s: s["rows_after"] == s["rows_before"] + 1),
        ("what the backend had lost was not brought again", lambda s: s["records_at_backend"] >= s["rows_after"]),
    )
    weak = (
        ("there was nothing to lose", lambda s: {"log_of_backup": s["log_before"]}), ("any log is believed", {"noticed_lines": 0}),
        ("the terminal follows the backend", {"journal_whole": False}), ("an old backend stops the kiosk", lambda s: {"rows_after": s["rows_before"]}),
        ("acknowledged is forgotten", lambda s: {"records_at_backend": 1}),
    )

    @classmethod
    def strike(cls, world):
        site = world.site
        before = world.journal()
        size = world.metric("log_size")
        log = site.logs / "kiosk.log"
        told = cls._noticed(log)
        site.backend.stop()
        for end in ("-wal", "-shm"):
            (site.folder / f"backend.db{end}").unlink(missing_ok=True)
        shutil.copyfile(world.old_backend, site.folder / "backend.db")
        site.start_backend()
        seen = {"log_before": size, "log_of_backup": world.metric("log_size"), "rows_before": before["rows"], "receipts_before": before["receipts"]}
        world.give("given-to-a-restored-backend")
        terminal = bytes.fromhex((site.pki / "terminal.id").read_text().strip().replace("-", ""))

        def there():
            return world.database("SELECT count(*) FROM record WHERE terminal = ?", terminal)[0][0]

        wait_until(lambda: cls._noticed(log) > told, "the terminal to notice", 60)
        rows = world.rows()
        world.settle(lambda: there() >= rows)
        after = world.journal()
        return {**seen, "noticed_lines": cls._noticed(log) - told, "journal_whole": after["ok"], "receipts_kept": after["receipts"],
                "rows_after": rows, "records_at_backend": there()}

    @staticmethod
    def _noticed(log):
        text = log.read_text()
        return text.count("alarm_raised ")

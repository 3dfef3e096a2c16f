# SPDX-License-Identifier: EUPL-1.2
"""Attack 7: signed files that were genuine once, or nearly are."""
import json

from attack_base import Attack
from stack import SOURCE


class OldFiles(Attack):
    number, name = 7, "old-catalogue"
    title = "An old catalogue, and its relatives"
    expected = ("A catalogue that both roles signed, but which is older than what this terminal has shown; another one under the same version; one that "
                "only one role signed; one signed by one key for both roles; one whose days are over: none is shown to a citizen, each is named in the "
                "log, and taking back stays open. The newest one serves again.")
    rules = (
        ("the newer catalogue was not taken", lambda s: s["newer"] == "loaded"),
        ("an old catalogue was shown", lambda s: s["older"] == "catalogue_rollback"),
        ("another text under the same version was shown", lambda s: s["same_version"] == "catalogue_rollback"),
        ("one signature was enough", lambda s: s["one_signature"] == "catalogue_signature_bad"),
        ("one key was enough", lambda s: s["one_key"] == "catalogue_signature_bad"),
        ("an expired catalogue was shown", lambda s: s["expired"] == "catalogue_expired"),
        ("the citizen was offered a release all the same", lambda s: s["screen_for_giving"].startswith("failed")),
        ("taking back was closed", lambda s: s["screen_for_taking_back"] == "card"),
        ("the newest one did not serve again", lambda s: s["again"] == "loaded"),
    )
    weak = (
        ("nothing new is taken", {"newer": "catalogue_rollback"}), ("any version will do", {"older": "loaded"}), ("bytes are not pinned", {"same_version": "loaded"}),
        ("one of two is enough", {"one_signature": "loaded"}), ("one key signs for both", {"one_key": "loaded"}), ("days are not read", {"expired": "loaded"}),
        ("a refused catalogue is shown", {"screen_for_giving": "list"}), ("without a catalogue nothing goes", {"screen_for_taking_back": "failed"}),
        ("a refusal is for good", {"again": "catalogue_rollback"}),
    )

    @classmethod
    def strike(cls, world):
        state, old = world.site.state, (world.site.state / "catalogue.jws").read_bytes()
        newer = cls._signed(world, version="1.1.0")
        seen = {"newer": cls._restart(world, newer), "older": cls._restart(world, old)}
        world.kiosk.touch("language.de")
        world.kiosk.wait_for("home")
        world.citizen.go("home.give")
        seen["screen_for_giving"] = world.kiosk.wait_for("failed", "list")["screen"]
        world.kiosk.save("old-catalogue")
        world.citizen.go("failed.home", "home")
        world.citizen.go("home.take_back", "card", "failed")
        seen["screen_for_taking_back"] = world.kiosk.look()["screen"]
        seen["same_version"] = cls._restart(world, cls._signed(world, version="1.1.0", id="anderswo"))
        seen["one_signature"] = cls._restart(world, cls._signed(world, roles=("authority_publisher",), version="1.2.0"))
        double = {"authority_publisher": "catalogue-publisher", "dsb_approver": "catalogue-publisher"}
        seen["one_key"] = cls._restart(world, cls._signed(world, keys=double, version="1.2.0"))
        seen["expired"] = cls._restart(world, cls._signed(world, version="1.3.0", valid_until="2026-02-01"))
        seen["again"] = cls._restart(world, newer)
        world.kiosk.touch("language.de")
        world.kiosk.wait_for("home")
        assert (state / "catalogue.jws").read_bytes() == newer
        return seen

    @staticmethod
    def _signed(world, roles=("authority_publisher", "dsb_approver"), keys=None, **members):
        plain = {**json.loads((SOURCE / "assets/catalogue/catalogue.json").read_text()), **members}
        keys = keys or {"authority_publisher": "catalogue-publisher", "dsb_approver": "catalogue-dsb"}
        file = world.folder / "changed.json"
        file.write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        for role in roles:
            signed = world.folder / f"changed.{role}.jws"
            world.site.ctl("catalogue", "sign", "--role", role, "--key", world.site.pki / f"{keys[role]}.key", file, signed)
            file = signed
        return file.read_bytes()

    @staticmethod
    def _restart(world, catalogue):
        """What the kiosk says of this file when it starts."""
        world.site.kiosk.stop()
        (world.site.state / "catalogue.jws").write_bytes(catalogue)
        log = world.site.logs / "kiosk.log"
        before = len(log.read_text())
        world.site.start_kiosk(world.display)
        world.kiosk.wait_for("start")
        said = log.read_text()[before:]
        if "catalogue_loaded" in said:
            return "loaded"
        words = [word for word in ("catalogue_rollback", "catalogue_signature_bad", "catalogue_expired", "catalogue_bad", "config_bad") if word in said]
        return words[0] if words else "silent"

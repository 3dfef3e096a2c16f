# SPDX-License-Identifier: EUPL-1.2
"""Attack 7: signed files that were genuine once, or nearly are."""
import hashlib
import json
import shutil

from attack_base import Attack
from processes import wait_until
from stack import SOURCE


class OldFiles(Attack):
    number, name = 7, "old-catalogue"
    title = "An old catalogue, and its relatives"
    expected = ("A catalogue that both roles signed, but which is older than what this terminal has shown; another one under the same version; one that "
                "only one role signed; one signed by one key for both roles; one whose days are over: none is shown to a citizen, each is named in the "
                "log, and taking back stays open. The newest one serves again. The same holds for the signed list of everything that comes down: an old one, "
                "one that a single person signed, and one whose file is another than it says change nothing.")
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
        ("the newer list was not taken", lambda s: s["list_newer"] == "2.1.0"),
        ("an old list was not refused by name", lambda s: s["list_older"] == "manifest_rollback"),
        ("a list that one person signed was not refused by name", lambda s: s["list_one_signature"] == "manifest_untrusted"),
        ("a file that is not the one of the list was not refused by name", lambda s: s["list_other_file"] == "manifest_bad"),
        ("a refused list changed what the citizen sees", lambda s: s["list_in_force"] == "2.1.0"),
    )
    weak = (
        ("nothing new is taken", {"newer": "catalogue_rollback"}), ("any version will do", {"older": "loaded"}), ("bytes are not pinned", {"same_version": "loaded"}),
        ("one of two is enough", {"one_signature": "loaded"}), ("one key signs for both", {"one_key": "loaded"}), ("days are not read", {"expired": "loaded"}),
        ("a refused catalogue is shown", {"screen_for_giving": "list"}), ("without a catalogue nothing goes", {"screen_for_taking_back": "failed"}),
        ("a refusal is for good", {"again": "catalogue_rollback"}), ("nothing comes down", {"list_newer": "1.1.0"}), ("any list will do", {"list_older": "active"}),
        ("one person is enough", {"list_one_signature": "active"}), ("files are not compared", {"list_other_file": "active"}),
        ("an old list comes into force", {"list_in_force": "2.0.0"}),
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
        assert (state / "catalogue.jws").read_bytes() == newer
        return {**seen, **cls._lists(world)}

    @classmethod
    def _lists(cls, world):
        """What comes down: two genuine lists, then three that are not."""
        site = world.site
        seen = {}
        for version in ("2.0.0", "2.1.0"):
            site.publish(f"catalogue={site.sign_catalogue(version)}")
            cls._look_down(site)
            wait_until(lambda: cls._catalogue(site) == version, f"catalogue {version} to come down", 60)
        seen["list_newer"] = cls._catalogue(site)
        manifest = site.downstream / "manifest.jws"
        genuine = manifest.read_bytes()
        shutil.copyfile(site.folder / "manifest-1.jws", manifest)
        seen["list_older"] = cls._refused(site)
        manifest.write_bytes(genuine)
        site.ctl("downstream", "publish", "--days", "30", site.downstream, f"catalogue={site.sign_catalogue('2.2.0')}")
        site.ctl("downstream", "sign", "--key", site.pki / "downstream-manifest-1.key", site.downstream / "manifest.draft")
        shutil.copyfile(site.downstream / "manifest.draft", manifest)
        seen["list_one_signature"] = cls._refused(site)
        site.ctl("downstream", "sign", "--key", site.pki / "downstream-manifest-3.key", site.downstream / "manifest.draft")
        manifest.write_bytes(genuine)
        site.ctl("downstream", "release", site.downstream, site.downstream / "manifest.draft")
        # The list is genuine now; the file under the name it gives is an older one.
        digest = hashlib.sha256((site.folder / "catalogue-2.2.0.jws").read_bytes()).hexdigest()
        served = [file for file in site.downstream.rglob("*") if file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest]
        for file in served:
            file.write_bytes((site.folder / "catalogue-2.0.0.jws").read_bytes())
        seen["list_other_file"] = cls._refused(site)
        site.kiosk.stop()
        site.start_kiosk(world.display)
        world.kiosk.wait_for("start")
        seen["list_in_force"] = cls._catalogue(site)
        for file in served:
            file.write_bytes((site.folder / "catalogue-2.2.0.jws").read_bytes())
        world.kiosk.touch("language.de")
        world.kiosk.wait_for("home")
        return seen

    @staticmethod
    def _look_down(site):
        """syncd looks for what comes down at its start, and then every hour."""
        site.syncd.stop()
        site.start_syncd()

    @staticmethod
    def _catalogue(site):
        return json.loads((site.state / "catalogue.seen").read_text())["version"]

    @classmethod
    def _refused(cls, site):
        """What is said of the list that is served now: the error's name, or "active"."""
        logs = (site.syncd.log, site.kiosk.log)
        before = [len(log.read_text(errors="replace")) for log in logs]
        cls._look_down(site)

        def word():
            said = "".join(log.read_text(errors="replace")[start:] for log, start in zip(logs, before))
            return next((name for name in ("manifest_rollback", "manifest_untrusted", "manifest_bad", "downstream_activated") if name in said), None)

        wait_until(word, "the list to be judged", 60)
        return word().replace("downstream_activated", "active")

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

// SPDX-License-Identifier: EUPL-1.2
// One terminal's folder: filled, read, looked at; and what somebody may have done to it in between.
#include "sync/courier/folder_reader.hpp"
#include "sync/courier/folder_writer.hpp"
#include "sync/courier/overview.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits_courier.hpp"
#include "sync/seal/jws.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/fakes/usb_stick.hpp"

using base::Errc;
using courier::Direction;
using courier::FileKind;

namespace {

const base::Uuid own = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000001");
const base::Uuid other = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000002");
const std::string out_path = courier::folder_of(Direction::out, own) + "/";
const std::string in_path = courier::folder_of(Direction::in, own) + "/";

/// A stick with one export of two files, signed.
struct Export {
    Export() : random(3), key(crypto::generate_key(crypto::Curve::p256, random)) { write(own); }

    void write(const base::Uuid& terminal) {
        courier::FolderWriter writer(stick, Direction::out, terminal);
        REQUIRE(writer.begin());
        REQUIRE(writer.add({FileKind::advance, 1}, "a withdrawal"));
        REQUIRE(writer.add({FileKind::batch, 1}, "a batch"));
        REQUIRE(writer.finish(signed_manifest(terminal, writer.files())));
    }
    std::string signed_manifest(const base::Uuid& terminal,
                                const std::vector<courier::ManifestFile>& files,
                                std::string_view typ = courier::typ_manifest) {
        courier::OutManifest manifest;
        manifest.terminal = terminal;
        manifest.files = files;
        seal::PairSigner signer(key, random);
        seal::JwsHeader header;
        header.typ = std::string(typ);
        header.kid = base::to_text(terminal);
        auto jws = seal::sign_compact(header, base::as_bytes(courier::encode(manifest)), signer);
        REQUIRE(jws);
        return *jws;
    }

    fakes::SeededRandom random;
    crypto::KeyPair key;
    fakes::UsbStick stick;
};

template <class T>
void refused(const base::Result<T>& result, Errc code, std::string_view why) {
    REQUIRE_FALSE(result.has_value());
    CHECK(result.error().code == code);
    CHECK(std::string_view(result.error().where) == why);
}

}  // namespace

TEST_CASE("courier folder: what was written is read back byte by byte") {
    Export world;
    const auto read = courier::read_out(world.stick, own);
    REQUIRE(read);
    CHECK(read->manifest.terminal == own);
    REQUIRE(read->manifest.files.size() == 2);
    CHECK(*courier::read_file(world.stick, {Direction::out, own}, read->manifest.files[0]) ==
          "a withdrawal");
    CHECK(*courier::read_file(world.stick, {Direction::out, own}, read->manifest.files[1]) ==
          "a batch");
    CHECK(courier::is_signed_by(*read, std::vector{world.key.point}));
    const auto stranger = crypto::generate_key(crypto::Curve::p256, world.random);
    CHECK_FALSE(courier::is_signed_by(*read, std::vector{stranger.point}));
    CHECK(courier::is_signed_by(*read, std::vector{stranger.point, world.key.point}));
    CHECK_FALSE(courier::is_signed_by(*read, {}));
}

TEST_CASE("courier folder: a new round takes the old one's files away and nothing else") {
    Export world;
    world.stick.put(out_path + "batch-0002.json.tmp", "half");
    world.stick.put(out_path + "holiday.jpg", "a picture");
    world.stick.put(out_path + "growth.json", "of the other direction");
    courier::FolderWriter writer(world.stick, Direction::out, own);
    REQUIRE(writer.begin());
    CHECK(world.stick.files().size() == 2);
    REQUIRE(writer.finish(world.signed_manifest(own, {})));
    CHECK(world.stick.files().contains(out_path + "holiday.jpg"));
    CHECK(world.stick.files().contains(out_path + "growth.json"));
    CHECK(courier::read_out(world.stick, own)->manifest.files.empty());
}

TEST_CASE("courier folder: a stick that gives back other bytes is found out, and unfinished") {
    Export world;
    for (const std::string name : {"batch-0001.json", "manifest.jws"}) {
        CAPTURE(name);
        world.stick.damage(out_path + name);
        courier::FolderWriter writer(world.stick, Direction::out, own);
        REQUIRE(writer.begin());
        REQUIRE(writer.add({FileKind::batch, 1}, "a batch"));
        const auto finished = writer.finish(world.signed_manifest(own, writer.files()));
        refused(finished, Errc::device_failed, "stick gives back other bytes");
        CHECK_FALSE(world.stick.files().contains(out_path + "manifest.jws"));
    }
}

TEST_CASE("courier folder: whatever was done to an export has its reason") {
    Export world;
    SUBCASE("no manifest: unfinished") {
        REQUIRE(world.stick.remove(out_path + "manifest.jws"));
        refused(courier::read_out(world.stick, own), Errc::stick_bad,
                "stick has nothing finished for this terminal");
    }
    SUBCASE("not a JWS") {
        world.stick.put(out_path + "manifest.jws", "hello");
        refused(courier::read_out(world.stick, own), Errc::stick_bad,
                "courier manifest signature form");
    }
    SUBCASE("beyond its bound") {
        world.stick.put(out_path + "manifest.jws",
                        std::string(limits::courier_manifest_jws_bytes_max + 1, 'a'));
        refused(courier::read_out(world.stick, own), Errc::stick_bad, "stick file is too large");
    }
    SUBCASE("signed for another purpose") {
        world.stick.put(out_path + "manifest.jws", world.signed_manifest(own, {}, seal::typ_head));
        refused(courier::read_out(world.stick, own), Errc::stick_bad,
                "courier manifest signature form");
    }
    SUBCASE("another terminal's in this one's folder") {
        world.stick.put(out_path + "manifest.jws", world.signed_manifest(other, {}));
        refused(courier::read_out(world.stick, own), Errc::stick_bad,
                "courier manifest of another terminal");
    }
    SUBCASE("payload exchanged under its signature") {
        const std::string jws = world.signed_manifest(own, {});
        const std::string longer =
            world.signed_manifest(own, {courier::describe({FileKind::batch, 1}, "something else")});
        const auto dot = [](const std::string& text) { return text.rfind('.'); };
        world.stick.put(out_path + "manifest.jws",
                        longer.substr(0, dot(longer)) + jws.substr(dot(jws)));
        const auto read = courier::read_out(world.stick, own);
        REQUIRE(read);
        CHECK_FALSE(courier::is_signed_by(*read, std::vector{world.key.point}));
    }
}

TEST_CASE("courier folder: a listed file that is not what the manifest says is refused alone") {
    Export world;
    const auto read = courier::read_out(world.stick, own);
    REQUIRE(read);
    const courier::Folder folder{Direction::out, own};
    const auto& batch = read->manifest.files[1];
    SUBCASE("truncated") {
        world.stick.put(out_path + "batch-0001.json", "a bat");
        refused(courier::read_file(world.stick, folder, batch), Errc::stick_bad,
                "stick file is not what its manifest says");
    }
    SUBCASE("longer: not even read") {
        world.stick.put(out_path + "batch-0001.json", "a batch and more");
        refused(courier::read_file(world.stick, folder, batch), Errc::stick_bad,
                "stick file is too large");
    }
    SUBCASE("one bit") {
        world.stick.damage(out_path + "batch-0001.json");
        refused(courier::read_file(world.stick, folder, batch), Errc::stick_bad,
                "stick file is not what its manifest says");
    }
    SUBCASE("exchanged with its neighbour") {
        world.stick.put(out_path + "batch-0001.json", "a withdrawal");
        REQUIRE_FALSE(courier::read_file(world.stick, folder, batch));
    }
    SUBCASE("gone") {
        REQUIRE(world.stick.remove(out_path + "batch-0001.json"));
        refused(courier::read_file(world.stick, folder, batch), Errc::stick_bad,
                "stick lacks a listed file");
    }
    CHECK(courier::read_file(world.stick, folder, read->manifest.files[0]));
    const auto overview = courier::look_at(world.stick);
    REQUIRE(overview);
    REQUIRE(overview->folders.size() == 1);
    REQUIRE(overview->folders[0].problems.size() == 1);
    CHECK(overview->folders[0].problems[0].name == batch.name);
}

TEST_CASE("courier folder: an overview says whose folders there are and in which state") {
    Export world;
    world.write(other);
    REQUIRE(world.stick.remove(courier::folder_of(Direction::out, other) + "/manifest.jws"));
    world.stick.put("freigabe/out/not-a-terminal/batch-0001.json", "x");
    world.stick.put(out_path + "batch-0002.json", "nobody listed this");
    courier::FolderWriter in(world.stick, Direction::in, own);
    REQUIRE(in.add({FileKind::growth, 1}, "growth"));
    courier::InManifest manifest;
    manifest.terminal = own;
    manifest.files = in.files();
    manifest.refused = {{{FileKind::batch, 1}, 409, "gap"}};
    REQUIRE(in.finish(courier::encode(manifest)));

    const auto overview = courier::look_at(world.stick);
    REQUIRE(overview);
    CHECK(overview->foreign == 1);
    CHECK_FALSE(overview->downstream);
    REQUIRE(overview->folders.size() == 3);
    const auto& complete = overview->folders[0];
    CHECK(complete.folder.terminal == own);
    CHECK_FALSE(complete.error);
    CHECK(complete.files == 2);
    CHECK(complete.bytes == 19);
    CHECK(complete.unlisted == 1);
    CHECK(complete.problems.empty());
    CHECK(overview->folders[1].folder.terminal == other);
    CHECK(overview->folders[1].error);
    CHECK(overview->folders[2].folder.direction == Direction::in);
    CHECK(overview->folders[2].refused.size() == 1);
    world.stick.put("freigabe/downstream/manifest.json", "{}");
    CHECK(courier::look_at(world.stick)->downstream);
}

TEST_CASE("courier folder: answers for another terminal are not for this one") {
    Export world;
    courier::InManifest manifest;
    manifest.terminal = other;
    world.stick.put(in_path + "manifest.json", courier::encode(manifest));
    refused(courier::read_in(world.stick, own), Errc::stick_bad,
            "courier manifest of another terminal");
}

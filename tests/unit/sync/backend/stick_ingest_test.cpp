// SPDX-License-Identifier: EUPL-1.2
// A stick at the backend: the same door as HTTPS, the same answers, once by either way or by both;
// and what is not this terminal's, not whole or not for this backend is refused with its reason.
#include "sync/backend/courier/stick_ingest.hpp"

#include <cerrno>

#include "sync/backend/ingest/revocation.hpp"
#include "sync/courier/folder_writer.hpp"
#include "sync/courier/overview.hpp"
#include "sync/seal/jws.hpp"
#include "tests/fakes/usb_stick.hpp"
#include "tests/unit/sync/backend/service_world.hpp"

using base::Errc;
using courier::Direction;
using courier::FileKind;
using courier::FileName;
using test::anna;

namespace {

/// One body on its way.
struct Body {
    FileName name;
    std::string bytes;
};

struct StickWorld : test::ServiceWorld {
    /// Puts bodies down as this terminal's syncd and kiosk do.
    void put(test::Terminal& from, const std::vector<Body>& bodies, std::uint64_t events_after = 0,
             std::uint64_t log_size = 0) {
        courier::FolderWriter writer(stick, Direction::out, from.id);
        REQUIRE(writer.begin());
        for (const Body& body : bodies) REQUIRE(writer.add(body.name, body.bytes));
        courier::OutManifest manifest;
        manifest.terminal = from.id;
        manifest.events_after = events_after;
        manifest.log_size = log_size;
        manifest.files = writer.files();
        REQUIRE(writer.finish(sign(from, manifest)));
    }
    std::string sign(test::Terminal& from, const courier::OutManifest& manifest) {
        seal::PairSigner signer(from.key, random);
        seal::JwsHeader header;
        header.typ = std::string(courier::typ_manifest);
        header.kid = base::to_text(manifest.terminal);
        const auto jws =
            seal::sign_compact(header, base::as_bytes(courier::encode(manifest)), signer);
        REQUIRE(jws);
        return *jws;
    }
    backend::StickReport ingest() {
        const auto report = backend::StickIngest({*store, service}).run(stick);
        REQUIRE(report);
        return *report;
    }
    std::size_t effects() {
        static constexpr backend::Statement find{"SELECT act_leaf FROM effect"};
        return store->run(find, {})->size();
    }
    std::string file_in(const std::string& name) {
        const auto found =
            stick.files().find(courier::folder_of(Direction::in, terminal.id) + "/" + name);
        return found == stick.files().end() ? "" : found->second;
    }
    receipts::Received receipt_in(const std::string& name) {
        const auto parsed = model::parse_json(file_in(name), 100'000);
        REQUIRE(parsed);
        const auto receipt = receipts::verify((*parsed)["receipts"][0].get<std::string>(),
                                              receipt_key.point, terminal.id);
        REQUIRE(receipt);
        return std::get<receipts::Received>(receipt->event);
    }

    fakes::UsbStick stick;
};

FileName batch_name(std::uint32_t n) {
    return {FileKind::batch, n};
}

}  // namespace

TEST_CASE("stick: bodies are taken in and answered as over HTTPS, and twice changes nothing") {
    StickWorld world;
    const auto id = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.story.give(anna, "JBA-01", {"amt-a"}, {"amt-b"}, 30);
    world.story.take_back(anna, id);
    world.put(world.terminal, {{{FileKind::advance, 1}, world.terminal.advance({3})},
                               {batch_name(1), world.terminal.batch(1, 2)},
                               {batch_name(2), world.terminal.batch(3, 3)}});
    for (int round = 0; round < 2; ++round) {
        CAPTURE(round);
        const auto report = world.ingest();
        CHECK(report.whole());
        REQUIRE(report.terminals.size() == 1);
        CHECK(report.terminals[0].taken == 3);
        CHECK(world.counters.records == 3 + 1);  // the copy and its chain entry are one event
        const auto first = world.receipt_in("batch-0001-receipts.json");
        CHECK(first.from == 1);
        CHECK(first.to == 2);
        CHECK(first.records[0].leaf == world.terminal.leaf(1));
        const auto ahead = world.receipt_in("advance-0001-receipts.json");
        CHECK(ahead.lane == receipts::Lane::advance);
        // The withdrawal was first in the log, although it is last on the chain.
        CHECK(ahead.records[0].log_index == 0);
        const auto overview = courier::look_at(world.stick);
        REQUIRE(overview);
        for (const auto& folder : overview->folders) {
            CHECK_FALSE(folder.error);
            CHECK(folder.problems.empty());
        }
    }
    CHECK(world.items("amt-b").size() == 2);
    CHECK(world.send(1, 2).status == 200);  // and then by HTTPS as well
    CHECK(world.counters.records == 4);
}

TEST_CASE("stick: events since the terminal's last one and the log's growth go back") {
    StickWorld world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.put(world.terminal, {{batch_name(1), world.terminal.batch(1, 1)}});
    CHECK(world.ingest().terminals[0].events == 0);
    REQUIRE(world.projector.step());
    const auto item = world.items("amt-b").at(0);
    CHECK(world
              .post("amt-b", "/v1/inbox/" + item["declaration"].get<std::string>() + "/assignment",
                    "{\"file_number\":\"1/26\"}")
              .status == 200);
    const auto told = world.events().size();
    REQUIRE(told > 0);
    world.put(world.terminal, {}, 0, 1);
    CHECK(world.ingest().terminals[0].events == 1);
    const auto page = model::parse_json(world.file_in("events-0001.json"), 100'000);
    REQUIRE(page);
    CHECK(page->at("events").size() == told);
    const auto growth = model::parse_json(world.file_in("growth.json"), 100'000);
    REQUIRE(growth);
    CHECK(growth->at("checkpoint").get<std::string>().starts_with("urn:test\n1\n"));
    world.put(world.terminal, {}, told, 1);
    CHECK(world.ingest().terminals[0].events == 0);
    CHECK(world.file_in("events-0001.json").empty());
}

TEST_CASE("stick: a damaged body and a gap do not keep the others out (I7)") {
    StickWorld world;
    for (int i = 0; i < 4; ++i) world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.put(world.terminal, {{batch_name(1), world.terminal.batch(1, 1)},
                               {batch_name(2), world.terminal.batch(2, 2)},
                               {batch_name(3), world.terminal.batch(3, 4)}});
    world.stick.damage(courier::folder_of(Direction::out, world.terminal.id) + "/batch-0002.json");
    const auto report = world.ingest();
    CHECK_FALSE(report.whole());
    const auto& part = report.terminals.at(0);
    CHECK(part.taken == 1);
    REQUIRE(part.damaged.size() == 1);
    CHECK(part.damaged[0].name == batch_name(2));
    REQUIRE(part.refused.size() == 1);
    CHECK(part.refused[0].status == 409);
    CHECK(part.refused[0].type == "gap");
    const auto manifest = courier::read_in(world.stick, world.terminal.id);
    REQUIRE(manifest);
    CHECK(manifest->refused == part.refused);
    CHECK(world.receipt_in("batch-0001-receipts.json").to == 1);
}

TEST_CASE("stick: what is not signed by this terminal gets neither ear nor answer") {
    StickWorld world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    const std::string body = world.terminal.batch(1, 1);
    const auto refused = [&](Errc code) {
        const auto report = world.ingest();
        REQUIRE(report.terminals.size() == 1);
        REQUIRE(report.terminals[0].error);
        CHECK(report.terminals[0].error->code == code);
        CHECK(world.counters.records == 0);
        for (const auto& [path, bytes] : world.stick.files())
            CHECK_FALSE(path.starts_with("freigabe/in/"));
    };
    SUBCASE("a terminal that is not enrolled here") {
        test::Terminal stranger(9, world.random);
        world.put(stranger, {});
        refused(Errc::peer_not_allowed);
    }
    SUBCASE("another key under this terminal's name") {
        courier::OutManifest manifest;
        manifest.terminal = world.terminal.id;
        test::Terminal stranger(9, world.random);
        world.stick.put(courier::folder_of(Direction::out, world.terminal.id) + "/manifest.jws",
                        world.sign(stranger, manifest));
        refused(Errc::signature_bad);
    }
    SUBCASE("unfinished") {
        world.put(world.terminal, {{batch_name(1), body}});
        REQUIRE(world.stick.remove(courier::folder_of(Direction::out, world.terminal.id) +
                                   "/manifest.jws"));
        refused(Errc::stick_bad);
    }
}

TEST_CASE("stick: of a terminal out of service its withdrawals are kept, and it is told that") {
    StickWorld world;
    const auto given = world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    REQUIRE(world.send(1, 1).status == 200);
    world.story.take_back(anna, given);
    REQUIRE(backend::revoke(*world.store, {world.terminal.id, "lost", world.clock.now_ms}));
    world.put(world.terminal, {{batch_name(2), world.terminal.batch(2, 2)}});
    const auto report = world.ingest();
    const auto& part = report.terminals.at(0);
    CHECK_FALSE(part.error);
    CHECK(part.revoked);
    CHECK_FALSE(report.whole());
    REQUIRE(part.refused.size() == 1);
    CHECK(part.refused[0].type == "terminal-revoked");
    CHECK(world.effects() == 1);
    const auto manifest = courier::read_in(world.stick, world.terminal.id);
    REQUIRE(manifest);
    CHECK(manifest->refused == part.refused);
}

TEST_CASE("stick: another terminal's body on it is refused by the door itself") {
    StickWorld world;
    test::Terminal other(9, world.random);
    test::enrol(*world.store, other);
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.put(other, {{batch_name(1), world.terminal.batch(1, 1)}});
    const auto report = world.ingest();
    REQUIRE(report.terminals.at(0).refused.size() == 1);
    CHECK(report.terminals[0].refused[0].status == 403);
    CHECK(world.counters.records == 0);
}

TEST_CASE(
    "stick: pulled while the answers are written, the records are in and it can be repeated") {
    StickWorld world;
    world.story.give(anna, "JBA-03", {"amt-a"}, {"amt-b"}, 30);
    world.put(world.terminal, {{batch_name(1), world.terminal.batch(1, 1)}});
    world.stick.fail_at({10'000, fakes::UsbStick::Fault::refuse, EIO, false});
    CHECK(world.ingest().whole());
    const unsigned steps = world.stick.changes();
    for (unsigned step = 0; step < steps; ++step) {
        CAPTURE(step);
        world.stick.fail_at({step, fakes::UsbStick::Fault::half, EIO, false});
        const auto report = world.ingest();
        REQUIRE(report.terminals.at(0).error);
        CHECK(report.terminals[0].error->code == Errc::file_io);
        world.stick.pull();
        if (const auto manifest = courier::read_in(world.stick, world.terminal.id)) {
            for (const auto& file : manifest->files)
                CHECK(courier::read_file(world.stick, {Direction::in, world.terminal.id}, file));
        }
        CHECK(world.ingest().whole());
    }
    CHECK(world.counters.records == 1);
    CHECK(world.items("amt-b").size() == 1);
}

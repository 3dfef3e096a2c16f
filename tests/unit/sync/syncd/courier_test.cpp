// SPDX-License-Identifier: EUPL-1.2
// Out and in by stick: every byte that HTTPS would have carried, nothing marked as sent, and
// nothing believed that comes back.
#include "drivers/base/check.hpp"  // before doctest.h, whose CHECK counts in tests

#include <doctest/doctest.h>

#include <cerrno>

#include "sync/model/batch.hpp"
#include "sync/syncd/courier_export.hpp"
#include "sync/syncd/courier_import.hpp"
#include "tests/unit/sync/syncd/courier_world.hpp"

using base::Errc;
using courier::Direction;
using courier::FileKind;
using test::CourierWorld;

namespace {

syncd::Exported exported(CourierWorld& world) {
    const auto done = syncd::export_to(world.stick, world.kiosk, world.world.terminal);
    REQUIRE(done);
    return *done;
}

syncd::Imported imported(CourierWorld& world) {
    const auto done = syncd::import_from(world.stick, world.kiosk, world.world.terminal);
    REQUIRE(done);
    return *done;
}

/// Seven grants and a withdrawal behind them.
void declare_some(CourierWorld& world) {
    for (int i = 0; i < 7; ++i) world.declare(fakes::consent(7));
    world.declare(fakes::withdrawal_of_all(7));
}

}  // namespace

TEST_CASE("courier: an export has the bodies that HTTPS would carry, and is signed") {
    CourierWorld world;
    declare_some(world);
    const auto done = exported(world);
    CHECK(done.files == 4);
    CHECK_FALSE(done.more);
    const auto read = courier::read_out(world.stick, world.world.terminal);
    REQUIRE(read);
    CHECK(courier::is_signed_by(*read, std::vector{world.world.journal_key}));
    CHECK(read->manifest.epoch == 1);
    CHECK(read->manifest.from == 1);
    CHECK(read->manifest.to == 8);
    CHECK(seal::verify_head(read->manifest.head, world.world.journal_key)->key.seq == 8);
    REQUIRE(read->manifest.files.front().name.kind == FileKind::advance);
    const auto& files = world.stick.files();
    CHECK(files.at(world.out_path("advance-0001.json")) == *world.journal.next_advance());
    for (const std::string name : {"batch-0001.json", "batch-0002.json", "batch-0003.json"}) {
        CAPTURE(name);
        CHECK(files.at(world.out_path(name)) == *world.journal.next_batch(3));
        const auto receipt =
            world.world.receipt_for_batch(*world.journal.next_batch(3), 1'764'000'000);
        REQUIRE(world.journal.store_receipt(receipt));
    }
    CHECK(world.journal.next_batch(3)->empty());
}

TEST_CASE("courier: exporting marks nothing as sent, twice gives the same bodies") {
    CourierWorld world;
    declare_some(world);
    const auto before = world.unsent();
    (void)exported(world);
    CHECK(world.unsent() == before);
    const auto first = world.stick.files();
    (void)exported(world);
    CHECK(world.unsent() == before);
    for (const auto& [path, bytes] : world.stick.files()) {
        if (!path.ends_with(".jws")) CHECK(first.at(path) == bytes);
    }
    CHECK(first.size() == world.stick.files().size());
}

TEST_CASE("courier: with nothing unsent it still asks for events and the log") {
    CourierWorld world;
    const auto done = exported(world);
    CHECK(done.files == 0);
    const auto read = courier::read_out(world.stick, world.world.terminal);
    REQUIRE(read);
    CHECK(read->manifest.epoch == 0);
    world.answer();
    CHECK(imported(world).events == 1);
    CHECK(exported(world).files == 0);
    CHECK(courier::read_out(world.stick, world.world.terminal)->manifest.events_after == 1);
    CHECK(courier::read_out(world.stick, world.world.terminal)->manifest.log_size == 2);
}

TEST_CASE("courier: whatever happens to the stick or the kiosk, everything stays unsent") {
    CourierWorld world;
    declare_some(world);
    const auto before = world.unsent();
    world.stick.fail_at({10'000, fakes::UsbStick::Fault::refuse, EIO, false});
    (void)exported(world);
    const unsigned steps = world.stick.changes();
    for (unsigned step = 0; step < steps; ++step) {
        CAPTURE(step);
        fakes::UsbStick fresh(step);
        fresh.fail_at({step, fakes::UsbStick::Fault::half, step % 2 == 0 ? EIO : ENOSPC, false});
        const auto done = syncd::export_to(fresh, world.kiosk, world.world.terminal);
        // A stick without an earlier export needs fewer steps.
        if (done) break;
        CHECK(done.error().code == Errc::file_io);
        CHECK(world.unsent() == before);
        fresh.pull();
        const auto read = courier::read_out(fresh, world.world.terminal);
        if (!read) continue;
        for (const auto& file : read->manifest.files)
            CHECK(courier::read_file(fresh, {Direction::out, world.world.terminal}, file));
    }
    world.kiosk.gone = true;
    const auto done = syncd::export_to(world.stick, world.kiosk, world.world.terminal);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == Errc::network_unreachable);
    CHECK_FALSE(courier::read_out(world.stick, world.world.terminal));
}

TEST_CASE("courier: an export is found again after mounting, and no other one is") {
    CourierWorld world;
    declare_some(world);
    const auto first = exported(world);
    const auto again = syncd::verify_export(world.stick, world.world.terminal, first.manifest);
    REQUIRE(again);
    CHECK(again->files == first.files);
    CHECK(again->bytes == first.bytes);
    world.stick.damage(world.out_path("batch-0002.json"));
    CHECK_FALSE(syncd::verify_export(world.stick, world.world.terminal, first.manifest));
    world.stick.damage("");
    world.declare(fakes::consent(8));
    (void)exported(world);
    const auto other = syncd::verify_export(world.stick, world.world.terminal, first.manifest);
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::stick_bad);
}

TEST_CASE("courier: what comes back acknowledges; the same stick again changes nothing") {
    CourierWorld world;
    declare_some(world);
    (void)exported(world);
    world.answer();
    const auto first = imported(world);
    CHECK(first.files == 6);
    CHECK(first.receipts == 4);
    CHECK(first.events == 1);
    CHECK(first.checkpoint);
    CHECK(first.refused.empty());
    CHECK(world.unsent() == 0);
    const auto status = *world.journal.status();
    const auto second = imported(world);
    CHECK(second.refused.empty());
    CHECK(world.journal.status()->rows == status.rows);
    CHECK(world.journal.status()->observed == status.observed);
    CHECK(world.journal.status()->unsent == 0);
    CHECK(*world.journal.event_cursor() == 1);
}

TEST_CASE("courier: foreign, forged and damaged answers are refused, their neighbours taken") {
    CourierWorld world;
    declare_some(world);
    (void)exported(world);
    world.answer();
    const std::string path = courier::folder_of(Direction::in, world.world.terminal) + "/";
    std::map<std::string, std::string> files = world.stick.files();
    const auto rewrite = [&](const std::string& name, const std::string& bytes) {
        // A manifest that agrees with it: whoever prepares a stick writes that, too.
        courier::FolderWriter in(world.stick, Direction::in, world.world.terminal);
        REQUIRE(in.begin());
        for (const FileKind kind : {FileKind::advance_receipts, FileKind::batch_receipts,
                                    FileKind::events, FileKind::growth}) {
            for (std::uint32_t number = 1; number <= 3; ++number) {
                const std::string each = courier::to_text({kind, number});
                const auto found = files.find(path + each);
                if (found == files.end() || (kind == FileKind::growth && number > 1)) continue;
                REQUIRE(in.add({kind, number}, each == name ? bytes : found->second));
            }
        }
        REQUIRE(
            in.finish(courier::encode(courier::InManifest{world.world.terminal, in.files(), {}})));
    };
    const auto only_refusal = [&](const syncd::Imported& done, const std::string& name) {
        REQUIRE(done.refused.size() == 1);
        CHECK(courier::to_text(done.refused[0].name) == name);
        return done.refused[0].error.code;
    };
    SUBCASE("a receipt of another terminal") {
        fakes::JournalWorld other(2);
        journal::Journal journal = other.open();
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none));
        const auto foreign = other.receipt_for_batch(*journal.next_batch(3), 1'764'000'000);
        rewrite("batch-0002-receipts.json", CourierWorld::receipts_body({foreign}));
        CHECK(only_refusal(imported(world), "batch-0002-receipts.json") == Errc::receipt_bad);
        CHECK(world.unsent() == 3);
    }
    SUBCASE("receipts of another backend") {
        const crypto::KeyPair own = std::exchange(
            world.world.receipt, crypto::generate_key(crypto::Curve::p256, world.world.random));
        world.answer();
        const auto done = imported(world);
        CHECK(done.refused.size() == 6);
        CHECK(done.receipts == 0);
        CHECK(world.unsent() == 8);
    }
    SUBCASE("text that is no token, and a body that is no answer") {
        rewrite("batch-0001-receipts.json", CourierWorld::receipts_body({"no token\n"}));
        CHECK(only_refusal(imported(world), "batch-0001-receipts.json") == Errc::message_bad);
        rewrite("events-0001.json", "[]");
        CHECK(only_refusal(imported(world), "events-0001.json") == Errc::message_bad);
        CHECK(world.unsent() == 0);
    }
    SUBCASE("a bad token before a good one") {
        const std::string body = files.at(path + "batch-0001-receipts.json");
        const auto json = model::parse_json(body, body.size());
        const std::string good = json->at("receipts").at(0).get<std::string>();
        rewrite("batch-0001-receipts.json", CourierWorld::receipts_body({"a.b.c", good}));
        CHECK(only_refusal(imported(world), "batch-0001-receipts.json") == Errc::receipt_bad);
        CHECK(world.unsent() == 0);
    }
    SUBCASE("a bit that turned on the way") {
        world.stick.damage(path + "batch-0003-receipts.json");
        CHECK(only_refusal(imported(world), "batch-0003-receipts.json") == Errc::stick_bad);
        CHECK(world.unsent() == 2);
    }
    SUBCASE("an old checkpoint") {
        CHECK(imported(world).checkpoint);
        const std::string old = files.at(path + "growth.json");
        seal::PairSigner signer(world.world.receipt, world.world.random);
        const auto smaller = receipts::sign_checkpoint({"urn:test", {1, receipts::Hash{9}}},
                                                       world.world.receipt.point, signer);
        rewrite("growth.json",
                model::JsonWriter().text("checkpoint", *smaller).raw("proof", "[]").done());
        CHECK(only_refusal(imported(world), "growth.json") == Errc::sequence_gap);
        CHECK(world.journal.status()->observed == 2);
    }
}

TEST_CASE("courier: without answers for this terminal, or without a kiosk, the import says so") {
    CourierWorld world;
    declare_some(world);
    const auto none = syncd::import_from(world.stick, world.kiosk, world.world.terminal);
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::stick_bad);
    (void)exported(world);
    world.answer();
    world.kiosk.gone = true;
    const auto gone = syncd::import_from(world.stick, world.kiosk, world.world.terminal);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Errc::network_unreachable);
    world.kiosk.gone = false;
    CHECK(imported(world).receipts == 4);
}

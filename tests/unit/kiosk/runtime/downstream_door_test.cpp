// SPDX-License-Identifier: EUPL-1.2
// What comes down about the backend itself, on a real journal: its keys count from their day on,
// and as enrolled again when the list no longer has them.
#include "kiosk/runtime/downstream_door.hpp"

#include "sync/model/batch.hpp"
#include "sync/seal/jwe.hpp"
#include "tests/fakes/journal_world.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

namespace {

using downstream::Kind;
using downstream::Manifest;
using downstream::Target;
using downstream_test::day_ms;
using downstream_test::manifest;
using downstream_test::now_ms;

constexpr std::uint64_t issued_s = now_ms / 1'000;

struct DoorBench : downstream_test::Signers {
    fakes::JournalWorld world;
    journal::Journal journal = world.open();
    crypto::KeyPair views = crypto::generate_key(crypto::Curve::p256, random);
    crypto::KeyPair receipt = crypto::generate_key(crypto::Curve::p256, random);
    std::vector<downstream::BackendFile> told;
    std::unique_ptr<runtime::DownstreamDoor> door;

    DoorBench() { open(); }
    void open() {
        door.reset();
        runtime::DownstreamSettings settings;
        settings.folder = world.folder.path() / "downstream";
        settings.terminal = world.options().terminal;
        settings.enrolled_root = root_file(root());
        settings.trust.views = world.options().views_key;
        settings.trust.receipts = {"receipt-1", world.receipt.point};
        settings.floor_ms = now_ms;
        auto opened = runtime::DownstreamDoor::open(
            std::move(settings), journal,
            {[](const Manifest&) {},
             [this](const downstream::BackendFile& keys) { told.push_back(keys); }});
        REQUIRE(opened);
        door = std::move(*opened);
    }
    [[nodiscard]] std::string backend_file() const {
        return R"({"schema":"freigabe-backend-1","views":)" +
               seal::write_public_jwk({"views-2", views.point}) + R"(,"receipts":[)" +
               seal::write_public_jwk({"", receipt.point}) + "," +
               seal::write_public_jwk({"", world.receipt.point}) + "]}";
    }
    [[nodiscard]] std::string enrolled_file() {
        return R"({"schema":"freigabe-backend-1","views":)" +
               seal::write_public_jwk(world.options().views_key) + R"(,"receipts":[)" +
               seal::write_public_jwk({"", world.receipt.point}) + "]}";
    }
    void bring(const Manifest& list, const std::string& content) {
        REQUIRE(door->offer({outbox::OfferFile::What::manifest, manifest_file(list)}));
        for (const Target& target : list.targets) REQUIRE(door->store({target.digest, 0, content}));
    }
    /// Records something. True if it is sealed to this key.
    bool seals_to(const crypto::KeyPair& key) {
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none));
        const auto body = journal.next_batch(50);
        REQUIRE(body);
        const auto batch = model::parse_batch(*body);
        REQUIRE(batch);
        return seal::open_jwe(batch->records.back().jwe, key, random).has_value();
    }
    /// What is signed by this key; it has its place again afterwards.
    bool believes(crypto::KeyPair& key) {
        std::swap(world.receipt, key);
        const std::string set = world.receipt_for_batch(*journal.next_batch(50), issued_s);
        std::swap(world.receipt, key);
        return journal.store_receipt(set).has_value();
    }
    bool believes_enrolled() {
        return journal.store_receipt(world.receipt_for_batch(*journal.next_batch(50), issued_s))
            .has_value();
    }
};

}  // namespace

TEST_CASE("downstream door: keys of the backend that come down count from the next record on") {
    DoorBench bench;
    REQUIRE(bench.seals_to(bench.world.views));
    CHECK_FALSE(bench.believes(bench.receipt));
    REQUIRE(bench.journal.make_ready());  // an agreement with the key before lies ready
    const std::string file = bench.backend_file();
    bench.bring(manifest(1, {downstream_test::target(Kind::backend, "backend", file)}), file);
    REQUIRE(bench.told.size() == 1);
    CHECK(bench.told[0].views.kid == "views-2");
    CHECK(bench.told[0].receipts.size() == 2);
    CHECK(bench.seals_to(bench.views));
    CHECK(bench.believes(bench.receipt));

    // A start later, from what lies there; and as enrolled once the list has them no more.
    bench.open();
    CHECK(bench.told.size() == 2);
    bench.bring(manifest(2), "");
    REQUIRE(bench.told.size() == 3);
    CHECK(bench.told[2].views.kid == bench.world.options().views_key.kid);
    CHECK(bench.seals_to(bench.world.views));
    CHECK_FALSE(bench.believes(bench.receipt));
    CHECK(bench.believes_enrolled());
}

TEST_CASE("downstream door: keys of a later day wait for it, and what is no key is not taken") {
    DoorBench bench;
    const std::string file = bench.backend_file();
    const std::string today = bench.enrolled_file();
    Target later = downstream_test::target(Kind::backend, "backend", file);
    later.valid_from_ms = now_ms + day_ms;
    const Target now = downstream_test::target(Kind::backend, "backend", today);
    const Manifest both = manifest(1, {now, later});
    REQUIRE(bench.door->offer({outbox::OfferFile::What::manifest, bench.manifest_file(both)}));
    REQUIRE(bench.door->store({now.digest, 0, today}));
    REQUIRE(bench.door->store({later.digest, 0, file}));
    REQUIRE(bench.told.size() == 1);
    CHECK(bench.told[0].receipts.size() == 1);
    CHECK(bench.seals_to(bench.world.views));

    const std::string bad = R"({"schema":"freigabe-backend-1","views":{},"receipts":[]})";
    const Manifest list = manifest(2, {downstream_test::target(Kind::backend, "backend", bad)});
    REQUIRE(bench.door->offer({outbox::OfferFile::What::manifest, bench.manifest_file(list)}));
    CHECK_FALSE(bench.door->store({list.targets[0].digest, 0, bad}));
    CHECK(bench.told.size() == 1);
}

// SPDX-License-Identifier: EUPL-1.2
// The backend exchanges its keys: receipts and checkpoints of the key before and the key after both
// count, and the journal still verifies by itself.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "sync/journal/verify.hpp"
#include "sync/receipts/checkpoint.hpp"

using fakes::JournalWorld;

namespace {

constexpr std::uint64_t issued_s = 1'764'000'100;

std::string checkpoint_by(JournalWorld& world, const crypto::KeyPair& key, std::uint64_t size) {
    seal::PairSigner signer(key, world.random);
    const std::vector<receipts::Hash> leaves(size);
    const auto note = receipts::sign_checkpoint({"urn:test", {size, receipts::tree_hash(leaves)}},
                                                key.point, signer);
    REQUIRE(note.has_value());
    return *note;
}

}  // namespace

TEST_CASE("key exchange: receipts of the old and of the new key count, others do not") {
    JournalWorld world;
    auto strange = crypto::generate_key(crypto::Curve::p256, world.random);
    const crypto::Point old_point = world.receipt.point;
    {
        journal::Journal journal = world.open();
        REQUIRE(journal.append(fakes::consent(7), journal::Slip::none).has_value());
        REQUIRE(journal.store_receipt(world.receipt_for_batch(*journal.next_batch(50), issued_s)));
    }
    world.receipt = crypto::generate_key(crypto::Curve::p256, world.random);
    auto options = world.options();
    options.more_receipt_keys = {old_point};
    {
        journal::Journal journal = world.open(options);
        REQUIRE(journal.append(fakes::consent(8), journal::Slip::none).has_value());
        const std::string body = *journal.next_batch(50);
        std::swap(world.receipt, strange);
        CHECK_FALSE(journal.store_receipt(world.receipt_for_batch(body, issued_s)).has_value());
        std::swap(world.receipt, strange);
        REQUIRE(journal.store_receipt(world.receipt_for_batch(body, issued_s)));
        CHECK(journal.status()->unsent == 0);
    }
    const auto whole = journal::verify_file(world.options().path, world.journal_key);
    REQUIRE(whole.has_value());
    CHECK_FALSE(whole->broken.has_value());
    CHECK(whole->receipts == 2);
}

TEST_CASE("key exchange: a log that signs with keys of its own, and the note for auditors") {
    JournalWorld world;
    const auto before = crypto::generate_key(crypto::Curve::p256, world.random);
    const auto after = crypto::generate_key(crypto::Curve::p256, world.random);
    auto options = world.options();
    options.log_keys = {after.point, before.point};
    std::string note;
    {
        journal::Journal journal = world.open(options);
        REQUIRE(journal.store_checkpoint(checkpoint_by(world, before, 1), {}).has_value());
        CHECK_FALSE(
            journal.store_checkpoint(checkpoint_by(world, world.receipt, 2), {}).has_value());
        note = checkpoint_by(world, after, 2);
        REQUIRE(journal.store_checkpoint(note, {receipts::Hash{}}).has_value());
        CHECK(*journal.log_size() == 2);
    }
    CHECK(journal::held_checkpoint(options.path) == note);
}

TEST_CASE("key exchange: without a checkpoint there is no note") {
    JournalWorld world;
    { const journal::Journal journal = world.open(); }
    CHECK_FALSE(journal::held_checkpoint(world.options().path).has_value());
}

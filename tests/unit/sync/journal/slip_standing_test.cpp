// SPDX-License-Identifier: EUPL-1.2
// What a terminal says of a take-back code before it is used: its own, another one's, a forged one,
// one that was used.
#include "sync/seal/slip_code.hpp"
#include "tests/fakes/journal_world.hpp"

// After the project's headers: both define CHECK, and tests mean doctest's.
#include <doctest/doctest.h>

using fakes::JournalWorld;

namespace {

model::Declaration by_slip(const model::CheckCode& code) {
    model::Declaration back = fakes::withdrawal_of(7, code.declaration);
    back.subject.reset();
    back.person.reset();
    back.assurance = {model::Method::receipt_code, model::Level::none, 0};
    back.slip_hash = code.secret_hash;
    return back;
}

struct Slip {
    std::string jws;
    model::CheckCode code;
};

Slip slip_of(journal::Journal& journal) {
    const auto given = journal.append(fakes::consent(7), journal::Slip::print);
    REQUIRE(given.has_value());
    const auto read = seal::read_take_back(given->take_back_code);
    REQUIRE(read.has_value());
    return {given->check_code, read->code};
}

}  // namespace

TEST_CASE("slip standing: its own slip is known as such, before and after it was used") {
    JournalWorld world;
    auto journal = world.open();
    const Slip slip = slip_of(journal);
    const Slip other = slip_of(journal);
    auto standing = journal.slip_standing(slip.code, slip.jws);
    REQUIRE(standing.has_value());
    CHECK(standing->signed_here);
    CHECK_FALSE(standing->taken_back_here);
    SUBCASE("by the slip") {
        REQUIRE(journal.append(by_slip(slip.code), journal::Slip::none));
    }
    SUBCASE("by the card") {
        REQUIRE(
            journal.append(fakes::withdrawal_of(7, slip.code.declaration), journal::Slip::none));
    }
    CHECK(journal.slip_standing(slip.code, slip.jws)->taken_back_here);
    CHECK_FALSE(journal.slip_standing(other.code, other.jws)->taken_back_here);
}

TEST_CASE("slip standing: an act that another secret made has taken nothing back") {
    JournalWorld world;
    auto journal = world.open();
    const Slip slip = slip_of(journal);
    model::CheckCode wrong = slip.code;
    wrong.secret_hash = model::Digest{1};
    REQUIRE(journal.append(by_slip(wrong), journal::Slip::none));
    model::Declaration note = fakes::withdrawal_of(7, slip.code.declaration);
    note.assurance = {model::Method::provisional, model::Level::none, 0};
    REQUIRE(journal.append(note, journal::Slip::none));
    CHECK_FALSE(journal.slip_standing(slip.code, slip.jws)->taken_back_here);
}

TEST_CASE("slip standing: a slip of another terminal is never refused, also one unheard of") {
    JournalWorld here(1);
    JournalWorld there(2);
    there.terminal = base::make_uuid7(1'764'000'000'000, std::array<std::uint8_t, 10>{9});
    REQUIRE(there.terminal != here.terminal);
    auto journal = here.open();
    auto elsewhere = there.open();
    const Slip slip = slip_of(elsewhere);
    const auto standing = journal.slip_standing(slip.code, slip.jws);
    REQUIRE(standing.has_value());
    CHECK_FALSE(standing->signed_here);
    REQUIRE(journal.append(by_slip(slip.code), journal::Slip::none));
    CHECK(journal.slip_standing(slip.code, slip.jws)->taken_back_here);
}

TEST_CASE("slip standing: whoever signs in this terminal's name without its key is refused") {
    JournalWorld world(1);
    JournalWorld forger(2);
    forger.terminal = world.terminal;
    auto journal = world.open();
    auto forged = forger.open();
    const Slip slip = slip_of(forged);
    const auto standing = journal.slip_standing(slip.code, slip.jws);
    REQUIRE_FALSE(standing.has_value());
    CHECK(standing.error().code == base::Errc::slip_bad);
    // What is looked up must be what was signed.
    const Slip own = slip_of(journal);
    model::CheckCode moved = own.code;
    moved.declaration = slip.code.declaration;
    CHECK_FALSE(journal.slip_standing(moved, own.jws).has_value());
}

TEST_CASE("slip standing: a file without the keys of its first epochs does not judge their slips") {
    JournalWorld before(2);
    JournalWorld after(1);
    before.terminal = after.terminal;
    auto old_file = before.open();
    const Slip slip = slip_of(old_file);
    auto options = after.options();
    options.epoch = 2;
    auto journal = after.open(options);
    const auto standing = journal.slip_standing(slip.code, slip.jws);
    REQUIRE(standing.has_value());
    CHECK_FALSE(standing->signed_here);
}

// SPDX-License-Identifier: EUPL-1.2
// What a holder sees of their own declarations.
#include "tests/fakes/journal_world.hpp"

#include <doctest/doctest.h>

#include "drivers/crypto/digest.hpp"
#include "sync/model/access_request.hpp"
#include "sync/seal/slip_code.hpp"

using fakes::JournalWorld;
using model::AuthorityId;
using model::EntryId;

namespace {

struct Fixture {
    JournalWorld world;
    journal::Journal journal = world.open();

    journal::Appended add(model::Declaration declaration,
                          journal::Slip slip = journal::Slip::none) {
        auto done = journal.append(std::move(declaration), slip);
        REQUIRE(done.has_value());
        return *done;
    }
    /// alive of each part of the oldest declaration of person 7.
    std::vector<bool> alive() {
        const auto releases = journal.my_releases(fakes::pseudonym_of(7));
        REQUIRE(releases.has_value());
        std::vector<bool> out;
        for (const auto& part : releases->back().parts) out.push_back(part.alive);
        return out;
    }
};

}  // namespace

TEST_CASE("releases: only the holder finds their own, newest first") {
    Fixture f;
    const auto first = f.add(fakes::consent(7));
    f.add(fakes::consent(8));
    const auto last = f.add(fakes::consent(7));
    const auto own = f.journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(own->size() == 2);
    CHECK(own->at(0).declaration.id == last.declaration);
    CHECK(own->at(1).declaration.id == first.declaration);
    CHECK(own->at(0).alive());
    CHECK(f.journal.my_releases(fakes::pseudonym_of(9))->empty());
}

TEST_CASE("releases: a withdrawal ends exactly what it is aimed at") {
    Fixture f;
    const auto grant = f.add(fakes::consent(7, {"a", "b"}));
    model::Declaration back = fakes::withdrawal_of_all(7);
    std::vector<bool> expected;
    SUBCASE("one declaration") {
        back.targets = {model::TargetDeclaration{grant.declaration}};
        expected = {false, false};
    }
    SUBCASE("another declaration") {
        back.targets = {model::TargetDeclaration{base::Uuid({1})}};
        expected = {true, true};
    }
    SUBCASE("everything of this person") {
        expected = {false, false};
    }
    SUBCASE("everything of another person") {
        back = fakes::withdrawal_of_all(8);
        expected = {true, true};
    }
    SUBCASE("one recipient") {
        back.targets = {model::TargetRecipient{AuthorityId("b")}};
        expected = {true, false};
    }
    SUBCASE("one entry and recipient") {
        back.targets = {model::TargetEntryRecipient{EntryId("JBA-01"), AuthorityId("a")}};
        expected = {false, true};
    }
    SUBCASE("the same recipient of another entry") {
        back.targets = {model::TargetEntryRecipient{EntryId("JBA-02"), AuthorityId("a")}};
        expected = {true, true};
    }
    f.add(back);
    CHECK(f.alive() == expected);
}

TEST_CASE("releases: a grant after the withdrawal lives") {
    Fixture f;
    f.add(fakes::consent(7));
    f.add(fakes::withdrawal_of_all(7));
    f.add(fakes::consent(7));
    const auto own = f.journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(own->size() == 3);
    CHECK(own->at(0).alive());
    CHECK_FALSE(own->at(2).alive());
}

TEST_CASE("releases: a take-back code ends its own declaration, and no other secret does") {
    Fixture f;
    const auto grant = f.add(fakes::consent(7), journal::Slip::print);
    const auto code = seal::read_take_back(grant.take_back_code);
    REQUIRE(code.has_value());
    model::Declaration back = fakes::withdrawal_of(7, code->code.declaration);
    back.subject.reset();
    back.person.reset();
    back.assurance = {model::Method::receipt_code, model::Level::none, 0};
    back.slip_hash = code->secret_hash;
    SUBCASE("right secret") {
        f.add(back);
        CHECK(f.alive() == std::vector<bool>{false});
    }
    SUBCASE("wrong secret") {
        back.slip_hash = model::Digest{1};
        f.add(back);
        CHECK(f.alive() == std::vector<bool>{true});
    }
}

TEST_CASE("releases: a provisional note suspends and does not end") {
    Fixture f;
    const auto grant = f.add(fakes::consent(7));
    model::Declaration note = fakes::withdrawal_of(7, grant.declaration);
    note.assurance = {model::Method::provisional, model::Level::none, 0};
    note.subject = model::SubjectRef{model::SubjectKind::random, base::Bytes(32, 0xEE)};
    f.add(note);
    const auto own = f.journal.my_releases(fakes::pseudonym_of(7));
    REQUIRE(own->size() == 1);
    CHECK(own->front().parts[0].alive);
    CHECK(own->front().parts[0].suspended);
    CHECK_FALSE(own->front().alive());
}

TEST_CASE("releases: a request for access is no release, and nothing ends it") {
    Fixture f;
    model::Declaration request = fakes::consent(7);
    request.act_type = model::ActType::notice;
    request.entry->id = EntryId(std::string(model::access_request_entry));
    request.selection->sources.clear();
    request.selection->categories.clear();
    request.selection->to.reset();
    const auto asked = f.add(request, journal::Slip::print);
    CHECK_FALSE(asked.check_code.empty());
    f.add(fakes::withdrawal_of_all(7));
    f.add(fakes::withdrawal_of(7, asked.declaration));
    CHECK(f.alive() == std::vector<bool>{true});
}

TEST_CASE("releases: an objection is ended by its own withdrawal only") {
    Fixture f;
    model::Declaration objection = fakes::consent(7);
    objection.act_type = model::ActType::objection;
    objection.entry->id = EntryId("JBA-20");
    const auto objected = f.add(objection);
    f.add(fakes::withdrawal_of_all(7));
    CHECK(f.alive() == std::vector<bool>{true});
    model::Declaration end = fakes::withdrawal_of(7, objected.declaration);
    end.act_type = model::ActType::objection;
    f.add(end);
    CHECK(f.alive() == std::vector<bool>{false});
}

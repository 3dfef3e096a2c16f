// SPDX-License-Identifier: EUPL-1.2
// The protective-act rule as tables: each target, each order, epochs, slips, objections. The
// property that the state does not depend on the order of events is in apply_test.cpp, where a
// database really receives them in every order.
#include "sync/backend/ingest/rule.hpp"

#include <doctest/doctest.h>

using backend::Act;
using backend::Effect;
using backend::Lineage;
using backend::Part;
using backend::Place;
using backend::RecordKind;
using backend::Tag;
using backend::TargetKind;

namespace {

base::Uuid uuid(std::uint8_t number) {
    std::array<std::uint8_t, 16> bytes{};
    bytes[15] = number;
    return base::Uuid(bytes);
}
Tag tag(std::uint8_t number) {
    Tag value{};
    value[31] = number;
    return value;
}

constexpr std::uint8_t terminal_a = 1;
constexpr std::uint8_t terminal_b = 2;

Part grant() {
    Part part;
    part.place = {uuid(terminal_a), 1, 5};
    part.declaration = model::declaration_value(uuid(77));
    part.tag_s = tag(1);
    part.tag_sr = tag(2);
    part.tag_er = tag(3);
    part.slip_hash = tag(9);
    part.observed = 40;
    return part;
}
Act withdrawal(TargetKind kind, const Tag& target) {
    Act act;
    act.place = {uuid(terminal_b), 1, 1};
    act.target_kind = kind;
    act.target = target;
    act.tag_s = tag(1);
    return act;
}

}  // namespace

TEST_CASE("rule: a withdrawal reaches exactly the parts that its target names") {
    struct Row {
        TargetKind kind;
        Tag target;
        Effect expected;
    };
    const Row rows[] = {
        {TargetKind::declaration, model::declaration_value(uuid(77)), Effect::ends},
        {TargetKind::declaration, model::declaration_value(uuid(78)), Effect::none},
        {TargetKind::subject, tag(1), Effect::ends},
        {TargetKind::subject, tag(2), Effect::none},
        {TargetKind::recipient, tag(2), Effect::ends},
        {TargetKind::recipient, tag(1), Effect::none},
        {TargetKind::entry_recipient, tag(3), Effect::ends},
        {TargetKind::entry_recipient, tag(2), Effect::none},
    };
    for (const Row& row : rows) {
        CHECK(effect_of(withdrawal(row.kind, row.target), grant(), {}) == row.expected);
    }
}

TEST_CASE("rule: a grant lives only if the withdrawal was known to its terminal") {
    struct Row {
        std::optional<std::uint64_t> index;
        std::uint64_t observed;
        Effect expected;
    };
    const Row rows[] = {
        {39, 40, Effect::none},
        {40, 40, Effect::ends},
        {41, 40, Effect::ends},
        {0, 0, Effect::ends},
        {0, 1, Effect::none},
        {std::nullopt, 40, Effect::ends},
        {std::nullopt, 0, Effect::ends},
    };
    for (const Row& row : rows) {
        Act act = withdrawal(TargetKind::subject, tag(1));
        act.log_index = row.index;
        Part part = grant();
        part.observed = row.observed;
        CHECK(effect_of(act, part, {}) == row.expected);
    }
}

TEST_CASE("rule: on one chain only a later withdrawal ends a grant") {
    struct Row {
        std::uint64_t seq;
        Effect expected;
    };
    for (const Row& row : {Row{1, Effect::none}, Row{4, Effect::none}, Row{6, Effect::ends}}) {
        Act act = withdrawal(TargetKind::subject, tag(1));
        act.place = {uuid(terminal_a), 1, row.seq};
        act.log_index = 90;
        CHECK(effect_of(act, grant(), {}) == row.expected);
        // A quarantined record is on no chain, so only the log could put it first.
        act.on_chain = false;
        CHECK(effect_of(act, grant(), {}) == Effect::ends);
    }
}

TEST_CASE("rule: an epoch is the same chain only up to the head that the next one names") {
    const Lineage lineage = {{2, 1, 10}, {3, 2, 4}};
    struct Row {
        std::uint32_t epoch;
        std::uint64_t seq;
        bool before;
    };
    const Row rows[] = {{1, 9, true},  {1, 10, true}, {1, 11, false}, {2, 4, true},
                        {2, 5, false}, {3, 4, true},  {3, 5, false},  {4, 1, false}};
    for (const Row& row : rows) {
        const Place first{uuid(terminal_a), row.epoch, row.seq};
        const Place second{uuid(terminal_a), 3, 5};
        CHECK(before_on_chain(first, second, lineage) == row.before);
    }
    CHECK_FALSE(backend::before_on_chain({uuid(terminal_a), 1, 1}, {uuid(terminal_a), 2, 9}, {}));
    CHECK_FALSE(
        backend::before_on_chain({uuid(terminal_b), 3, 1}, {uuid(terminal_a), 3, 5}, lineage));
}

TEST_CASE("rule: a slip ends its own declaration and no other, whenever it arrives") {
    Act slip = withdrawal(TargetKind::declaration, model::declaration_value(uuid(77)));
    slip.tag_s = Tag{};
    slip.slip_hash = tag(9);
    CHECK(effect_of(slip, grant(), {}) == Effect::ends);
    slip.log_index = 3;  // in the log long before the grant: blind revocation
    CHECK(effect_of(slip, grant(), {}) == Effect::ends);
    slip.slip_hash = tag(8);
    CHECK(effect_of(slip, grant(), {}) == Effect::none);
    Part no_slip = grant();
    no_slip.slip_hash = Tag{};
    slip.slip_hash = Tag{};
    CHECK(effect_of(slip, no_slip, {}) == Effect::none);
}

TEST_CASE("rule: an empty tag addresses nobody") {
    Part part = grant();
    part.tag_s = part.tag_sr = part.tag_er = Tag{};
    for (const TargetKind kind :
         {TargetKind::subject, TargetKind::recipient, TargetKind::entry_recipient}) {
        CHECK(effect_of(withdrawal(kind, Tag{}), part, {}) == Effect::none);
    }
}

TEST_CASE("rule: an objection beats its own withdrawal unless that one had seen it") {
    Part objection = grant();
    objection.kind = RecordKind::objection;
    objection.log_index = 20;
    Act end = withdrawal(TargetKind::entry_recipient, tag(3));
    CHECK_MESSAGE(effect_of(end, objection, {}) == Effect::none,
                  "taking back releases leaves objections alone");
    end.kind = RecordKind::objection_withdrawn;
    end.observed = 20;
    CHECK(effect_of(end, objection, {}) == Effect::none);
    end.observed = 21;
    CHECK(effect_of(end, objection, {}) == Effect::ends);
    end.observed = 0;
    end.place = {uuid(terminal_a), 1, 6};
    CHECK(effect_of(end, objection, {}) == Effect::ends);
    end.place.seq = 4;
    CHECK(effect_of(end, objection, {}) == Effect::none);
    CHECK_MESSAGE(effect_of(end, grant(), {}) == Effect::none, "ending an objection ends no grant");
}

TEST_CASE(
    "rule: a provisional note suspends, an objection with targets ends, a notice does nothing") {
    Act act = withdrawal(TargetKind::subject, tag(1));
    act.kind = RecordKind::provisional_withdrawal;
    CHECK(effect_of(act, grant(), {}) == Effect::suspends);
    act.kind = RecordKind::objection;
    CHECK(effect_of(act, grant(), {}) == Effect::ends);
    for (const RecordKind kind : {RecordKind::notice, RecordKind::grant, RecordKind::decision}) {
        act.kind = kind;
        CHECK(effect_of(act, grant(), {}) == Effect::none);
    }
    Part decision = grant();
    decision.kind = RecordKind::decision;
    act.kind = RecordKind::withdrawal;
    CHECK(effect_of(act, decision, {}) == Effect::ends);
}

TEST_CASE(
    "rule: an act at two places is one act: its lowest index counts, and either place excuses") {
    const Lineage lineage{{2, 1, 3}, {4, 1, 3}};
    Part part = grant();
    part.place = {uuid(terminal_a), 4, 2};
    Act first = withdrawal(TargetKind::subject, tag(1));
    first.place = {uuid(terminal_a), 2, 1};
    Act second = first;
    second.place = {uuid(terminal_a), 4, 3};  // behind the grant: excuses nothing
    const auto effect = [&] {
        const Act places[] = {first, second};
        return backend::effect_of(places, part, lineage);
    };
    CHECK(effect() == Effect::ends);
    second.log_index = 40;  // what the grant's terminal had not verified
    CHECK(effect() == Effect::ends);
    first.log_index = 39;
    CHECK(effect() == Effect::none);
    first.log_index.reset();
    second.place.seq = 1;
    CHECK(effect() == Effect::none);
    second.on_chain = false;
    CHECK(effect() == Effect::ends);
}

TEST_CASE("rule: the end of an objection that had seen it at one of its places has seen it") {
    Part part = grant();
    part.kind = RecordKind::objection;
    part.place = {uuid(terminal_a), 2, 1};
    Act first = withdrawal(TargetKind::subject, tag(1));
    first.kind = RecordKind::objection_withdrawn;
    first.place = {uuid(terminal_a), 1, 9};
    Act second = first;
    second.place = {uuid(terminal_a), 2, 2};
    const Act places[] = {first, second};
    CHECK(backend::effect_of(places, part, {}) == Effect::ends);
    CHECK(backend::effect_of(std::span(places).first(1), part, {}) == Effect::none);
}

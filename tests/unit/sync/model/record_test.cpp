// SPDX-License-Identifier: EUPL-1.2
// Headers and scopes: layout, bounds, one encoding per value.
#include "sync/model/record.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/base/limits.hpp"

using model::Kind;

namespace {

model::Header header() {
    model::Header h;
    h.key = {base::Uuid({0xAA}), 0x01020304, 0x05};
    h.prev = {0xBB};
    h.jwe_sha256 = {0xCC};
    h.scopes_sha256 = {0xDD};
    h.kind = Kind::withdrawal;
    h.observed = 0x0102;
    h.time = {0x1111, 0x2222, model::TimeQuality::floor};
    return h;
}

model::Scopes scopes() {
    model::Scopes s;
    s.declaration = base::Uuid({1});
    s.tag_s = {2};
    s.parts = {{{3}, {4}}, {{5}, {6}}};
    s.targets = {{model::TargetKind::declaration, model::declaration_value(base::Uuid({7}))},
                 {model::TargetKind::entry_recipient, {8}}};
    s.slip_hash = {9};
    return s;
}

}  // namespace

TEST_CASE("header: 151 bytes in the drawn order") {
    const std::string hex = base::to_hex(model::encode(header()));
    const std::string zeros(62, '0');
    CHECK(hex == "01aa" + std::string(30, '0') + "01020304" + "0000000000000005" + "bb" + zeros +
                     "cc" + zeros + "dd" + zeros + "02" + "0000000000000102" + "0000000000001111" +
                     "0000000000002222" + "02");
    CHECK(*model::parse_header(model::encode(header())) == header());
}

TEST_CASE("header: each byte that does not fit is refused") {
    const base::Bytes good = model::encode(header());
    const auto refused = [&](std::size_t at, std::uint8_t value) {
        base::Bytes bytes = good;
        bytes[at] = value;
        const auto parsed = model::parse_header(bytes);
        return !parsed.has_value() && parsed.error().code == base::Errc::record_bad;
    };
    CHECK(refused(0, 0));
    CHECK(refused(0, 2));
    CHECK(refused(28, 0));     // seq 0
    CHECK(refused(21, 0x80));  // seq beyond 63 bits
    CHECK(refused(125, 0));
    CHECK(refused(125, 8));
    CHECK(refused(126, 0x80));
    CHECK(refused(134, 1));  // a wall clock after the year 9999
    CHECK(refused(142, 1));
    CHECK(refused(150, 3));
    for (const std::size_t size : {0U, 1U, 150U, 152U}) {
        base::Bytes bytes = good;
        bytes.resize(size);
        CHECK_FALSE(model::parse_header(bytes).has_value());
    }
    base::Bytes no_epoch = good;
    for (std::size_t at = 17; at < 21; ++at) no_epoch[at] = 0;
    CHECK_FALSE(model::parse_header(no_epoch).has_value());
    for (std::uint8_t kind = 1; kind <= 7; ++kind) CHECK_FALSE(refused(125, kind));
}

TEST_CASE("scopes: both ways, every length checked") {
    const base::Bytes good = model::encode(scopes());
    CHECK(good.size() == 83 + 2 * 64 + 2 * 33);
    CHECK(*model::parse_scopes(good) == scopes());
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(model::parse_scopes(base::ByteView(good).first(size)).has_value());
    }
    base::Bytes longer = good;
    longer.push_back(0);
    CHECK_FALSE(model::parse_scopes(longer).has_value());
    const model::Scopes empty{};
    CHECK(*model::parse_scopes(model::encode(empty)) == empty);
}

TEST_CASE("scopes: bounds and target forms") {
    model::Scopes s = scopes();
    s.parts.assign(limits::recipients_max, {});
    s.targets.assign(limits::targets_max, {model::TargetKind::subject, {1}});
    base::Bytes bytes = model::encode(s);
    CHECK(*model::parse_scopes(bytes) == s);
    bytes[49] = static_cast<std::uint8_t>(limits::recipients_max + 1);
    CHECK_FALSE(model::parse_scopes(bytes).has_value());
    const base::Bytes good = model::encode(scopes());
    const std::size_t first_target = 50 + 2 * 64 + 1;
    for (const unsigned kind : {0U, 5U, 255U}) {
        base::Bytes changed = good;
        changed[first_target] = static_cast<std::uint8_t>(kind);
        CHECK_FALSE(model::parse_scopes(changed).has_value());
    }
    base::Bytes tail = good;
    tail[first_target + 32] = 1;  // a byte behind the declaration id
    CHECK_FALSE(model::parse_scopes(tail).has_value());
    tail[first_target] = 2;  // a tag may have it
    CHECK(model::parse_scopes(tail).has_value());
}

TEST_CASE("record: kinds, and which of them protect") {
    model::Declaration d;
    using model::ActType;
    using model::Event;
    struct Row {
        ActType act;
        Event event;
        Kind kind;
        bool protective;
    };
    for (const Row& row :
         {Row{ActType::consent, Event::given, Kind::grant, false},
          Row{ActType::consent, Event::withdrawn, Kind::withdrawal, true},
          Row{ActType::confidentiality_release, Event::given, Kind::grant, false},
          Row{ActType::objection, Event::given, Kind::objection, true},
          Row{ActType::objection, Event::withdrawn, Kind::objection_withdrawn, false},
          Row{ActType::once_only_decision, Event::given, Kind::decision, false},
          Row{ActType::once_only_decision, Event::withdrawn, Kind::withdrawal, true},
          Row{ActType::notice, Event::given, Kind::notice, false}}) {
        d.act_type = row.act;
        d.event = row.event;
        CHECK(model::kind_of(d) == row.kind);
        CHECK(model::is_protective(row.kind) == row.protective);
    }
    d.act_type = ActType::consent;
    d.event = Event::withdrawn;
    d.assurance.method = model::Method::provisional;
    CHECK(model::kind_of(d) == Kind::provisional_withdrawal);
    CHECK(model::is_protective(Kind::provisional_withdrawal));
    CHECK(model::word(Kind::notice) == "notice");
}

// SPDX-License-Identifier: EUPL-1.2
// The manifest: one list, rising, expiring, with dates. Each attack of TUF that a list can meet.
// I14.
#include "sync/downstream/manifest.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

using base::Errc;
using downstream::Kind;
using downstream::Manifest;
using downstream::ManifestSeen;
using downstream::Target;
using downstream_test::day_ms;
using downstream_test::now_ms;
using downstream_test::Signers;
using downstream_test::target;

namespace {

const base::Uuid here{{1}};
const base::Uuid elsewhere{{2}};

struct Fixture : Signers {
    downstream::Root first = root();

    Errc refusal(const std::string& file, const ManifestSeen& seen = {},
                 std::uint64_t floor_ms = now_ms) {
        const auto verified = downstream::verify_manifest(file, first, seen, floor_ms);
        return verified ? Errc{} : verified.error().code;
    }
};

bool parses(const Manifest& manifest) {
    const std::string text = downstream::write_manifest(manifest);
    return downstream::parse_manifest(base::as_bytes(text)).has_value();
}

ManifestSeen seen_of(const Manifest& manifest) {
    return {manifest.version, crypto::sha256(base::as_bytes(downstream::write_manifest(manifest)))};
}

std::string names(const std::vector<Target>& targets) {
    std::string out;
    for (const Target& each : targets) out += each.name + " ";
    return out;
}

}  // namespace

TEST_CASE_FIXTURE(Fixture, "manifest: what was written and signed comes back") {
    Manifest made = downstream_test::manifest(
        7, {target(Kind::catalogue, "c.jws", "c"), target(Kind::block_list, "b", "b")});
    made.targets[0].terminal = here;
    made.targets[1].deltas = {
        {crypto::sha256(base::as_bytes("old")), 9, crypto::sha256(base::as_bytes("delta"))}};
    const auto read = downstream::verify_manifest(manifest_file(made), first, {}, now_ms);
    REQUIRE(read.has_value());
    CHECK(downstream::write_manifest(*read) == downstream::write_manifest(made));
    CHECK(read->targets[0].terminal == here);
    CHECK(read->targets[1].deltas[0].length == 9);
}

TEST_CASE_FIXTURE(Fixture, "manifest: two of three keys, and those of the manifest") {
    const std::string bare = downstream::write_manifest(downstream_test::manifest(1));
    CHECK(refusal(sign(bare, downstream::role_manifest, manifest_keys, {1, 2})) == Errc{});
    CHECK(refusal(sign(bare, downstream::role_manifest, manifest_keys, {1})) ==
          Errc::manifest_untrusted);
    CHECK(refusal(sign(bare, downstream::role_manifest, root_keys, {0, 1, 2})) ==
          Errc::manifest_untrusted);
    CHECK(refusal(sign(bare, downstream::role_root, manifest_keys, {0, 1})) ==
          Errc::manifest_untrusted);
}

TEST_CASE_FIXTURE(Fixture, "attack: changing any byte of a signed manifest") {
    const std::string whole =
        manifest_file(downstream_test::manifest(1, {target(Kind::catalogue, "c.jws", "c")}));
    for (std::size_t at = 0; at < whole.size(); at += 11) {
        std::string changed = whole;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        CHECK(refusal(changed) != Errc{});
    }
}

TEST_CASE_FIXTURE(Fixture, "attack: rollback to an older list, or another of the same number") {
    const Manifest old = downstream_test::manifest(4);
    const Manifest seen = downstream_test::manifest(5);
    CHECK(refusal(manifest_file(old), seen_of(seen)) == Errc::manifest_rollback);
    CHECK(refusal(manifest_file(downstream_test::manifest(6)), seen_of(seen)) == Errc{});
    // The same list again is no attack, even with other signatures.
    CHECK(refusal(manifest_file(seen), seen_of(seen)) == Errc{});
    CHECK(refusal(sign(downstream::write_manifest(seen), downstream::role_manifest, manifest_keys,
                       {2, 1, 0}),
                  seen_of(seen)) == Errc{});
    const Manifest twin = downstream_test::manifest(5, {target(Kind::csca, "x", "x")});
    CHECK(refusal(manifest_file(twin), seen_of(seen)) == Errc::manifest_rollback);
}

TEST_CASE_FIXTURE(Fixture, "attack: freeze, by the time floor and by nothing else") {
    const Manifest made = downstream_test::manifest(1);
    const std::string file = manifest_file(made);
    CHECK(refusal(file, {}, made.expires_ms - 1) == Errc{});
    CHECK(refusal(file, {}, made.expires_ms) == Errc::manifest_expired);
    first.expires_ms = now_ms + 5;
    CHECK(refusal(file, {}, now_ms + 4) == Errc{});
    CHECK(refusal(file, {}, now_ms + 5) == Errc::manifest_expired);
}

TEST_CASE_FIXTURE(Fixture, "attack: a list that does not end, deep or with a member twice") {
    const std::string bare = downstream::write_manifest(downstream_test::manifest(1));
    const auto code = [&](const std::string& text) {
        return refusal(sign(text, downstream::role_manifest, manifest_keys, {0, 1}));
    };
    CHECK(code(bare) == Errc{});
    std::string doubled = bare;
    doubled.insert(1, "\"version\":1,");
    CHECK(code(doubled) == Errc::manifest_bad);
    std::string foreign = bare;
    foreign.insert(1, "\"more\":1,");
    CHECK(code(foreign) == Errc::manifest_bad);
    std::string long_file = manifest_file(downstream_test::manifest(1));
    long_file.insert(long_file.size() - 1, std::string(limits::manifest_file_bytes_max, ' '));
    CHECK(refusal(long_file) == Errc::manifest_bad);
}

TEST_CASE("manifest: bounds of a target") {
    const auto with = [](auto change) {
        Manifest made = downstream_test::manifest(1, {target(Kind::catalogue, "c.jws", "c")});
        change(made.targets[0]);
        return parses(made);
    };
    CHECK(with([](Target&) {}));
    for (const char* name : {"a", "catalogue-1.2.jws", "a_b", "0"}) {
        CHECK(with([&](Target& t) { t.name = name; }));
    }
    for (const char* name : {"", ".", "..", ".hidden", "a/b", "A", "a b", "\xC3\xA4", "a\\b"}) {
        CHECK_FALSE(with([&](Target& t) { t.name = name; }));
    }
    CHECK(with([](Target& t) { t.name = std::string(64, 'a'); }));
    CHECK_FALSE(with([](Target& t) { t.name = std::string(65, 'a'); }));
    CHECK_FALSE(with([](Target& t) { t.length = 0; }));
    CHECK(with([](Target& t) { t.length = limits::catalogue_target_bytes_max; }));
    CHECK_FALSE(with([](Target& t) { t.length = limits::catalogue_target_bytes_max + 1; }));
    CHECK_FALSE(with([](Target& t) { t.valid_from_ms = now_ms; }));  // nothing until then
    CHECK_FALSE(with([](Target& t) { t.deltas = {{{}, 1, {}}}; }));  // a catalogue has none
}

TEST_CASE("manifest: how many targets there may be") {
    Manifest made = downstream_test::manifest(1);
    for (std::size_t i = 0; i < limits::manifest_targets_max; ++i) {
        made.targets.push_back(target(Kind::csca, "c" + std::to_string(i), "c"));
    }
    CHECK(parses(made));
    made.targets.push_back(target(Kind::csca, "one-more", "c"));
    CHECK_FALSE(parses(made));
}

TEST_CASE("attack: files that together are more than a terminal has room for") {
    Manifest made = downstream_test::manifest(1);
    for (std::size_t i = 0; i < limits::target_dates_max; ++i) {
        made.targets.push_back(target(Kind::block_list, "b" + std::to_string(i), "b"));
        made.targets.back().valid_from_ms = i * day_ms;
    }
    CHECK(parses(made));
    for (Target& each : made.targets) each.length = limits::block_list_target_bytes_max;
    CHECK_FALSE(parses(made));
}

TEST_CASE("manifest: a kind of tomorrow is passed over") {
    const std::string text =
        R"({"schema":"freigabe-manifest-1","version":1,"issued_ms":1,"expires_ms":2,"targets":[)"
        R"({"kind":"voices","name":"x","anything":[1,2,{"a":null}]}]})";
    const auto read = downstream::parse_manifest(base::as_bytes(text));
    REQUIRE(read.has_value());
    CHECK(read->targets.empty());
}

TEST_CASE("manifest: each place has one file now, and what comes has a date of its own") {
    const auto dated = [](std::string name, std::uint64_t from_ms) {
        Target out = target(Kind::catalogue, std::move(name), "c");
        out.valid_from_ms = from_ms;
        return out;
    };
    CHECK(parses(downstream_test::manifest(1, {dated("a", 0), dated("b", 5)})));
    CHECK_FALSE(parses(downstream_test::manifest(1, {dated("a", 0), dated("b", 0)})));
    CHECK_FALSE(
        parses(downstream_test::manifest(1, {dated("a", 0), dated("b", 5), dated("c", 5)})));
    CHECK_FALSE(parses(downstream_test::manifest(1, {dated("b", 5)})));
    CHECK_FALSE(parses(downstream_test::manifest(
        1, {dated("a", 0), dated("b", 1), dated("c", 2), dated("d", 3), dated("e", 4)})));
    // Certificates of two names are two places.
    CHECK(parses(downstream_test::manifest(
        1, {target(Kind::csca, "a", "1"), target(Kind::csca, "b", "2")})));
    CHECK_FALSE(parses(downstream_test::manifest(
        1, {target(Kind::csca, "a", "1"), target(Kind::csca, "a", "2")})));
}

TEST_CASE("manifest: what is in force changes at its date and for its terminal") {
    Manifest made = downstream_test::manifest(
        1, {target(Kind::catalogue, "now", "1"), target(Kind::catalogue, "later", "2"),
            target(Kind::csca, "csca", "3"), target(Kind::configuration, "all", "4"),
            target(Kind::configuration, "mine", "5")});
    made.targets[1].valid_from_ms = now_ms;
    made.targets[4].terminal = here;
    REQUIRE(parses(made));
    CHECK(names(downstream::in_force(made, here, 0)) == "now csca mine ");
    CHECK(names(downstream::in_force(made, here, now_ms - 1)) == "now csca mine ");
    CHECK(names(downstream::in_force(made, here, now_ms)) == "later csca mine ");
    CHECK(names(downstream::in_force(made, elsewhere, now_ms)) == "later csca all ");
    CHECK(downstream::targets_for(made, here).size() == 5);
    CHECK(downstream::targets_for(made, elsewhere).size() == 4);
    CHECK(downstream::next_change_ms(made, now_ms - 1) == now_ms);
    CHECK_FALSE(downstream::next_change_ms(made, now_ms).has_value());
}

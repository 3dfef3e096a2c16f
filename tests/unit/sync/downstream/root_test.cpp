// SPDX-License-Identifier: EUPL-1.2
// The root: thresholds, rotation by old and new keys, no step left out. I14.
#include "sync/downstream/root.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "tests/unit/sync/downstream/signers.hpp"

using base::Errc;
using downstream_test::Keys;
using downstream_test::Signers;

namespace {

struct Fixture : Signers {
    downstream::Root first = root();

    std::string next_file(const downstream::Root& next, const Keys& new_keys,
                          std::initializer_list<std::size_t> old_who,
                          std::initializer_list<std::size_t> new_who) {
        const std::string by_old =
            sign(downstream::write_root(next), downstream::role_root, root_keys, old_who);
        return sign(by_old, downstream::role_root, new_keys, new_who);
    }
    Errc refusal(const std::string& file) {
        const auto followed = downstream::follow_root(first, file);
        return followed ? Errc{} : followed.error().code;
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "root: what was written and signed comes back") {
    const auto opened = downstream::open_root(root_file(first));
    REQUIRE(opened.has_value());
    CHECK(opened->version == 1);
    CHECK(opened->expires_ms == first.expires_ms);
    CHECK(downstream::same_keys(opened->root, first.root));
    CHECK(downstream::same_keys(opened->manifest, first.manifest));
    CHECK_FALSE(downstream::same_keys(opened->manifest, first.root));
}

TEST_CASE_FIXTURE(Fixture, "root: two of its own three keys must have signed it") {
    const std::string bare = downstream::write_root(first);
    const auto code = [&](const std::string& file) {
        const auto opened = downstream::open_root(file);
        return opened ? Errc{} : opened.error().code;
    };
    CHECK(code(sign(bare, downstream::role_root, root_keys, {0})) == Errc::manifest_untrusted);
    CHECK(code(sign(bare, downstream::role_root, root_keys, {0, 1})) == Errc{});
    CHECK(code(sign(bare, downstream::role_root, root_keys, {2, 1, 0})) == Errc{});
    CHECK(code(bare) == Errc::manifest_bad);
    CHECK(code("") == Errc::manifest_bad);
    // Signatures made for a manifest are none for a root, whoever made them.
    CHECK(code(sign(bare, downstream::role_manifest, root_keys, {0, 1})) ==
          Errc::manifest_untrusted);
    CHECK(code(sign(bare, downstream::role_root, manifest_keys, {0, 1})) ==
          Errc::manifest_untrusted);
}

TEST_CASE_FIXTURE(Fixture, "attack: one key that signs twice is one key") {
    const std::string bare = downstream::write_root(first);
    const std::string once = sign(bare, downstream::role_root, root_keys, {0});
    // The tool refuses to; so the attacker copies the signature by hand, and makes a second one.
    CHECK(sign(once, downstream::role_root, root_keys, {0}).empty());
    const std::string other = sign(bare, downstream::role_root, root_keys, {0});
    const auto signature = [](const std::string& file) {
        const std::size_t from = file.find("[{") + 1;
        return file.substr(from, file.rfind(']') - from);
    };
    for (const std::string& second : {signature(once), signature(other)}) {
        std::string doubled = once;
        doubled.insert(doubled.rfind(']'), "," + second);
        const auto opened = downstream::open_root(doubled);
        REQUIRE_FALSE(opened.has_value());
        CHECK(opened.error().code == Errc::manifest_untrusted);
        CHECK(opened.error().detail == 1);
    }
}

TEST_CASE_FIXTURE(Fixture, "root: the next one needs enough old keys and enough new keys") {
    const Keys fresh = make_keys(3);
    downstream::Root next = root(2);
    next.root = role_of(fresh, downstream::role_root);
    CHECK(refusal(next_file(next, fresh, {0, 1}, {0, 1})) == Errc{});
    CHECK(refusal(next_file(next, fresh, {0, 1}, {2})) == Errc::manifest_untrusted);
    CHECK(refusal(next_file(next, fresh, {1}, {0, 1, 2})) == Errc::manifest_untrusted);
    CHECK(refusal(next_file(next, fresh, {}, {0, 1, 2})) == Errc::manifest_untrusted);
    CHECK(refusal(next_file(next, fresh, {0, 1, 2}, {})) == Errc::manifest_untrusted);
}

TEST_CASE_FIXTURE(Fixture, "root: who stays signs once for both") {
    Keys fresh = make_keys(1);
    downstream::Root next = root(2);
    next.root.keys[2] = role_of(fresh, downstream::role_root).keys[0];
    CHECK(refusal(next_file(next, fresh, {0, 1}, {})) == Errc{});
    CHECK(refusal(next_file(next, fresh, {0}, {0})) == Errc::manifest_untrusted);
}

TEST_CASE_FIXTURE(Fixture, "attack: a root of another number is no successor") {
    for (const std::uint64_t version :
         {std::uint64_t{1}, std::uint64_t{3}, static_cast<std::uint64_t>(INT64_MAX)}) {
        CHECK(refusal(root_file(root(version))) == Errc::manifest_rollback);
    }
    CHECK(refusal(root_file(root(2))) == Errc{});
}

TEST_CASE_FIXTURE(Fixture, "root: one that has expired is still a step to the next") {
    downstream::Root next = root(2);
    next.expires_ms = 1;
    CHECK(refusal(root_file(next)) == Errc{});
}

TEST_CASE_FIXTURE(Fixture, "root: a role that one person could fill is refused") {
    const auto code = [&](const downstream::Root& root) {
        const std::string text = downstream::write_root(root);
        return downstream::parse_root(base::as_bytes(text)).has_value();
    };
    CHECK(code(first));
    downstream::Root root = first;
    SUBCASE("threshold one") {
        root.root.threshold = 1;
    }
    SUBCASE("threshold nought") {
        root.manifest.threshold = 0;
    }
    SUBCASE("threshold above the keys") {
        root.manifest.threshold = 4;
    }
    SUBCASE("one key twice") {
        root.root.keys[1] = root.root.keys[0];
    }
    SUBCASE("no keys") {
        root.manifest.keys.clear();
    }
    SUBCASE("version nought") {
        root.version = 0;
    }
    SUBCASE("too many keys") {
        root.root = role_of(make_keys(limits::role_keys_max + 1), downstream::role_root);
    }
    CHECK_FALSE(code(root));
}

TEST_CASE_FIXTURE(Fixture, "attack: a root that does not end is not read to its end") {
    std::string file = root_file(first);
    file.insert(file.size() - 1, std::string(limits::root_file_bytes_max, ' '));
    const auto opened = downstream::open_root(file);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == Errc::manifest_bad);
}

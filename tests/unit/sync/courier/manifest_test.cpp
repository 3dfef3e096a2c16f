// SPDX-License-Identifier: EUPL-1.2
// Both manifests: written and read, and each single thing in them that can be wrong.
#include "sync/courier/manifest.hpp"

#include <doctest/doctest.h>

#include <string>

#include "drivers/base/limits_courier.hpp"

using courier::FileKind;
using courier::InManifest;
using courier::OutManifest;

namespace {

OutManifest out_manifest() {
    OutManifest manifest;
    manifest.terminal = *base::parse_uuid("0190a0b0-0000-7000-8000-000000000001");
    manifest.epoch = 2;
    manifest.from = 5;
    manifest.to = 61;
    manifest.head = "aGVhZA.aGVhZA.aGVhZA";
    manifest.events_after = 17;
    manifest.log_size = 4'000;
    manifest.files = {courier::describe({FileKind::advance, 1}, "withdrawal"),
                      courier::describe({FileKind::batch, 1}, "fifty records"),
                      courier::describe({FileKind::batch, 2}, "")};
    return manifest;
}

InManifest in_manifest() {
    InManifest manifest;
    manifest.terminal = out_manifest().terminal;
    manifest.files = {courier::describe({FileKind::batch_receipts, 1}, "receipts"),
                      courier::describe({FileKind::growth, 1}, "growth")};
    manifest.refused = {{{FileKind::batch, 2}, 409, "gap"}};
    return manifest;
}

/// The text with one part exchanged; the part must be there.
std::string with(std::string text, std::string_view part, std::string_view other) {
    const auto at = text.find(part);
    REQUIRE(at != std::string::npos);
    return text.replace(at, part.size(), other);
}

bool out_ok(const std::string& text) {
    const auto parsed = courier::parse_out_manifest(text);
    if (!parsed) CHECK(parsed.error().code == base::Errc::stick_bad);
    return parsed.has_value();
}

bool in_ok(const std::string& text) {
    const auto parsed = courier::parse_in_manifest(text);
    if (!parsed) CHECK(parsed.error().code == base::Errc::stick_bad);
    return parsed.has_value();
}

}  // namespace

TEST_CASE("courier manifest: both are read back as they were written") {
    CHECK(*courier::parse_out_manifest(courier::encode(out_manifest())) == out_manifest());
    CHECK(*courier::parse_in_manifest(courier::encode(in_manifest())) == in_manifest());
    OutManifest empty;
    empty.terminal = out_manifest().terminal;
    CHECK(*courier::parse_out_manifest(courier::encode(empty)) == empty);
}

TEST_CASE("courier manifest: digests have the form of RFC 9530") {
    // The example of RFC 9530 appendix B.1: the SHA-256 of this text in base64.
    OutManifest manifest = out_manifest();
    manifest.files = {courier::describe({FileKind::batch, 1}, "{\"hello\": \"world\"}\n")};
    CHECK(courier::encode(manifest).find(
              "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:") != std::string::npos);
}

TEST_CASE("courier manifest: a text that breaks one rule is refused") {
    const std::string good = courier::encode(out_manifest());
    REQUIRE(out_ok(good));
    CHECK_FALSE(out_ok(""));
    CHECK_FALSE(out_ok("[]"));
    CHECK_FALSE(out_ok("null"));
    CHECK_FALSE(out_ok(good + " x"));
    CHECK_FALSE(out_ok(good.substr(0, good.size() - 1)));
    CHECK_FALSE(out_ok(std::string(limits::courier_manifest_bytes_max + 1, ' ')));
    CHECK_FALSE(out_ok(with(good, "courier-out-1", "courier-out-2")));
    CHECK_FALSE(out_ok(with(good, "courier-out-1", "courier-in-1")));
    CHECK_FALSE(out_ok(with(good, "\"epoch\":2", "\"epoch\":0")));
    CHECK_FALSE(out_ok(with(good, "\"from\":5", "\"from\":0")));
    CHECK_FALSE(out_ok(with(good, "\"from\":5", "\"from\":62")));
    CHECK_FALSE(out_ok(with(good, "\"from\":5", "\"from\":-5")));
    CHECK_FALSE(out_ok(with(good, "\"events_after\":17", "\"events_after\":1e3")));
    CHECK_FALSE(out_ok(with(good, "\"log_size\":4000", "\"log_size\":18446744073709551615")));
    CHECK_FALSE(out_ok(with(good, "\"head\":\"aGVhZA.aGVhZA.aGVhZA\"", "\"head\":\"\"")));
    CHECK_FALSE(out_ok(with(good, "{\"schema\"", "{\"more\":1,\"schema\"")));
    CHECK_FALSE(out_ok(with(good, "\"epoch\":2", "\"epoch\":2,\"epoch\":2")));
    CHECK_FALSE(out_ok(with(good, "batch-0001.json", "../../etc/passwd")));
    CHECK_FALSE(out_ok(with(good, "batch-0001.json", "growth.json")));
    CHECK_FALSE(out_ok(with(good, "batch-0001.json", "batch-0002.json")));  // twice
    CHECK_FALSE(out_ok(with(good, "batch-0001.json", "batch-0003.json")));  // not ascending
    CHECK_FALSE(out_ok(with(good, "\"bytes\":10", "\"bytes\":99999999999")));
    CHECK_FALSE(out_ok(with(good, "sha-256=:", "sha-512=:")));
    CHECK_FALSE(out_ok(with(good, "=:\"", ":\"")));
    CHECK_FALSE(out_ok(with(good, "sha-256=:", "sha-256=:A")));
}

TEST_CASE("courier manifest: the way in has files of its own, and refusals in two words") {
    const std::string good = courier::encode(in_manifest());
    REQUIRE(in_ok(good));
    CHECK_FALSE(in_ok(courier::encode(out_manifest())));
    CHECK_FALSE(in_ok(with(good, "growth.json", "batch-0001.json")));
    CHECK_FALSE(in_ok(with(good, "\"gap\"", "\"gap \\u001b[2J\"")));
    CHECK_FALSE(in_ok(with(good, "\"gap\"", "\"\"")));
    CHECK_FALSE(in_ok(with(good, "\"status\":409", "\"status\":600")));
}

TEST_CASE("courier manifest: as many files as there may be fit, one more does not") {
    OutManifest out = out_manifest();
    out.head = std::string(1'024, 'h');
    out.files.clear();
    InManifest in = in_manifest();
    in.files.clear();
    in.refused.clear();
    for (std::uint32_t n = 1; n <= limits::courier_files_max; ++n) {
        in.files.push_back(courier::describe({FileKind::advance_receipts, n}, "x"));
        in.files.back().bytes = limits::courier_file_bytes_max;
        if (n > limits::courier_bodies_max) continue;
        out.files.push_back(courier::describe({FileKind::batch, n}, "x"));
        out.files.back().bytes = limits::courier_file_bytes_max;
    }
    CHECK(courier::encode(out).size() <= limits::courier_manifest_bytes_max);
    CHECK(courier::encode(in).size() <= limits::courier_manifest_bytes_max);
    CHECK(out_ok(courier::encode(out)));
    CHECK(in_ok(courier::encode(in)));
    out.files.insert(out.files.begin(), courier::describe({FileKind::advance, 1}, "x"));
    CHECK_FALSE(out_ok(courier::encode(out)));
    in.files.push_back(courier::describe({FileKind::growth, 1}, "x"));
    CHECK_FALSE(in_ok(courier::encode(in)));
}

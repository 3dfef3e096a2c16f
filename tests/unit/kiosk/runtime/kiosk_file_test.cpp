// SPDX-License-Identifier: EUPL-1.2
// kiosk.json: where the keys are, said once and without a silent default.
#include "kiosk/runtime/kiosk_file.hpp"

#include <doctest/doctest.h>

#include <string>

using base::Errc;

namespace {

/// A kiosk.json with this further member.
base::Result<runtime::KioskFile> parse(const std::string& member) {
    return runtime::parse_kiosk_file(
        R"({"schema":"freigabe-kiosk-1","provider":"Amt",)"
        R"("card":{"certificates":["t.cvcert"],"sector":"s.pub","csca":["c.der"]})" +
        (member.empty() ? "" : "," + member) + "}");
}

}  // namespace

TEST_CASE("kiosk file: keys are files unless a token is named") {
    for (const char* member : {"", R"("keys":{"kind":"file"})"}) {
        CAPTURE(member);
        const auto file = parse(member);
        REQUIRE(file.has_value());
        CHECK(file->token.uri.empty());
        CHECK(file->token.module.empty());
    }
    const auto token = parse(
        R"("keys":{"kind":"pkcs11","uri":"pkcs11:token=a?pin-source=file:/p","module":"/m.so"})");
    REQUIRE(token.has_value());
    CHECK(token->token.uri == "pkcs11:token=a?pin-source=file:/p");
    CHECK(token->token.module == "/m.so");
    const auto configured = parse(R"("keys":{"kind":"pkcs11","uri":"pkcs11:token=a"})");
    REQUIRE(configured.has_value());
    CHECK(configured->token.module.empty());
}

TEST_CASE("kiosk file: a place of keys that is not said in full is refused") {
    for (const char* member :
         {R"("keys":{})", R"("keys":"file")", R"("keys":{"kind":""})", R"("keys":{"kind":"tpm"})",
          R"("keys":{"kind":"pkcs11"})", R"("keys":{"kind":"pkcs11","uri":""})",
          R"("keys":{"kind":"file","uri":"pkcs11:token=a"})",
          R"("keys":{"kind":"pkcs11","uri":"pkcs11:token=a","pin":"1"})",
          R"("keys":{"kind":"pkcs11","uri":"pkcs11:token=a","module":""})",
          R"("keys":{"kind":"pkcs11","uri":7})"}) {
        CAPTURE(member);
        const auto file = parse(member);
        REQUIRE_FALSE(file.has_value());
        CHECK(file.error().code == Errc::config_bad);
    }
}

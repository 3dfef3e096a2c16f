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

TEST_CASE("kiosk file: a device is a whole path, and there is none unless it is named") {
    CHECK(parse("")->slip_reader.empty());
    CHECK(parse("")->printer.empty());
    CHECK(parse(R"("printer":"/dev/usb/lp0")")->printer == "/dev/usb/lp0");
    CHECK_FALSE(parse(R"("printer":true)").has_value());
    CHECK(parse(R"("slip_reader":"/dev/ttyACM0")")->slip_reader == "/dev/ttyACM0");
    for (const char* member :
         {R"("slip_reader":"")", R"("slip_reader":"ttyACM0")", R"("slip_reader":true)"}) {
        CAPTURE(member);
        CHECK_FALSE(parse(member).has_value());
    }
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

namespace {

base::Result<runtime::KioskFile> parse_card(const std::string& card) {
    return runtime::parse_kiosk_file(R"({"schema":"freigabe-kiosk-1","provider":"Amt","card":{)" +
                                     card + "}}");
}

const std::string card_rest = R"("sector":"s.pub","csca":["c.der"])";
const std::string card_local = R"("certificates":["t.cvcert"],)" + card_rest;

}  // namespace

TEST_CASE("kiosk file: the terminal's key for cards is its own unless the signer is remote") {
    const auto local = parse_card(card_local);
    REQUIRE(local.has_value());
    CHECK(local->card.signer == runtime::SignerPlace::local);
    CHECK_FALSE(local->card.block_list.has_value());
    CHECK(parse_card(card_local + R"(,"signer":"local")").has_value());
    const auto remote = parse_card(card_rest + R"(,"signer":"remote")");
    REQUIRE(remote.has_value());
    CHECK(remote->card.signer == runtime::SignerPlace::remote);
    CHECK(remote->card.certificates.empty());
    // A key of one's own without a certificate is no use.
    CHECK_FALSE(parse_card(card_rest).has_value());
    for (const char* place : {R"("")", R"("server")", "true"}) {
        CHECK_FALSE(parse_card(card_local + R"(,"signer":)" + place).has_value());
    }
}

TEST_CASE("kiosk file: a block list is named with its sector and the age it may have") {
    const auto file =
        parse_card(card_local + R"(,"block_list":{"file":"b","sector":"r.pub","days_max":7})");
    REQUIRE(file.has_value());
    REQUIRE(file->card.block_list.has_value());
    CHECK(file->card.block_list->file == "b");
    CHECK(file->card.block_list->sector == "r.pub");
    CHECK(file->card.block_list->days_max == 7);
    for (const char* list : {R"({"file":"b","sector":"r.pub"})", R"({"file":"b","days_max":7})",
                             R"({"file":"b","sector":"r.pub","days_max":0})",
                             R"({"file":"b","sector":"r.pub","days_max":366})",
                             R"({"file":"b","sector":"r.pub","days_max":7,"x":1})", R"("b")"}) {
        CAPTURE(list);
        CHECK_FALSE(parse_card(card_local + R"(,"block_list":)" + list).has_value());
    }
}

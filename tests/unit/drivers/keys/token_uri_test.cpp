// SPDX-License-Identifier: EUPL-1.2
// URIs of tokens: what is taken, what is refused and why, and how the PIN is read.
#include "drivers/keys/token_uri.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <string>

#include "tests/unit/drivers/keys/test_token.hpp"

using base::Errc;
using keys::TokenUri;

namespace {

base::Error refusal(std::string uri, std::string module = {}) {
    const auto parsed = TokenUri::parse({std::move(uri), std::move(module)});
    REQUIRE_FALSE(parsed.has_value());
    return parsed.error();
}

}  // namespace

TEST_CASE("token uri: object, id and module are read from it") {
    const auto uri = TokenUri::parse(
        {"pkcs11:token=a%20b;object=journal;id=%01%FF;type=private?module-path=/m.so", ""});
    REQUIRE(uri.has_value());
    CHECK(uri->object() == "journal");
    CHECK(base::equal(uri->id(), base::Bytes{0x01, 0xFF}));
    CHECK(uri->module_path() == "/m.so");
    const auto plain = TokenUri::parse({"pkcs11:token=x?module-name=softhsm2", ""});
    REQUIRE(plain.has_value());
    CHECK(plain->object().empty());
    CHECK(plain->id().empty());
    CHECK(plain->module_path().empty());
    CHECK(plain->module_name() == "softhsm2");
    CHECK(TokenUri::parse({"pkcs11:token=x", "/m.so"})->module_path() == "/m.so");
}

TEST_CASE("token uri: what does not say one place safely is refused with its reason") {
    const auto where = [](const base::Error& error) {
        CHECK(error.code == Errc::config_bad);
        return std::string(error.where);
    };
    CHECK(where(refusal("pkcs11:token=x?pin-value=271828")) ==
          "token URI with pin-value: use pin-source");
    for (const char* uri : {"", "token=x", "file:/x", "pkcs11:token", "pkcs11:token=%4"}) {
        CAPTURE(uri);
        CHECK(where(refusal(uri)) == "token URI");
    }
    CHECK(where(refusal("pkcs11:tokem=x")) == "token URI attribute");
    CHECK(where(refusal("pkcs11:token=x;type=public")) == "token URI type");
    for (const char* source : {"pin", "file:pin", "file://host/pin", "|/bin/pin", "http:/pin"}) {
        CAPTURE(source);
        CHECK(where(refusal(std::string("pkcs11:token=x?pin-source=") + source)) ==
              "token URI pin-source");
    }
    CHECK(where(refusal("pkcs11:token=x?module-path=m.so")) == "token module path");
    CHECK(where(refusal("pkcs11:token=x", "m.so")) == "token module path");
    CHECK(where(refusal("pkcs11:token=x?module-path=/a.so", "/b.so")) == "token module path");
    CHECK(where(refusal("pkcs11:token=" + std::string(1'024, 'x'))) == "token URI size");
}

TEST_CASE("token uri: a token fits by label, serial and slot, each that is named") {
    CK_TOKEN_INFO token{};
    std::fill(std::begin(token.label), std::end(token.label), CK_UTF8CHAR{' '});
    std::copy_n("freigabe", 8, std::begin(token.label));
    std::fill(std::begin(token.serialNumber), std::end(token.serialNumber), CK_CHAR{' '});
    std::copy_n("42", 2, std::begin(token.serialNumber));
    CK_SLOT_INFO slot{};
    const auto fits = [&](const char* text) {
        const auto uri = TokenUri::parse({text, ""});
        REQUIRE(uri.has_value());
        return uri->matches(token) && uri->matches(CK_SLOT_ID{7}, slot);
    };
    CHECK(fits("pkcs11:"));
    CHECK(fits("pkcs11:token=freigabe"));
    CHECK(fits("pkcs11:token=freigabe;serial=42"));
    CHECK(fits("pkcs11:token=freigabe;slot-id=7"));
    CHECK_FALSE(fits("pkcs11:token=freigab"));
    CHECK_FALSE(fits("pkcs11:token=freigabe;serial=43"));
    CHECK_FALSE(fits("pkcs11:token=freigabe;slot-id=8"));
}

TEST_CASE("token uri: the PIN comes from a private file, of 1 to 64 characters, without line end") {
    keys_test::TestToken token;
    const auto pin = [&](std::string_view content) {
        token.write_pin(content);
        const auto uri = TokenUri::parse(token.place());
        REQUIRE(uri.has_value());
        return uri->read_pin();
    };
    for (const char* content : {"271828", "271828\n", "271828\r\n"}) {
        const auto read = pin(content);
        REQUIRE(read.has_value());
        CHECK(base::as_text(read->expose()) == "271828");
    }
    CHECK(base::as_text(pin("27 18\n\n")->expose()) == "27 18\n");
    CHECK(pin("1").has_value());
    CHECK(pin(std::string(64, '1') + "\r\n").has_value());
    CHECK(pin(std::string(65, '1')).error().code == Errc::config_bad);
    CHECK(pin(std::string(67, '1')).error().code == Errc::message_too_large);
    CHECK(pin("").error().code == Errc::config_bad);
    CHECK(pin("\r\n").error().code == Errc::config_bad);

    const auto uri = TokenUri::parse(token.place());
    REQUIRE(::chmod(token.pin_file().c_str(), 0640) == 0);
    CHECK(uri->read_pin().error().code == Errc::key_bad);
    std::filesystem::remove(token.pin_file());
    CHECK(uri->read_pin().error().code == Errc::file_io);
    const auto none = TokenUri::parse({"pkcs11:token=x", ""});
    CHECK(none->read_pin().error().code == Errc::config_bad);
}

// SPDX-License-Identifier: EUPL-1.2
// The certificate description byte by byte (TR-03110-3 C.3.1): explicit tags, addresses left out
// when there are none, lengths at their edges.
#include "drivers/pki/certificate_description.hpp"

#include <doctest/doctest.h>

#include "drivers/apdu/tlv.hpp"
#include "drivers/base/encoding.hpp"

namespace {

constexpr const char* plain_format = "060a04007f00070301030101";

pki::CertificateDescription with_terms(std::string terms) {
    return {"I", "", "S", "", std::move(terms)};
}

}  // namespace

TEST_CASE("description: without addresses it has three texts, each in its own explicit tag") {
    CHECK(base::to_hex(pki::encode(with_terms("T"))) ==
          std::string("301b") + plain_format + "a1030c0149" + "a3030c0153" + "a5030c0154");
}

TEST_CASE("description: addresses are printable strings between their names") {
    const pki::CertificateDescription description{"I", "http://i", "S", "http://s", "T"};
    CHECK(base::to_hex(pki::encode(description)) ==
          std::string("3033") + plain_format + "a1030c0149" + "a20a1308687474703a2f2f69" +
              "a3030c0153" + "a40a1308687474703a2f2f73" + "a5030c0154");
}

TEST_CASE("description: terms of every length come back whole, umlauts as UTF-8") {
    for (const std::size_t size : {0U, 1U, 127U, 128U, 255U, 256U, 4'000U}) {
        CAPTURE(size);
        const std::string terms(size, 'x');
        const auto der = pki::encode(with_terms(terms));
        const auto content = apdu::only(der, 0x30, apdu::Rules::der);
        REQUIRE(content.has_value());
        const auto outer = apdu::find(*content, 0xA5);
        REQUIRE(outer.has_value());
        const auto text = apdu::only(outer->value, 0x0C, apdu::Rules::der);
        REQUIRE(text.has_value());
        CHECK(base::as_text(*text) == terms);
    }
    const auto der = pki::encode(with_terms("ü"));
    CHECK(base::to_hex(base::ByteView(der).last(4)) == "0c02c3bc");
}

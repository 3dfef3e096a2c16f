// SPDX-License-Identifier: EUPL-1.2
// DER writing: the edges of length, integer, identifier and time coding (X.690, RFC 5280 4.1.2.5).
#include "drivers/pki/der.hpp"

#include <doctest/doctest.h>

#include "drivers/base/encoding.hpp"
#include "drivers/pki/pem.hpp"

using base::Bytes;

TEST_CASE("der: the length takes the shortest form at each edge") {
    struct Row {
        std::size_t size;
        const char* head;
    };
    for (const Row& row : {Row{0, "0400"}, Row{1, "0401"}, Row{0x7F, "047f"}, Row{0x80, "048180"},
                           Row{0xFF, "0481ff"}, Row{0x100, "04820100"}, Row{0xFFFF, "0482ffff"}}) {
        CAPTURE(row.size);
        const Bytes content(row.size, 0xAB);
        const Bytes coded = pki::tlv(0x04, {content});
        const std::size_t head = coded.size() - row.size;
        CHECK(base::to_hex(base::ByteView(coded).first(head)) == row.head);
    }
}

TEST_CASE("der: tags of one, two and three bytes stand as given") {
    CHECK(base::to_hex(pki::tlv(0x30, {})) == "3000");
    CHECK(base::to_hex(pki::tlv(0x7F49, {})) == "7f4900");
    CHECK(base::to_hex(pki::tlv(0x7F8149, {})) == "7f814900");
}

TEST_CASE("der: integers are never negative and carry no needless zero") {
    struct Row {
        const char* magnitude;
        const char* coded;
    };
    for (const Row& row :
         {Row{"", "020100"}, Row{"00", "020100"}, Row{"7f", "02017f"}, Row{"80", "02020080"},
          Row{"ff", "020200ff"}, Row{"0100", "02020100"}, Row{"0000ff", "020200ff"}}) {
        CAPTURE(row.magnitude);
        CHECK(base::to_hex(pki::integer(*base::from_hex(row.magnitude))) == row.coded);
    }
}

TEST_CASE("der: object identifiers with arcs above 127 and above 16383") {
    CHECK(base::to_hex(pki::oid("2.5.4.3")) == "0603550403");
    CHECK(base::to_hex(pki::oid("0.4.0.127.0.7.3.1.2.2")) == "060904007f000703010202");
    CHECK(base::to_hex(pki::oid("1.2.840.10045.4.3.2")) == "06082a8648ce3d040302");
    CHECK(base::to_hex(pki::oid("1.2.127")) == "06022a7f");
    CHECK(base::to_hex(pki::oid("1.2.128")) == "06032a8100");
    CHECK(base::to_hex(pki::oid("1.2.16383")) == "06032aff7f");
    CHECK(base::to_hex(pki::oid("1.2.16384")) == "06042a818000");
}

TEST_CASE("der: named bits lose their trailing zeros") {
    CHECK(base::to_hex(pki::named_bits(0x80)) == "03020780");
    CHECK(base::to_hex(pki::named_bits(0x06)) == "03020106");
    CHECK(base::to_hex(pki::named_bits(0x01)) == "03020001");
}

TEST_CASE("der: times change their form at the turn to 2050") {
    using namespace std::chrono;
    const auto second = [](sys_days day) { return sys_seconds{day}; };
    CHECK(base::as_text(pki::time(second(2049y / 12 / 31) + 23h + 59min + 59s)).substr(2) ==
          "491231235959Z");
    CHECK(base::as_text(pki::time(second(2050y / 1 / 1))).substr(2) == "20500101000000Z");
    CHECK(pki::time(second(2026y / 11 / 24))[0] == 0x17);
    CHECK(pki::time(second(2050y / 1 / 1))[0] == 0x18);
}

TEST_CASE("pem: lines of 64 characters, standard base64 with padding") {
    CHECK(pki::to_pem("X", Bytes{0xFB, 0xFF}) == "-----BEGIN X-----\n+/8=\n-----END X-----\n");
    const std::string text = pki::to_pem("X", Bytes(49, 0));
    CHECK(text == "-----BEGIN X-----\n" + std::string(64, 'A') + "\nAA==\n-----END X-----\n");
    CHECK(pki::to_pem("X", Bytes(48, 0)) ==
          "-----BEGIN X-----\n" + std::string(64, 'A') + "\n-----END X-----\n");
}

// SPDX-License-Identifier: EUPL-1.2
// Data groups as TR-03110-4 2.2.3.1 defines them: every type once right, and every way to be wrong
// refused.
#include "drivers/eid/data_groups.hpp"

#include "drivers/apdu/tlv.hpp"
#include "tests/fakes/vector_file.hpp"

#include <doctest/doctest.h>

using eid::DataGroup;
using fakes::hex;

namespace {

base::Bytes file(DataGroup group, base::ByteView content) {
    return apdu::tlv(0x60 + static_cast<apdu::Tag>(group), content);
}

base::Bytes file(DataGroup group, apdu::Tag type, std::string_view text) {
    return file(group, apdu::tlv(type, base::as_bytes(text)));
}

template <class T>
T value(DataGroup group, const base::Bytes& bytes) {
    const auto decoded = eid::decode_data_group(group, bytes);
    REQUIRE(decoded.has_value());
    REQUIRE(std::holds_alternative<T>(*decoded));
    return std::get<T>(*decoded);
}

bool refused(DataGroup group, const base::Bytes& bytes) {
    const auto decoded = eid::decode_data_group(group, bytes);
    return !decoded && decoded.error().code == base::Errc::data_group_bad;
}

}  // namespace

TEST_CASE("data groups: texts keep what stands on the card, in UTF-8") {
    CHECK(value<eid::Text>(DataGroup::family_names, file(DataGroup::family_names, 0x0C, "GROẞ"))
              .value == "GROẞ");
    CHECK(value<eid::Text>(DataGroup::given_names, file(DataGroup::given_names, 0x0C, ""))
              .value.empty());
    CHECK(value<eid::Text>(DataGroup::document_type, file(DataGroup::document_type, 0x13, "UB"))
              .value == "UB");
    CHECK(value<eid::Text>(DataGroup::nationality, file(DataGroup::nationality, 0x13, "D")).value ==
          "D");
    CHECK(value<eid::Text>(DataGroup::sex, file(DataGroup::sex, 0x13, " ")).value == " ");
    CHECK(value<eid::Text>(DataGroup::email_address, file(DataGroup::email_address, 0x16, "a@b.de"))
              .value == "a@b.de");
    CHECK(value<eid::Text>(DataGroup::phone_number,
                           file(DataGroup::phone_number, 0x13, "tel:+49-30-1"))
              .value == "tel:+49-30-1");
}

TEST_CASE("data groups: other tags, types and characters are refused") {
    CHECK(refused(DataGroup::given_names, file(DataGroup::family_names, 0x0C, "A")));
    CHECK(refused(DataGroup::given_names, file(DataGroup::given_names, 0x13, "A")));
    CHECK(refused(DataGroup::given_names, file(DataGroup::given_names, hex("0C02C3"))));
    CHECK(refused(DataGroup::given_names, file(DataGroup::given_names, hex("0C02C328"))));
    CHECK(refused(DataGroup::given_names, file(DataGroup::given_names, hex("0C0141FF"))));
    CHECK(refused(DataGroup::given_names, hex("6400")));
    CHECK(refused(DataGroup::given_names, hex("64030C014141")));
    CHECK(refused(DataGroup::given_names, {}));
    for (const char* type : {"", "I", "XYZ"}) {
        CHECK(refused(DataGroup::document_type, file(DataGroup::document_type, 0x13, type)));
    }
    for (const auto group : {DataGroup::nationality, DataGroup::issuing_state}) {
        for (const char* country : {"", "DE", "DEUT", "d"}) {
            CHECK(refused(group, file(group, 0x13, country)));
        }
        CHECK_FALSE(refused(group, file(group, 0x13, "SYR")));
    }
    CHECK(refused(DataGroup::document_type, file(DataGroup::document_type, 0x13, "id")));
    CHECK(refused(DataGroup::nationality, file(DataGroup::nationality, 0x13, "")));
    CHECK(refused(DataGroup::sex, file(DataGroup::sex, 0x13, "X")));
    CHECK(refused(DataGroup::email_address, file(DataGroup::email_address, 0x16, "a b")));
    CHECK(
        refused(DataGroup::family_names, file(DataGroup::family_names, base::Bytes(5'000, 0x41))));
}

TEST_CASE("data groups: dates are whole, or blank from the right") {
    const auto birth = [](std::string_view text) {
        return file(DataGroup::date_of_birth, 0x12, text);
    };
    struct Row {
        const char* card;
        const char* text;
    };
    for (const Row& row : {Row{"19640812", "1964-08-12"}, Row{"196408  ", "1964-08-  "},
                           Row{"1964    ", "1964-  -  "}, Row{"        ", "    -  -  "},
                           Row{"20000229", "2000-02-29"}}) {
        CHECK(value<eid::PartialDate>(DataGroup::date_of_birth, birth(row.card)).text() ==
              row.text);
    }
    for (const char* bad : {"", "1964081", "196408120", "1964  12", "19641301", "19640230",
                            "19000229", "    0812", "1964081 ", "19640 12", "abcd0812"}) {
        CAPTURE(bad);
        CHECK(refused(DataGroup::date_of_birth, birth(bad)));
    }
    CHECK(refused(DataGroup::date_of_expiry, file(DataGroup::date_of_expiry, 0x12, "2031    ")));
    const auto year = value<eid::PartialDate>(DataGroup::date_of_birth, birth("2009    "));
    CHECK(eid::compact_text(*year.latest()) == "20091231");
    const auto month = value<eid::PartialDate>(DataGroup::date_of_birth, birth("200802  "));
    CHECK(eid::compact_text(*month.latest()) == "20080229");
    CHECK_FALSE(
        value<eid::PartialDate>(DataGroup::date_of_birth, birth("        ")).latest().has_value());
}

TEST_CASE("data groups: places are structured, one line, none, or several") {
    const base::Bytes structured =
        apdu::tlv(0x30, {apdu::tlv(0xAA, {apdu::tlv(0x0C, base::as_bytes("WEG 1"))}),
                         apdu::tlv(0xAB, {apdu::tlv(0x0C, base::as_bytes("KÖLN"))}),
                         apdu::tlv(0xAD, {apdu::tlv(0x13, base::as_bytes("D"))}),
                         apdu::tlv(0xAE, {apdu::tlv(0x13, base::as_bytes("51147"))})});
    const auto residence = DataGroup::place_of_residence;
    const eid::StructuredPlace home{"WEG 1", "KÖLN", "", "D", "51147"};
    CHECK(value<eid::Places>(residence, file(residence, structured)).places ==
          std::vector<eid::Place>{home});
    const base::Bytes none = apdu::tlv(0xA2, {apdu::tlv(0x0C, base::as_bytes("keine"))});
    CHECK(value<eid::Places>(residence, file(residence, none)).places ==
          std::vector<eid::Place>{eid::NoPlace{"keine"}});
    const base::Bytes both = apdu::tlv(0x31, {structured, none});
    CHECK(value<eid::Places>(residence, file(residence, both)).places.size() == 2);
    CHECK(refused(DataGroup::place_of_birth, file(DataGroup::place_of_birth, both)));
    const base::Bytes line = apdu::tlv(0xA1, {apdu::tlv(0x0C, base::as_bytes("BERLIN"))});
    CHECK(value<eid::Places>(DataGroup::place_of_birth, file(DataGroup::place_of_birth, line))
              .places == std::vector<eid::Place>{eid::FreeTextPlace{"BERLIN"}});
    // Who issued the document may be a state or a place, and that a structured one.
    const auto issuer = DataGroup::issuing_state;
    CHECK(value<eid::Places>(issuer, file(issuer, structured)).places ==
          std::vector<eid::Place>{home});
    CHECK(refused(issuer, file(issuer, line)));
    // City and country are not optional; a foreign order is another structure.
    const base::Bytes city = apdu::tlv(0xAB, {apdu::tlv(0x0C, base::as_bytes("KÖLN"))});
    const base::Bytes country = apdu::tlv(0xAD, {apdu::tlv(0x13, base::as_bytes("D"))});
    CHECK_FALSE(refused(residence, file(residence, apdu::tlv(0x30, {city, country}))));
    CHECK(refused(residence, file(residence, apdu::tlv(0x30, base::ByteView(city)))));
    CHECK(refused(residence, file(residence, apdu::tlv(0x30, base::ByteView(country)))));
    CHECK(refused(residence, file(residence, apdu::tlv(0x30, {country, city}))));
    CHECK(refused(residence, file(residence, hex("3000"))));
    CHECK(refused(residence, file(residence, hex("A300"))));
    CHECK(refused(residence, file(residence, {})));
}

TEST_CASE("data groups: bytes by definition stay bytes") {
    CHECK(value<eid::RawValue>(DataGroup::municipality_id,
                               file(DataGroup::municipality_id, hex("040702761100000000")))
              .bytes == hex("02761100000000"));
    CHECK(value<eid::RawValue>(DataGroup::written_signature,
                               file(DataGroup::written_signature, hex("04020C41")))
              .bytes == hex("0C41"));
    CHECK(refused(DataGroup::written_signature, file(DataGroup::written_signature, hex("0C0141"))));
    CHECK(value<eid::RawValue>(DataGroup::reserved, file(DataGroup::reserved, hex("3100"))).bytes ==
          hex("3100"));
}

TEST_CASE("data groups: permits are texts, plain or compressed, with a bound on what they hide") {
    const auto permit = DataGroup::residence_permit_1;
    const base::Bytes choice = apdu::tlv(0xA1, {apdu::tlv(0x0C, base::as_bytes("Titel"))});
    CHECK(value<eid::Text>(permit, file(permit, choice)).value == "Titel");
    const auto compressed = [&](base::ByteView stream) {
        return file(permit, apdu::tlv(0xA2, {apdu::tlv(0x04, stream)}));
    };
    // RFC 1951 3.2.4 by hand: one stored block, final, of five bytes.
    CHECK(value<eid::Text>(permit, compressed(hex("010500FAFF546974656C"))).value == "Titel");
    // "Erwerbstätigkeit gestattet" as `zlib.compressobj(9, DEFLATED, -15)` of Python makes it.
    CHECK(value<eid::Text>(
              permit, compressed(hex("732D2A4F2D4A2A2E39BCA424333D3B35B344213DB5B824B1A424B50400")))
              .value == "Erwerbstätigkeit gestattet");
    CHECK(value<eid::Text>(permit, compressed(hex("010000FFFF"))).value.empty());
    CHECK(refused(permit, compressed(hex("78"))));
    CHECK(refused(permit, compressed({})));
    CHECK(refused(permit, compressed(hex("010500FAFF54697465"))));      // cut
    CHECK(refused(permit, compressed(hex("010500FAFF546974656C00"))));  // something behind it
    CHECK(refused(permit, compressed(hex("000500FAFF546974656C"))));    // no last block
    CHECK(refused(permit, compressed(hex("010100FEFFFF"))));            // no UTF-8
    CHECK(refused(permit, file(permit, hex("A2030C0178"))));
    CHECK(refused(permit, file(permit, hex("A300"))));
}

TEST_CASE("data groups: a small stream that grows without end is refused") {
    // 65,537 and 65,536 times "A", compressed by Python's zlib.
    const auto permit = DataGroup::residence_permit_2;
    const auto bomb =
        hex("EDC18100000000C320B6F94BFD205501000000000000000000000000000000000000000000000000"
            "0000000000000000000000000000000000000000000000000000000000000000000000000000C00D");
    CHECK(refused(permit, file(permit, apdu::tlv(0xA2, {apdu::tlv(0x04, bomb)}))));
    const auto most =
        hex("EDC181000000008020B6FDA516A90A00000000000000000000000000000000000000000000000000"
            "00000000000000000000000000000000000000000000000000000000000000000000000000006A");
    CHECK(value<eid::Text>(permit, file(permit, apdu::tlv(0xA2, {apdu::tlv(0x04, most)})))
              .value.size() == 65'536);
}

TEST_CASE("data groups: optional data keeps its types apart and its values whole") {
    const auto group = DataGroup::optional_data;
    CHECK(value<eid::OptionalData>(group, file(group, hex("3100"))).items.empty());
    const auto two = value<eid::OptionalData>(
        group, file(group, hex("3115300806022A030C02414230040602290B3003060128")));
    REQUIRE(two.items.size() == 3);
    CHECK(two.items[0] == eid::OptionalDatum{hex("2A03"), hex("0C024142")});
    CHECK(two.items[1] == eid::OptionalDatum{hex("290B"), {}});
    CHECK(two.items[2] == eid::OptionalDatum{hex("28"), {}});
    CHECK(refused(group, file(group, hex("3000"))));
    CHECK(refused(group, file(group, hex("31023000"))));                // no type
    CHECK(refused(group, file(group, hex("310630040C024142"))));        // a type that is none
    CHECK(refused(group, file(group, hex("310430020600"))));            // empty identifier
    CHECK(refused(group, file(group, hex("31083006060128050005"))));    // value cut
    CHECK(refused(group, file(group, hex("3109300706012805000500"))));  // two values
    CHECK(refused(group, file(group, {})));
}

TEST_CASE("utf8: only the one shortest form of a printable character counts") {
    for (const char* good : {"", "41", "C3A4", "E1BA9E", "F09F9880", "EFBFBD"}) {
        CHECK(eid::is_clean_utf8(hex(good)));
    }
    for (const char* bad :
         {"80", "C0AF", "C1BF", "E08080", "E09FBF", "EDA080", "F0808080", "F48FBFC0", "F4908080",
          "F5808080", "C3", "E1BA", "F09F98", "00", "0A", "7F", "C285"}) {
        CAPTURE(bad);
        CHECK_FALSE(eid::is_clean_utf8(hex(bad)));
    }
}

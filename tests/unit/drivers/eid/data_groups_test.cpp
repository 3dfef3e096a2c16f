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
    CHECK(refused(DataGroup::document_type, file(DataGroup::document_type, 0x13, "XYZ")));
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
    CHECK(refused(residence, file(residence, hex("3000"))));
    CHECK(refused(residence, file(residence, hex("A300"))));
    CHECK(refused(residence, file(residence, {})));
}

TEST_CASE("data groups: bytes by definition stay bytes, permits are texts") {
    CHECK(value<eid::RawValue>(DataGroup::municipality_id,
                               file(DataGroup::municipality_id, hex("040702761100000000")))
              .bytes == hex("02761100000000"));
    const auto permit = DataGroup::residence_permit_1;
    const base::Bytes choice = apdu::tlv(0xA1, {apdu::tlv(0x0C, base::as_bytes("Titel"))});
    CHECK(value<eid::Text>(permit, file(permit, choice)).value == "Titel");
    CHECK(value<eid::RawValue>(permit, file(permit, hex("A203040178"))).bytes == hex("78"));
    CHECK(
        value<eid::RawValue>(DataGroup::optional_data, file(DataGroup::optional_data, hex("3100")))
            .bytes == hex("3100"));
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

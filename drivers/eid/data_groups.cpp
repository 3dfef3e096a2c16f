// SPDX-License-Identifier: EUPL-1.2
#include "drivers/eid/data_groups.hpp"

#include <algorithm>
#include <utility>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/tlv.hpp"
#include "drivers/base/check.hpp"
#include "drivers/base/limits.hpp"
#include "drivers/eid/inflate.hpp"

namespace eid {
namespace {

constexpr apdu::Tag tag_octet_string = 0x04;
constexpr apdu::Tag tag_oid = 0x06;
constexpr apdu::Tag tag_utf8 = 0x0C;
constexpr apdu::Tag tag_numeric = 0x12;
constexpr apdu::Tag tag_printable = 0x13;
constexpr apdu::Tag tag_ia5 = 0x16;
constexpr apdu::Tag tag_sequence = 0x30;
constexpr apdu::Tag tag_set = 0x31;
constexpr apdu::Tag tag_context_1 = 0xA1;
constexpr apdu::Tag tag_context_2 = 0xA2;
constexpr std::size_t places_max = 8;
constexpr std::size_t optional_data_max = 32;

auto bad(const char* where) {
    return base::fail(base::Errc::data_group_bad, where);
}

base::Result<base::ByteView> only(base::ByteView bytes, apdu::Tag tag, const char* where) {
    const auto value = apdu::only(bytes, tag);
    if (!value) return bad(where);
    return *value;
}

base::Result<std::string> utf8(base::ByteView object) {
    TRY(value, only(object, tag_utf8, "utf8 string"));
    if (!is_clean_utf8(value)) return bad("utf8 characters");
    return std::string(base::as_text(value));
}

/// X.680 41.4: letters, digits, space and '()+,-./:=?.
bool is_printable(std::uint8_t c) {
    const bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    const bool digit = c >= '0' && c <= '9';
    return letter || digit ||
           std::string_view(" '()+,-./:=?").find(static_cast<char>(c)) != std::string_view::npos;
}

base::Result<std::string> printable(base::ByteView object) {
    TRY(value, only(object, tag_printable, "printable string"));
    if (!std::ranges::all_of(value, is_printable)) return bad("printable characters");
    return std::string(base::as_text(value));
}

/// ICAOString: capital letters and spaces only.
base::Result<std::string> icao(base::ByteView object) {
    TRY(text, printable(object));
    const bool letters =
        std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || c == ' '; });
    if (!letters) return bad("icao string");
    return std::move(text);
}

/// DocumentType: "ID", "AR", "UB" ...
base::Result<std::string> document_type(base::ByteView object) {
    TRY(text, icao(object));
    if (text.size() != 2) return bad("document type");
    return std::move(text);
}

/// ICAOCountry: three letters, or one ("D").
base::Result<std::string> country(base::ByteView object) {
    TRY(text, icao(object));
    if (text.size() != 1 && text.size() != 3) return bad("country");
    return std::move(text);
}

base::Result<GroupValue> as_text(base::Result<std::string> text) {
    if (!text) return tl::unexpected(text.error());
    return GroupValue(Text{std::move(*text)});
}

base::Result<GroupValue> date(base::ByteView object) {
    TRY(value, only(object, tag_numeric, "date"));
    const auto date = parse_partial_date(value);
    if (!date) return bad("date value");
    return GroupValue(*date);
}

/// A date of which all parts are known (expiry, issuance).
base::Result<GroupValue> whole_date(base::ByteView object) {
    TRY(value, date(object));
    if (!std::get<PartialDate>(value).day) return bad("date incomplete");
    return std::move(value);
}

/// An optional explicitly tagged field of Place.
template <class Read>
base::Result<std::string> field(apdu::TlvReader& reader, apdu::Tag tag, Read read) {
    const auto object = reader.take_if(tag);
    if (!object) return std::string();
    return read(object->value);
}

base::Result<Place> structured_place(base::ByteView content) {
    apdu::TlvReader reader(content);
    TRY(street, field(reader, 0xAA, utf8));
    const auto city = reader.take_if(0xAB);
    if (!city) return bad("place without city");
    TRY(city_text, utf8(city->value));
    TRY(state, field(reader, 0xAC, utf8));
    const auto country_object = reader.take_if(0xAD);
    if (!country_object) return bad("place without country");
    TRY(country_text, country(country_object->value));
    TRY(zip_code, field(reader, 0xAE, printable));
    if (!reader.at_end()) return bad("place trailing");
    return Place(StructuredPlace{std::move(street), std::move(city_text), std::move(state),
                                 std::move(country_text), std::move(zip_code)});
}

base::Result<Place> place(const apdu::Tlv& object) {
    if (object.tag == tag_sequence) return structured_place(object.value);
    if (object.tag == tag_context_1) {
        TRY(text, utf8(object.value));
        return Place(FreeTextPlace{std::move(text)});
    }
    if (object.tag == tag_context_2) {
        TRY(text, utf8(object.value));
        return Place(NoPlace{std::move(text)});
    }
    return bad("place kind");
}

enum class Several : std::uint8_t { no, yes };

base::Result<GroupValue> places(base::ByteView content, Several several) {
    apdu::TlvReader outer(content);
    const auto first = outer.next();
    if (!first || !outer.at_end()) return bad("place");
    Places out;
    if (first->tag != tag_set || several == Several::no) {
        TRY(one, place(*first));
        out.places.push_back(std::move(one));
        return GroupValue(std::move(out));
    }
    apdu::TlvReader reader(first->value);
    while (!reader.at_end()) {
        const auto object = reader.next();
        if (!object || out.places.size() == places_max) return bad("places");
        TRY(one, place(*object));
        out.places.push_back(std::move(one));
    }
    return GroupValue(std::move(out));
}

/// IssuingEntity ::= CHOICE { ICAOCountry, Place }.
base::Result<GroupValue> issuing_entity(base::ByteView content) {
    apdu::TlvReader reader(content);
    const auto object = reader.next();
    if (!object || !reader.at_end()) return bad("issuing entity");
    if (object->tag != tag_sequence) return as_text(country(content));
    TRY(one, structured_place(object->value));
    return GroupValue(Places{{std::move(one)}});
}

/// OptionalDataR ::= SET OF SEQUENCE { OBJECT IDENTIFIER, ANY OPTIONAL }.
base::Result<GroupValue> optional_data(base::ByteView content) {
    TRY(set, only(content, tag_set, "optional data"));
    OptionalData out;
    apdu::TlvReader reader(set);
    while (!reader.at_end()) {
        const auto item = reader.next();
        if (!item || item->tag != tag_sequence || out.items.size() == optional_data_max)
            return bad("optional data item");
        apdu::TlvReader parts(item->value);
        const auto type = parts.next();
        if (!type || type->tag != tag_oid || apdu::oid_text(type->value).empty())
            return bad("optional data type");
        const base::ByteView rest = parts.rest();
        if (!rest.empty() && (!parts.next() || !parts.at_end())) return bad("optional data value");
        out.items.push_back({base::Bytes(type->value.begin(), type->value.end()),
                             base::Bytes(rest.begin(), rest.end())});
    }
    return GroupValue(std::move(out));
}

/// Text ::= CHOICE { [1] UTF8String, [2] OCTET STRING with a DEFLATE-compressed UTF8String }.
base::Result<GroupValue> text_choice(base::ByteView content) {
    apdu::TlvReader reader(content);
    const auto object = reader.next();
    if (!object || !reader.at_end()) return bad("text");
    if (object->tag == tag_context_1) return as_text(utf8(object->value));
    if (object->tag == tag_context_2) {
        TRY(compressed, only(object->value, tag_octet_string, "compressed text"));
        TRY(text, inflate(compressed, limits::card_text_bytes_max));
        if (!is_clean_utf8(text)) return bad("compressed characters");
        return GroupValue(Text{std::string(base::as_text(text))});
    }
    return as_text(
        utf8(content));  // cards of the first years wrote the string without the choice's tag
}

base::Result<GroupValue> octets(base::ByteView content) {
    TRY(value, only(content, tag_octet_string, "octet string"));
    return GroupValue(RawValue{base::Bytes(value.begin(), value.end())});
}

base::Result<GroupValue> email(base::ByteView content) {
    TRY(value, only(content, tag_ia5, "ia5 string"));
    const auto graphic = [](std::uint8_t c) { return c > 0x20 && c < 0x7F; };
    if (!std::ranges::all_of(value, graphic)) return bad("ia5 characters");
    return GroupValue(Text{std::string(base::as_text(value))});
}

base::Result<GroupValue> sex(base::ByteView content) {
    TRY(text, printable(content));
    if (text != "M" && text != "F" && text != " ") return bad("sex");
    return GroupValue(Text{std::move(text)});
}

}  // namespace

base::Result<GroupValue> decode_data_group(DataGroup group, base::ByteView file) {
    const auto number = static_cast<unsigned>(group);
    CHECK(number >= 1 && number <= data_groups_max);
    if (file.size() > limits::data_group_bytes_max) return bad("group size");
    // [APPLICATION n], constructed.
    TRY(content, only(file, 0x60 + number, "group tag"));
    switch (group) {
        case DataGroup::document_type:
            return as_text(document_type(content));
        case DataGroup::issuing_state:
            return issuing_entity(content);
        case DataGroup::nationality:
            return as_text(country(content));
        case DataGroup::date_of_expiry:
        case DataGroup::date_of_issuance:
            return whole_date(content);
        case DataGroup::date_of_birth:
            return date(content);
        case DataGroup::given_names:
        case DataGroup::family_names:
        case DataGroup::artistic_name:
        case DataGroup::academic_title:
        case DataGroup::birth_name:
            return as_text(utf8(content));
        case DataGroup::place_of_birth:
            return places(content, Several::no);
        case DataGroup::place_of_residence:
            return places(content, Several::yes);
        case DataGroup::sex:
            return sex(content);
        case DataGroup::written_signature:
        case DataGroup::municipality_id:
            return octets(content);
        case DataGroup::residence_permit_1:
        case DataGroup::residence_permit_2:
            return text_choice(content);
        case DataGroup::phone_number:
            return as_text(printable(content));
        case DataGroup::email_address:
            return email(content);
        case DataGroup::optional_data:
            return optional_data(content);
        case DataGroup::reserved:
            return GroupValue(RawValue{base::Bytes(content.begin(), content.end())});
    }
    CHECK(false);
    return bad("group");
}

bool is_clean_utf8(base::ByteView bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::uint8_t first = bytes[at];
        std::size_t more = 0;
        std::uint32_t least = 0;
        if (first < 0x80) {
            if (first < 0x20 || first == 0x7F) return false;
        } else if ((first & 0xE0U) == 0xC0) {
            more = 1, least = 0x80;
        } else if ((first & 0xF0U) == 0xE0) {
            more = 2, least = 0x800;
        } else if ((first & 0xF8U) == 0xF0) {
            more = 3, least = 0x10000;
        } else {
            return false;
        }
        if (at + more >= bytes.size() && more > 0) return false;
        std::uint32_t point = more == 0 ? first : first & (0x3FU >> more);
        for (std::size_t i = 1; i <= more; ++i) {
            if ((bytes[at + i] & 0xC0U) != 0x80) return false;
            point = point << 6U | (bytes[at + i] & 0x3FU);
        }
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        const bool control = point >= 0x80 && point < 0xA0;
        if (more > 0 && (point < least || point > 0x10FFFF || surrogate || control)) return false;
        at += more + 1;
    }
    return true;
}

}  // namespace eid

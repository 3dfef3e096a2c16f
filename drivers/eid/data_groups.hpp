// SPDX-License-Identifier: EUPL-1.2
// The data groups of the eID application as typed values. What does not follow the definition is
// refused with its bytes, never guessed. Pure, any thread.
// Norm: BSI TR-03110-4 version 2.21, 2.2.3.1 (definitions) and table 3 (identifiers); birth dates
// with blanks: TR-03127.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "drivers/base/bytes.hpp"
#include "drivers/base/result.hpp"
#include "drivers/eid/date.hpp"

namespace eid {

/// Numbers of TR-03110-4; the short file identifier is the same number.
enum class DataGroup : std::uint8_t {
    document_type = 1,
    issuing_state = 2,
    date_of_expiry = 3,
    given_names = 4,
    family_names = 5,
    artistic_name = 6,
    academic_title = 7,
    date_of_birth = 8,
    place_of_birth = 9,
    nationality = 10,
    sex = 11,
    optional_data = 12,
    birth_name = 13,
    written_signature = 14,
    date_of_issuance = 15,
    reserved = 16,
    place_of_residence = 17,
    municipality_id = 18,
    residence_permit_1 = 19,
    residence_permit_2 = 20,
    phone_number = 21,
    email_address = 22,
};
inline constexpr unsigned data_groups_max = 22;

/// Text as on the card: valid UTF-8, no control characters.
struct Text {
    std::string value;
    friend bool operator==(const Text&, const Text&) = default;
};
/// A structured address; absent parts are empty.
struct StructuredPlace {
    std::string street;
    std::string city;
    std::string state;
    std::string country;
    std::string zip_code;
    friend bool operator==(const StructuredPlace&, const StructuredPlace&) = default;
};
/// A place as one line.
struct FreeTextPlace {
    std::string text;
    friend bool operator==(const FreeTextPlace&, const FreeTextPlace&) = default;
};
/// There is no place; the text says why ("keine Hauptwohnung in Deutschland").
struct NoPlace {
    std::string text;
    friend bool operator==(const NoPlace&, const NoPlace&) = default;
};
using Place = std::variant<StructuredPlace, FreeTextPlace, NoPlace>;
/// One or several places (only the residence may be several).
struct Places {
    std::vector<Place> places;
    friend bool operator==(const Places&, const Places&) = default;
};
/// One item of DG12: what its type defines is left to whoever knows the type.
struct OptionalDatum {
    base::Bytes type;  ///< value bytes of an object identifier
    base::Bytes data;  ///< one whole TLV object, or empty
    friend bool operator==(const OptionalDatum&, const OptionalDatum&) = default;
};
struct OptionalData {
    std::vector<OptionalDatum> items;
    friend bool operator==(const OptionalData&, const OptionalData&) = default;
};
/// A group whose content is bytes by definition: municipality id, written signature (JPEG 2000),
/// and DG16, which is reserved.
struct RawValue {
    base::Bytes bytes;
    friend bool operator==(const RawValue&, const RawValue&) = default;
};
using GroupValue = std::variant<Text, PartialDate, Places, OptionalData, RawValue>;
using GroupValues = std::map<DataGroup, GroupValue>;

/// Decodes one data group as it was read, with its application tag.
/// A compressed text (DG19, DG20) is opened.
/// errors  data_group_bad: other tag, other type or size, invalid UTF-8 or characters, impossible
///         date, a missing part that the definition demands, trailing bytes, a text that grows
///         beyond limits::card_text_bytes_max.
base::Result<GroupValue> decode_data_group(DataGroup group, base::ByteView file);

/// True if the bytes are UTF-8 in its one shortest form, without control characters and surrogates.
[[nodiscard]] bool is_clean_utf8(base::ByteView bytes);

}  // namespace eid

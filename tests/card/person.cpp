// SPDX-License-Identifier: EUPL-1.2
// Reading a person file and encoding data groups: see person.hpp.
#include "tests/card/person.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "tests/card/tlv.hpp"

namespace card {
namespace {

using Json = nlohmann::json;

enum class Form { utf8, printable, date, birth_date, place, octets, text };

struct Field {
    std::string_view name;
    unsigned group;
    Form form;
};
// Data group n has tag 0x60 + n; 14 and 16 are not in use.
constexpr std::array<Field, 20> fields{{
    {"document_type", 1, Form::printable},  {"issuing_state", 2, Form::printable},
    {"expiry_date", 3, Form::date},         {"given_names", 4, Form::utf8},
    {"family_name", 5, Form::utf8},         {"religious_name", 6, Form::utf8},
    {"academic_title", 7, Form::utf8},      {"birth_date", 8, Form::birth_date},
    {"birth_place", 9, Form::place},        {"nationality", 10, Form::printable},
    {"sex", 11, Form::printable},           {"optional_data", 12, Form::text},
    {"birth_name", 13, Form::utf8},         {"issue_date", 15, Form::date},
    {"residence", 17, Form::place},         {"community_id", 18, Form::octets},
    {"residence_permit_1", 19, Form::text}, {"residence_permit_2", 20, Form::text},
    {"phone", 21, Form::printable},         {"email", 22, Form::printable},
}};

constexpr std::uint32_t tag_utf8 = 0x0C;
constexpr std::uint32_t tag_printable = 0x13;
constexpr std::uint32_t tag_numeric = 0x12;  // Date ::= NumericString (SIZE (8))

bool is_text_object(const Json& object) {
    return object.is_object() && std::all_of(object.begin(), object.end(),
                                             [](const Json& value) { return value.is_string(); });
}

// GeneralPlace: 30 { AA street | AB city | AC state | AD country | AE zip } | A1 free | A2 none.
std::optional<Bytes> encode_place(const Json& place) {
    if (!is_text_object(place) || place.empty()) return std::nullopt;
    if (place.contains("text") || place.contains("none")) {
        if (place.size() != 1) return std::nullopt;
        const std::string text = place.begin()->get<std::string>();
        return tlv(place.contains("text") ? 0xA1 : 0xA2, tlv_text(tag_utf8, text));
    }
    struct Part {
        const char* name;
        std::uint32_t tag;
        std::uint32_t string;
    };
    constexpr std::array<Part, 5> parts{{{"street", 0xAA, tag_utf8},
                                         {"city", 0xAB, tag_utf8},
                                         {"state", 0xAC, tag_utf8},
                                         {"country", 0xAD, tag_printable},
                                         {"zip", 0xAE, tag_printable}}};
    Bytes content;
    std::size_t used = 0;
    for (const Part& part : parts) {
        if (!place.contains(part.name)) continue;
        ++used;
        content = join(
            {content, tlv(part.tag, tlv_text(part.string, place[part.name].get<std::string>()))});
    }
    if (used != place.size()) return std::nullopt;
    return tlv(0x30, content);
}

std::optional<Bytes> encode_text_form(Form form, const std::string& text) {
    switch (form) {
        case Form::utf8:
            return tlv_text(tag_utf8, text);
        case Form::printable:
            return tlv_text(tag_printable, text);
        case Form::text:
            return tlv(0xA1, tlv_text(tag_utf8, text));
        case Form::date:
            if (!latest_possible(text) || text.find(' ') != std::string::npos) return std::nullopt;
            return tlv_text(tag_numeric, text);
        case Form::birth_date:
            if (!latest_possible(text)) return std::nullopt;
            return tlv_text(tag_numeric, text);
        case Form::octets: {
            const auto bytes = from_hex(text);
            return bytes ? std::optional(tlv(0x04, *bytes)) : std::nullopt;
        }
        case Form::place:
            break;
    }
    return std::nullopt;
}

std::optional<Bytes> encode_group(const Field& field, const Json& value) {
    const auto content = field.form == Form::place ? encode_place(value)
                         : value.is_string()
                             ? encode_text_form(field.form, value.get<std::string>())
                             : std::nullopt;
    if (!content) return std::nullopt;
    return tlv(0x60 + field.group, *content);
}

std::string text_or(const Json& object, const char* name, std::string fallback) {
    if (!object.contains(name) || !object[name].is_string()) return fallback;
    return object[name].get<std::string>();
}

bool all_digits(const std::string& text, std::size_t shortest, std::size_t longest) {
    return text.size() >= shortest && text.size() <= longest &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// "card": { pin, can, puk, pin_state, generation, signer_curve }, all optional.
std::string read_card(const Json& card, Person& person) {
    if (!is_text_object(card)) return "card must be an object of texts";
    constexpr std::array<std::string_view, 6> known{"pin",       "can",        "puk",
                                                    "pin_state", "generation", "signer_curve"};
    for (const auto& [name, value] : card.items()) {
        if (std::find(known.begin(), known.end(), name) == known.end()) return "card: " + name;
    }
    person.passwords.pin = text_or(card, "pin", "123456");
    person.passwords.can = text_or(card, "can", "500540");
    person.passwords.puk = text_or(card, "puk", "9876543210");
    if (!all_digits(person.passwords.pin, 5, 6)) return "card: pin has 5 or 6 digits";
    if (!all_digits(person.passwords.can, 6, 6)) return "card: can has 6 digits";
    if (!all_digits(person.passwords.puk, 10, 10)) return "card: puk has 10 digits";
    const auto state = parse_pin_state(text_or(card, "pin_state", "operational"));
    if (!state) return "card: unknown pin_state";
    enter(person.passwords, *state);
    const std::string generation = text_or(card, "generation", "plain");
    if (generation != "plain" && generation != "newer") return "card: unknown generation";
    if (generation == "newer") person.generation = Generation::newer;
    const std::string curve = text_or(card, "signer_curve", "named");
    if (curve != "named" && curve != "explicit") return "card: unknown signer_curve";
    if (curve == "explicit") person.signer_curve = CurveEncoding::explicit_parameters;
    return {};
}

std::string read_groups(const Json& all, Person& person) {
    for (const auto& [name, value] : all.items()) {
        if (name == "id" || name == "label" || name == "card") continue;
        const std::string& key = name;
        const auto field = std::find_if(fields.begin(), fields.end(),
                                        [&key](const Field& f) { return f.name == key; });
        if (field == fields.end()) return "unknown key " + name;
        const auto group = encode_group(*field, value);
        if (!group) return "bad value of " + name;
        person.groups[field->group] = *group;
    }
    person.verifiable.birth_date = text_or(all, "birth_date", "");
    person.verifiable.expiry_date = text_or(all, "expiry_date", "");
    person.verifiable.community_id = from_hex(text_or(all, "community_id", "")).value_or(Bytes{});
    return {};
}

}  // namespace

PersonOutcome parse_person(View json) {
    const Json all = Json::parse(json.begin(), json.end(), nullptr, false);
    if (!all.is_object()) return {std::nullopt, {"not a JSON object"}};
    Person person;
    person.id = text_or(all, "id", "");
    person.label = text_or(all, "label", person.id);
    if (person.id.empty()) return {std::nullopt, {"id is missing"}};
    std::string reason = read_card(all.contains("card") ? all["card"] : Json::object(), person);
    if (reason.empty()) reason = read_groups(all, person);
    if (!reason.empty()) return {std::nullopt, {reason}};
    return {std::move(person), {}};
}

PersonOutcome load_person(const std::string& path) {
    const auto content = read_file(path);
    if (!content) return {std::nullopt, {"cannot read the file"}};
    return parse_person(*content);
}

}  // namespace card

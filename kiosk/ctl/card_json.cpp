// SPDX-License-Identifier: EUPL-1.2
#include "kiosk/ctl/card_json.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "drivers/apdu/oid.hpp"
#include "drivers/apdu/status.hpp"
#include "drivers/base/encoding.hpp"
#include "drivers/base/handle.hpp"

namespace ctl {
namespace {

using nlohmann::ordered_json;

std::string hex_word(std::uint32_t value) {
    std::array<char, 16> text{};
    const int size =
        std::snprintf(text.data(), text.size(), value > 0xFFFF ? "%08X" : "%04X", value);
    return {text.data(), static_cast<std::size_t>(size)};
}

ordered_json place_to_json(const eid::Place& place) {
    return std::visit(
        base::Overloaded{[](const eid::StructuredPlace& p) {
                             ordered_json out;
                             const auto add = [&](const char* key, const std::string& value) {
                                 if (!value.empty()) out[key] = value;
                             };
                             add("street", p.street);
                             add("city", p.city);
                             add("state", p.state);
                             add("country", p.country);
                             add("zip_code", p.zip_code);
                             return out;
                         },
                         [](const eid::FreeTextPlace& p) { return ordered_json(p.text); },
                         [](const eid::NoPlace& p) {
                             return ordered_json({{"no_place", p.text}});
                         }},
        place);
}

ordered_json value_to_json(const eid::GroupValue& value) {
    return std::visit(
        base::Overloaded{[](const eid::Text& text) { return ordered_json(text.value); },
                         [](const eid::PartialDate& date) { return ordered_json(date.text()); },
                         [](const eid::Places& places) {
                             if (places.places.size() == 1) return place_to_json(places.places[0]);
                             ordered_json list = ordered_json::array();
                             for (const auto& place : places.places) {
                                 list.push_back(place_to_json(place));
                             }
                             return list;
                         },
                         [](const eid::OptionalData& data) {
                             ordered_json list = ordered_json::array();
                             for (const auto& item : data.items) {
                                 list.push_back({{"type", apdu::oid_text(item.type)},
                                                 {"hex", base::to_hex(item.data)}});
                             }
                             return list;
                         },
                         [](const eid::RawValue& raw) {
                             return ordered_json({{"hex", base::to_hex(raw.bytes)}});
                         }},
        value);
}

std::string group_name(eid::DataGroup group) {
    return "DG" + std::to_string(static_cast<unsigned>(group));
}

ordered_json checks_to_json(const eid::AuxiliaryResults& results) {
    ordered_json out = ordered_json::object();
    if (results.old_enough) out["age"] = *results.old_enough;
    if (results.still_valid) out["validity"] = *results.still_valid;
    if (results.in_community) out["community"] = *results.in_community;
    return out;
}

void add_error(ordered_json& out, const base::Error& error) {
    out["errc"] = base::name(error.code);
    out["number"] = static_cast<unsigned>(error.code);
    out["where"] = error.where;
    out["detail"] = hex_word(error.detail);
    if (error.detail >= 0x6000 && error.detail <= 0x9FFF)
        out["status_word"] = hex_word(error.detail);
    const auto status = static_cast<std::uint16_t>(error.detail);
    if (error.detail <= 0xFFFF && apdu::sw::is_counter(status)) {
        out["tries_left"] = apdu::sw::counter(status);
    }
}

ordered_json refused_to_json(const eid::RefusedGroup& refused) {
    ordered_json out = ordered_json::object();
    add_error(out, refused.error);
    if (!refused.content.empty()) out["hex"] = base::to_hex(refused.content);
    return out;
}

/// What was proven, and, as plainly, what was not.
ordered_json verification_to_json(const eid::AuthenticateResult& result) {
    base::Bytes rights;
    base::append_u64(rights, result.rights.bits);
    ordered_json out = {{"pace", "verified"}, {"terminal_auth", "accepted"}};
    if (result.passive_auth == eid::PassiveAuthLevel::verified) {
        out["passive_auth"] = "verified";
    } else {
        out["passive_auth"] = "no_trust_anchor";
        out["passive_auth_note"] =
            "the signature of EF.CardSecurity fits its own certificate; who issued that was not "
            "checked, because no --csca was given";
    }
    out["chip_auth"] = "verified";
    out["rights"] = base::to_hex(base::ByteView(rights).last(5));
    return out;
}

// As deep as the value that is written above.
// NOLINTNEXTLINE(misc-no-recursion)
void print_lines(const ordered_json& value, const std::string& name) {
    if (value.is_object()) {
        const std::string before = name.empty() ? "" : name + ".";
        for (const auto& [key, inner] : value.items()) print_lines(inner, before + key);
        return;
    }
    const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
    std::printf("%s: %s\n", name.c_str(), text.c_str());
}

}  // namespace

const char* name_of(eid::Step step) {
    switch (step) {
        case eid::Step::card_access:
            return "card_access";
        case eid::Step::pace:
            return "pace";
        case eid::Step::terminal_auth:
            return "terminal_auth";
        case eid::Step::passive_auth:
            return "passive_auth";
        case eid::Step::chip_auth:
            return "chip_auth";
        case eid::Step::auxiliary:
            return "auxiliary";
        case eid::Step::restricted_id:
            return "restricted_id";
        case eid::Step::data_groups:
            return "data_groups";
    }
    return "unknown";
}

ordered_json to_json(const eid::AuthenticateResult& result) {
    ordered_json out;
    out["ok"] = true;
    if (result.pseudonym) out["pseudonym"] = base::to_hex(result.pseudonym->get());
    if (result.block_list_id) out["block_list_id"] = base::to_hex(result.block_list_id->get());
    out["groups"] = ordered_json::object();
    for (const auto& [group, value] : result.groups)
        out["groups"][group_name(group)] = value_to_json(value);
    out["absent"] = ordered_json::array();
    for (const eid::DataGroup group : result.absent) out["absent"].push_back(group_name(group));
    out["refused"] = ordered_json::object();
    for (const eid::RefusedGroup& refused : result.refused) {
        out["refused"][group_name(refused.group)] = refused_to_json(refused);
    }
    out["auxiliary"] = checks_to_json(result.auxiliary);
    out["verification"] = verification_to_json(result);
    return out;
}

ordered_json to_json(const base::Error& error) {
    ordered_json out;
    out["ok"] = false;
    add_error(out, error);
    return out;
}

void add_trace(ordered_json& object, const Trace& trace) {
    const bool failed = !object.value("ok", false);
    if (failed && trace.last_step) object["step"] = name_of(*trace.last_step);
    object["apdus"] = trace.apdus;
    for (const eid::StepTime& time : trace.times) object["times_ms"][name_of(time.step)] = time.ms;
    object["total_ms"] = trace.total_ms;
}

ordered_json to_json(eid::PinState state) {
    ordered_json out;
    out["ok"] = true;
    switch (state) {
        case eid::PinState::blocked:
            out["pin_state"] = "blocked";
            break;
        case eid::PinState::suspended:
            out["pin_state"] = "suspended";
            break;
        case eid::PinState::two_tries:
            out["pin_state"] = "two_tries";
            break;
        case eid::PinState::three_tries:
            out["pin_state"] = "three_tries";
            break;
        case eid::PinState::deactivated:
            out["pin_state"] = "deactivated";
            return out;
    }
    out["tries_left"] = static_cast<unsigned>(state);
    return out;
}

void print(const ordered_json& object, bool as_json) {
    if (as_json) {
        std::printf("%s\n", object.dump(2).c_str());
    } else {
        print_lines(object, {});
    }
}

}  // namespace ctl

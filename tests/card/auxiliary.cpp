// SPDX-License-Identifier: EUPL-1.2
// Auxiliary data verification: see auxiliary.hpp.
#include "tests/card/auxiliary.hpp"

#include <algorithm>

#include "tests/card/oid.hpp"
#include "tests/card/tlv.hpp"

namespace card {
namespace {

bool is_date(std::string_view text) {
    return text.size() == 8 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// Everybody born on or before the given day passes.
bool old_enough(const Bytes& limit, const VerifiableData& data) {
    const auto born = latest_possible(data.birth_date);
    const std::string day = to_text(limit);
    return born && is_date(day) && *born <= day;
}

bool still_valid(const Bytes& reference, const VerifiableData& data) {
    const std::string day = to_text(reference);
    return is_date(day) && data.expiry_date >= day;
}

// The terminal may give fewer bytes than the card has: federal state, district, municipality.
bool lives_in(const Bytes& prefix, const VerifiableData& data) {
    return !prefix.empty() && prefix.size() <= data.community_id.size() &&
           std::equal(prefix.begin(), prefix.end(), data.community_id.begin());
}

}  // namespace

std::optional<std::string> latest_possible(std::string_view birth_date) {
    if (birth_date.size() != 8) return std::nullopt;
    std::string date(birth_date);
    if (date.substr(4, 2) == "  ") date.replace(4, 2, "12");
    // Day 31 sorts after every real day of any month, which is all that is needed here.
    if (date.substr(6, 2) == "  ") date.replace(6, 2, "31");
    if (!is_date(date)) return std::nullopt;
    return date;
}

StatusWord verify(const Command& command, const SecurityStatus& status,
                  const VerifiableData& data) {
    if (command.p1p2() != 0x8000) return sw::wrong_parameters;
    const auto object = parse_single(command.data, 0x06);
    if (!object) return sw::wrong_data;
    if (!status.terminal || !status.chip_authenticated) return sw::security_status;
    using Check = bool (*)(const Bytes&, const VerifiableData&);
    Check check = nullptr;
    if (same(object->value, oid::date_of_birth)) {
        if (!status.effective().has(right::age)) return sw::security_status;
        check = old_enough;
    } else if (same(object->value, oid::community_id)) {
        if (!status.effective().has(right::community)) return sw::security_status;
        check = lives_in;
    } else if (same(object->value, oid::date_of_expiry)) {
        check = still_valid;
    } else {
        return sw::reference_missing;
    }
    for (const AuxiliaryDatum& datum : status.terminal->auxiliary) {
        if (!same(datum.oid, object->value)) continue;
        return check(datum.value, data) ? sw::ok : sw::failed;
    }
    return sw::reference_missing;
}

}  // namespace card

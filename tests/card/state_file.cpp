// SPDX-License-Identifier: EUPL-1.2
// The cards' memory on disk: see state_file.hpp.
#include "tests/card/state_file.hpp"

#include <nlohmann/json.hpp>

namespace card {
namespace {

using Json = nlohmann::json;

Json read_all(const std::string& path) {
    const auto content = read_file(path);
    Json all =
        content ? Json::parse(content->begin(), content->end(), nullptr, false) : Json::object();
    return all.is_object() ? all : Json::object();
}

bool is_card(const Json& entry) {
    const auto has = [&entry](const char* name, auto predicate) {
        return entry.contains(name) && (entry[name].*predicate)();
    };
    using Is = bool (Json::*)() const noexcept;
    const Is text = &Json::is_string;
    const Is number = &Json::is_number_unsigned;
    const Is boolean = &Json::is_boolean;
    const Is array = &Json::is_array;
    return entry.is_object() && has("pin", text) && has("can", text) && has("pin_tries", number) &&
           has("puk_uses", number) && has("pin_active", boolean) && has("today", number) &&
           has("trust_points", array);
}

}  // namespace

bool StateFile::restore(Card& card) const {
    if (path_.empty()) return false;
    const Json all = read_all(path_);
    if (!all.contains(card.id()) || !is_card(all[card.id()])) return false;
    const Json& entry = all[card.id()];
    Passwords& passwords = card.passwords();
    passwords.pin = entry["pin"].get<std::string>();
    passwords.can = entry["can"].get<std::string>();
    passwords.pin_tries = entry["pin_tries"].get<unsigned>();
    passwords.puk_uses = entry["puk_uses"].get<unsigned>();
    passwords.pin_active = entry["pin_active"].get<bool>();
    for (const Json& point : entry["trust_points"]) {
        const auto encoded = from_hex(point.is_string() ? point.get<std::string>() : "");
        // One that does not parse is left out: the given trust points still stand.
        if (encoded) (void)card.trust_points().add_file(*encoded);
    }
    card.trust_points().advance(entry["today"].get<Date>());
    return true;
}

bool StateFile::store(Card& card) const {
    if (path_.empty()) return true;
    Json all = read_all(path_);
    Json points = Json::array();
    for (const TrustPoint& point : card.trust_points().all()) {
        points.push_back(to_hex(point.encoded));
    }
    const Passwords& passwords = card.passwords();
    all[card.id()] = {{"pin", passwords.pin},
                      {"can", passwords.can},
                      {"pin_tries", passwords.pin_tries},
                      {"puk_uses", passwords.puk_uses},
                      {"pin_active", passwords.pin_active},
                      {"today", card.trust_points().today()},
                      {"trust_points", points}};
    return write_file(path_, to_bytes(all.dump(2) + "\n"));
}

}  // namespace card

// SPDX-License-Identifier: EUPL-1.2
// The project's own catalogue as a value to break: every rule is tested by changing one thing in a
// file that keeps them all.
#pragma once

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "kiosk/consent/catalogue.hpp"
#include "kiosk/consent/catalogue_rules.hpp"

using Json = nlohmann::json;

inline std::string catalogue_text() {
    std::ifstream file(std::string(FREIGABE_SOURCE_DIR) + "/assets/catalogue/catalogue.json");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

inline Json catalogue_json() {
    return Json::parse(catalogue_text());
}

inline Json& by_id(Json& list, std::string_view id) {
    return *std::find_if(list.begin(), list.end(),
                         [&](const Json& each) { return each["id"] == id; });
}

inline Json& entry_of(Json& catalogue, std::string_view id) {
    return by_id(catalogue["entries"], id);
}

inline consent::Reading read_json(const Json& json) {
    const std::string text = json.dump();
    return consent::read(base::as_bytes(text));
}

inline consent::Catalogue load_json(const Json& json) {
    const std::string text = json.dump();
    auto loaded = consent::load(base::as_bytes(text));
    // A test that breaks the sample by accident should say so and not crash.
    return loaded ? *loaded : consent::Catalogue{};
}

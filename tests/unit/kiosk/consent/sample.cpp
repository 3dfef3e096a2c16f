// SPDX-License-Identifier: EUPL-1.2
// The project's own catalogue as a value to break, see sample.hpp.
#include "tests/unit/kiosk/consent/sample.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

std::string catalogue_text() {
    std::ifstream file(std::string(FREIGABE_SOURCE_DIR) + "/assets/catalogue/catalogue.json");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

Json catalogue_json() {
    return Json::parse(catalogue_text());
}

Json& by_id(Json& list, std::string_view id) {
    return *std::find_if(list.begin(), list.end(),
                         [&](const Json& each) { return each["id"] == id; });
}

Json& entry_of(Json& catalogue, std::string_view id) {
    return by_id(catalogue["entries"], id);
}

consent::Reading read_json(const Json& json) {
    const std::string text = json.dump();
    return consent::read(base::as_bytes(text));
}

consent::Catalogue load_json(const Json& json) {
    const std::string text = json.dump();
    auto loaded = consent::load(base::as_bytes(text));
    return loaded ? *loaded : consent::Catalogue{};
}

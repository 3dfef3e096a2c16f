// SPDX-License-Identifier: EUPL-1.2
// The project's own catalogue as a value to break: every rule is tested by changing one thing in a
// file that keeps them all.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "kiosk/consent/catalogue.hpp"
#include "kiosk/consent/catalogue_rules.hpp"

using Json = nlohmann::json;

/// The exact bytes of assets/catalogue/catalogue.json, and the same as values to change.
std::string catalogue_text();
Json catalogue_json();
/// The object with this id in a list; the list must have it.
Json& by_id(Json& list, std::string_view id);
Json& entry_of(Json& catalogue, std::string_view id);
consent::Reading read_json(const Json& json);
/// An empty catalogue if a rule is broken: the test then says so at its next question.
consent::Catalogue load_json(const Json& json);

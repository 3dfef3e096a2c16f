// SPDX-License-Identifier: EUPL-1.2
// What `freigabectl card` prints: JSON for programs, lines for people. Personal data leave here on
// purpose, to the technician's own screen and nowhere else.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "drivers/base/result.hpp"
#include "drivers/eid/authenticate.hpp"

namespace ctl {

[[nodiscard]] nlohmann::ordered_json to_json(const eid::AuthenticateResult& result);
/// {"ok":false,"errc","number","where","detail","status_word"?,"tries_left"?,"apdus"}
[[nodiscard]] nlohmann::ordered_json to_json(const base::Error& error, unsigned apdus);
[[nodiscard]] nlohmann::ordered_json to_json(eid::PinState state);
[[nodiscard]] const char* name_of(eid::Step step);

/// Prints the object: as JSON, or flattened to `name: value` lines.
void print(const nlohmann::ordered_json& object, bool as_json);

}  // namespace ctl

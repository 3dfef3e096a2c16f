// SPDX-License-Identifier: EUPL-1.2
// What `freigabectl card` prints: JSON for programs, lines for people. Personal data leave here on
// purpose, to the technician's own screen and nowhere else.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "drivers/base/result.hpp"
#include "drivers/eid/authenticate.hpp"

namespace ctl {

/// What there is to tell of a contact besides its outcome.
struct Trace {
    unsigned apdus = 0;
    std::uint64_t total_ms = 0;
    std::optional<eid::Step> last_step;  ///< of a read
    std::vector<eid::StepTime> times;
};

/// {"ok":true, "pseudonym"?, "block_list_id"?, "groups", "absent", "refused", "auxiliary",
/// "verification"}
[[nodiscard]] nlohmann::ordered_json to_json(const eid::AuthenticateResult& result);
/// {"ok":false,"errc","number","where","detail","status_word"?,"tries_left"?}
[[nodiscard]] nlohmann::ordered_json to_json(const base::Error& error);
[[nodiscard]] nlohmann::ordered_json to_json(eid::PinState state);
/// Adds "apdus", "total_ms" and, for a read, "times_ms"; after a failure also "step".
void add_trace(nlohmann::ordered_json& object, const Trace& trace);
[[nodiscard]] const char* name_of(eid::Step step);

/// Prints the object: as JSON, or flattened to `name: value` lines.
void print(const nlohmann::ordered_json& object, bool as_json);

}  // namespace ctl

// SPDX-License-Identifier: EUPL-1.2
// The judges: what must hold, seen from outside - from the ledger of what people were told, and
// from the backend's tables. Each violation bears the name of its invariant in sync.md. One thread.
#pragma once

#include <string>

#include "tests/sim/rule_model.hpp"
#include "tests/sim/world.hpp"

namespace sim {

/// Everything, after the world has healed.
void judge(World& world);

void judge_delivery(World& world);  ///< I1 I2 I4 I5 I6 I7
void judge_chains(World& world);    ///< I3
void judge_rule(World& world);      ///< I8
void judge_claims(World& world);    ///< I9
void judge_order(World& world);     ///< I10
void judge_log(World& world);       ///< I12 I13
void judge_secrecy(World& world);   ///< I15
/// I8: this declaration may be used by this authority now.
void judge_usable(World& world, const std::string& declaration, const std::string& authority);

/// Where the log was begun anew: what an old backup lacks only a machine can bring again that still
/// has it, and one that has, or is, a copy may stand behind the other's chain.
[[nodiscard]] bool is_beyond_reach(World& world, std::size_t device);

/// All events that the backend has, with their places.
[[nodiscard]] std::vector<LoggedEvent> logged_events(Cluster& cluster);

}  // namespace sim
